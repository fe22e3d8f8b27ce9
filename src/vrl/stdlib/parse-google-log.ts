import { fail } from '../failure';
import { compileFormat, UTC } from '../time';
import { INTEGER, shapeOf, STRING, TIMESTAMP } from '../types/kind';
import { parseDecimalInteger } from '../value/integer';
import { emptyObject, type VrlInteger, type VrlObject } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { text } from './parameters';
import { guessYear } from './syslog/rfc3164';
import { isWhiteSpace } from './text/white-space';

const LOG_KIND = shapeOf({
  level: STRING,
  timestamp: TIMESTAMP,
  id: INTEGER,
  file: STRING,
  line: INTEGER,
  message: STRING,
});

const LEVELS = new Map([
  ['I', 'info'],
  ['W', 'warning'],
  ['E', 'error'],
  ['F', 'fatal'],
]);

const parseGlog = define({
  name: 'parse_glog',
  params: [text('value')],
  returns: LOG_KIND,
  fallible: true,
  fresh: true,
  run: (value) => {
    const line = splitLine(value, GLOG_HEAD);
    if (line === undefined) throw fail('failed parsing glog message');
    return toObject(line, '');
  },
});

const parseKlog = define({
  name: 'parse_klog',
  params: [text('value')],
  returns: LOG_KIND,
  fallible: true,
  fresh: true,
  run: (value) => {
    const line = splitLine(value, KLOG_HEAD);
    if (line === undefined) throw fail('failed parsing klog message');
    const year = guessYear(Number(line.time.slice(0, 2)), Date.now() / 1000);
    return toObject(line, String(year));
  },
});

/** Level, time and identifier; a word's characters are those of Unicode. */
const GLOG_HEAD = /^\s*([\p{Alphabetic}\p{M}\p{Nd}\p{Pc}])([0-9]{8} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6})\s([0-9]+)\s/u;
const KLOG_HEAD =
  /^\s*([\p{Alphabetic}\p{M}\p{Nd}\p{Pc}])([0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6})\s+([0-9]+)\s/u;

interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly id: string;
  readonly file: string;
  readonly line: string;
  readonly message: string;
}

/** Splits `Lyyyymmdd hh:mm:ss.uuuuuu id file:line] message`; of several places that may end the file the last counts. */
function splitLine(text: string, head: RegExp): LogLine | undefined {
  const match = head.exec(text);
  if (match === null) return undefined;
  const [whole, level, time, id] = match as unknown as [string, string, string, string];
  for (let close = text.lastIndexOf(']'); close > whole.length; close = text.lastIndexOf(']', close - 1)) {
    let digits = close;
    while (isDigit(text, digits - 1)) digits--;
    if (digits === close || text[digits - 1] !== ':' || digits - 1 <= whole.length) continue;
    if (!isWhiteSpace(text.charCodeAt(close + 1))) continue;
    const file = text.slice(whole.length, digits - 1);
    const message = text.slice(close + 2).trimEnd();
    if (file.includes('\n') || message.includes('\n')) continue;
    return { level, time, id, file, line: text.slice(digits, close), message };
  }
  return undefined;
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}

function toObject(line: LogLine, year: string): VrlObject {
  const level = LEVELS.get(line.level);
  if (level === undefined) throw fail(`unrecognized log level "${line.level}"`);
  const timestamp = compileFormat('%Y%m%d %H:%M:%S%.f').tryParse(year + line.time, UTC);
  if (typeof timestamp === 'string') throw fail(`failed parsing timestamp ${line.time}: ${timestamp}`);
  const object = emptyObject();
  object['level'] = level;
  object['timestamp'] = timestamp;
  object['id'] = integer('id', line.id);
  object['file'] = line.file;
  object['line'] = integer('line', line.line);
  object['message'] = line.message;
  return object;
}

function integer(name: string, digits: string): VrlInteger {
  const value = parseDecimalInteger(digits);
  if (value === undefined) throw fail(`failed parsing ${name}`);
  return value;
}

export const functions: readonly FunctionDefinition[] = [parseGlog, parseKlog];
