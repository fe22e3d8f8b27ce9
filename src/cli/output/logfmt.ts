/** A key of a logfmt line: what would end it is replaced. */
export function logfmtKey(name: string): string {
  return name === '' ? '_' : name.replace(/[\s="\x00-\x1f\x7f-\x9f]/g, '_');
}

/** A value of a logfmt line, quoted as JSON where it has to be. */
export function logfmtValue(value: string): string {
  if (value !== '' && !/[\s="\\\x00-\x1f\x7f-\x9f]/.test(value)) return value;
  return escapeControls(JSON.stringify(value));
}

/** `JSON.stringify` leaves DEL and the C1 controls as they are; terminals obey some of them. */
export function escapeControls(json: string): string {
  return json.replace(/[\x7f-\x9f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}
