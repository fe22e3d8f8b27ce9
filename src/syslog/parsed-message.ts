/** What was found in one message. One object is reused for all messages of a parser, so that parsing allocates only strings. */
export class ParsedMessage {
  /** True: the fields of RFC 5424; false: those of RFC 3164. */
  structured = false;
  priority = 0;
  /** RFC 3339, "" when RFC 5424 says NIL. */
  timestamp = '';
  hostname = '';
  /** `app_name` of RFC 5424, `tag` of RFC 3164. */
  program = '';
  procId = '';
  msgId = '';
  version = '';
  /** The raw bracketed text. */
  structuredData = '';
  /** `message` of RFC 5424, `content` of RFC 3164. */
  message = '';
  /** How many entries of the two lists below belong to this message. */
  parameterCount = 0;
  /** Field names `sd.<id>.<name>`. */
  readonly parameterNames: string[] = [];
  readonly parameterValues: string[] = [];
  /** Why a message, or a part of it, was kept as it came; "" when all of it was understood. */
  parseError = '';

  /** Empties all fields but PRI. */
  reset(): void {
    this.structured = false;
    this.timestamp = '';
    this.hostname = '';
    this.program = '';
    this.procId = '';
    this.msgId = '';
    this.version = '';
    this.structuredData = '';
    this.message = '';
    this.parameterCount = 0;
    this.parseError = '';
  }

  /** Adds a parameter of the structured data. */
  addParameter(name: string, value: string): void {
    const index = this.parameterCount++;
    this.parameterNames[index] = name;
    this.parameterValues[index] = value;
  }
}
