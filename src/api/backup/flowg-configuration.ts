import { open, readFile } from 'node:fs/promises';
import { InflateLimitError, inflateWithin } from '../../inputs/http';
import type { ForeignItem, ItemKind } from '../../storage/config';
import { bodyTooLarge, validationError } from '../errors/api-error';
import { filesOfArchive } from './tar';

/** RFC 1952, section 2.3.1. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Where FlowG 0.30 kept its configuration: a folder for each kind, a file for each item. */
const FOLDERS: Readonly<Record<string, { kind: ItemKind; ending: string; encoding?: 'base64' }>> = {
  transformers: { kind: 'transformer', ending: '.vrl' },
  pipelines: { kind: 'pipeline', ending: '.json' },
  forwarders: { kind: 'forwarder', ending: '.json.b64', encoding: 'base64' },
};

/** The kinds of items that {@link readFlowgConfiguration} finds. */
export const FLOWG_KINDS: readonly ItemKind[] = Object.values(FOLDERS).map(({ kind }) => kind);

/** Whether a file is compressed, as the configuration of FlowG 0.30 is and our own is not. */
export async function isCompressed(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(GZIP_MAGIC.length);
    await handle.read(start, 0, start.length, 0);
    return start.equals(GZIP_MAGIC);
  } finally {
    await handle.close();
  }
}

/**
 * Reads the file that `GET /backup/config` of FlowG 0.30 gives: a compressed tar archive with `transformers/<name>.vrl`,
 * `pipelines/<name>.json` and `forwarders/<name>.json.b64`.
 *
 * @param maxBytes of the archive, once it is expanded
 * @throws ApiError 400 when it is something else, 413
 */
export async function readFlowgConfiguration(file: string, maxBytes: number): Promise<ForeignItem[]> {
  const files = filesOfArchive(await expanded(await readFile(file), maxBytes));
  if (files === undefined) throw refusal('the file is not a complete tar archive');
  const items = files.map(({ name, content }) => itemOf(name, content));
  if (items.length === 0) throw refusal('the file has no configuration');
  return items;
}

function itemOf(path: string, content: Buffer): ForeignItem {
  const [, folder = '', rest = ''] = /^(?:\.\/)?([^/]*)\/(.*)$/s.exec(path) ?? [];
  const place = Object.hasOwn(FOLDERS, folder) ? FOLDERS[folder] : undefined;
  if (place === undefined || !rest.endsWith(place.ending)) {
    throw refusal(`the file has ${JSON.stringify(path)}, which is no configuration of FlowG`);
  }
  const { kind, ending, encoding } = place;
  const text = content.toString('utf8');
  const body = encoding === undefined ? text : Buffer.from(text, encoding).toString('utf8');
  return { kind, name: rest.slice(0, -ending.length), body };
}

async function expanded(compressed: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await inflateWithin(compressed, 'gzip', maxBytes);
  } catch (error) {
    if (error instanceof InflateLimitError) throw bodyTooLarge(maxBytes);
    throw refusal('the file is damaged');
  }
}

function refusal(reason: string): Error {
  return validationError({ body: [`backup: config.db: ${reason}`] });
}
