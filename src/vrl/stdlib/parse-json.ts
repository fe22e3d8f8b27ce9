import { fail } from '../failure';
import { PARSED_JSON } from '../types/kind';
import { textOf } from '../value/bytes';
import type { VrlBytes } from '../value/value';
import { KindBit, type VrlInteger, type VrlString, type VrlValue } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { readLayers } from './json/json-layers';
import { JsonSyntaxError, readJson } from './json/json-reader';
import { boolean, integer, ofKinds, optional, withDefault } from './parameters';

const parseJson = define({
  name: 'parse_json',
  params: [
    ofKinds<VrlString>('value', KindBit.string),
    optional(integer('max_depth')),
    withDefault(boolean('lossy'), true),
  ],
  returns: PARSED_JSON,
  fallible: true,
  fresh: true,
  run: (value, maxDepth, lossy) => {
    if (maxDepth !== undefined) return parseWithDepth(value, layerCount(maxDepth));
    try {
      if (typeof value === 'string') return readJson(withoutByteOrderMark(value));
      return lossy ? readJson(withoutByteOrderMark(textOf(value))) : parseBytes(value);
    } catch (error) {
      throw explained(error, 'unable to parse json');
    }
  },
});

function parseWithDepth(value: VrlString, depth: number): VrlValue {
  const text = withoutByteOrderMark(textOf(value));
  try {
    JSON.parse(text);
  } catch {
    try {
      readJson(text);
    } catch (error) {
      throw explained(error, 'unable to read json');
    }
  }
  try {
    return readLayers(text, depth);
  } catch (error) {
    throw explained(error, 'unable to parse json with max depth');
  }
}

/** The greatest number of layers that can be asked for; nothing is nested deeper. */
const MAX_LAYERS = 128;

function layerCount(maxDepth: VrlInteger): number {
  if (maxDepth < 0 || maxDepth > 255) throw fail('out of range integral type conversion attempted');
  if (maxDepth < 1 || maxDepth > MAX_LAYERS) {
    throw fail(`max_depth value should be greater than 0 and less than 128, got ${maxDepth}`);
  }
  return Number(maxDepth);
}

const BYTE_ORDER_MARK = 0xfeff;

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

/** Reads bytes that are not all text; its strings must be, or else the error says where they are not. */
function parseBytes(value: VrlBytes): VrlValue {
  let binary = '';
  for (const byte of value.bytes) binary += String.fromCharCode(byte);
  return readJson(binary, { decodeString: decodeUtf8 });
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(binary: string): string | undefined {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function explained(error: unknown, what: string): unknown {
  return error instanceof JsonSyntaxError ? fail(`${what}: ${error.message}`) : error;
}

export const functions: readonly FunctionDefinition[] = [parseJson];
