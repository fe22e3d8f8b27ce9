import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in package.json, which stands two folders above this one in the sources and in the built package. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  return 'unknown';
}
