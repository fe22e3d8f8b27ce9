const BOUNDARY = 'the-boundary';

/** A form with a file, as clients send it to restore a backup. */
export function uploadForm(
  file: Buffer | string,
  field = 'backup',
): { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> } {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="x.db"\r\n\r\n`;
  return {
    body: Buffer.concat([Buffer.from(head), Buffer.from(file), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
  };
}
