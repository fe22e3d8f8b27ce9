/** Counts the records of a request that are left out and remembers why the first one was. */
export class Rejections {
  /** Position of the record that is being decoded. */
  resource = 0;
  scope = 0;
  record = 0;
  count = 0;
  firstError: string | undefined;

  /** Counts the record at the present position. */
  add(reason: string): void {
    this.count++;
    this.firstError ??= `resourceLogs[${this.resource}].scopeLogs[${this.scope}].logRecords[${this.record}]: ` + reason;
  }
}
