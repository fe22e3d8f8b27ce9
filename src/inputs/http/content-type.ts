/** The media type of a header, in lower case and without parameters; empty when there is none. */
export function mediaType(header: string | undefined): string {
  if (header === undefined) return '';
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

/** A parameter of a media type, without quotes; undefined when it is not there. */
export function mediaTypeParameter(header: string | undefined, name: string): string | undefined {
  const [, ...parameters] = header?.split(';') ?? [];
  for (const parameter of parameters) {
    const [key = '', value = ''] = parameter.split('=', 2);
    if (key.trim().toLowerCase() === name) return value.trim().replaceAll('"', '');
  }
  return undefined;
}
