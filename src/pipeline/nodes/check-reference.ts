/** Reports when a node lacks the name of what it refers to, or when nothing has this name. */
export function checkReference(
  kind: string,
  name: string | undefined,
  exists: (name: string) => boolean,
  report: (key: string, message: string) => void,
): void {
  if (!name) report(kind, `must be the name of a ${kind}`);
  else if (!exists(name)) report(kind, `no ${kind} is called "${name}"`);
}
