/** What is wrong with a document, with line and column; not an Error, so that it stays cheap. */
export class XmlSyntaxError {
  constructor(readonly message: string) {}
}
