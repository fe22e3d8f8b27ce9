import { Option, type Command } from 'commander';
import { print, type CliIo } from '../cli-io';
import { printable } from '../printable';
import { escapeControls, logfmtKey, logfmtValue } from './logfmt';
import { painterFor } from './style';

/** How lists are printed. */
export const OUTPUT_FORMATS = ['table', 'json', 'logfmt'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What every command that prints a list takes. */
export interface OutputOptions {
  readonly output: OutputFormat;
}

/** One line of a list: values by column, in the API's own words and types. */
export type Row = Readonly<Record<string, unknown>>;

/** Blanks between the columns of a table. */
const GAP = '  ';

export function addOutputOption(command: Command): Command {
  return command.addOption(
    new Option('--output <format>', 'table for people; json (one array) or logfmt (a line each) for programs')
      .choices(OUTPUT_FORMATS)
      .default('table'),
  );
}

/**
 * Prints a list.
 *
 * @param columns - which values, in which order; those that a row lacks are empty in a table, null in JSON, absent in logfmt
 * @example
 * await printRows([{ name: 'default', ttl: 0 }], ['name', 'ttl'], 'table', io);
 */
export async function printRows(
  rows: readonly Row[],
  columns: readonly string[],
  format: OutputFormat,
  io: CliIo,
): Promise<void> {
  if (format === 'json') {
    const objects = rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
    await print(io.stdout, `${escapeControls(JSON.stringify(objects, undefined, 2))}\n`);
  } else if (format === 'logfmt') {
    for (const row of rows) await print(io.stdout, `${logfmtLine(row, columns)}\n`);
  } else {
    await printTable(rows, columns, io);
  }
}

/** Prints one thing: as a table with a line for each of its values. */
export async function printObject(row: Row, format: OutputFormat, io: CliIo): Promise<void> {
  if (format === 'json') {
    await print(io.stdout, `${escapeControls(JSON.stringify(row, undefined, 2))}\n`);
  } else if (format === 'logfmt') {
    await printRows([row], Object.keys(row), format, io);
  } else {
    const rows = Object.entries(row).map(([key, value]) => ({ key, value }));
    await printTable(rows, ['key', 'value'], io);
  }
}

function logfmtLine(row: Row, columns: readonly string[]): string {
  const parts: string[] = [];
  for (const column of columns) {
    const value = row[column];
    if (value !== undefined && value !== null) parts.push(`${logfmtKey(column)}=${logfmtValue(textOf(value, ','))}`);
  }
  return parts.join(' ');
}

async function printTable(rows: readonly Row[], columns: readonly string[], io: CliIo): Promise<void> {
  const paint = painterFor(io.stdout, io);
  const cells = rows.map((row) => columns.map((column) => printable(textOf(row[column], ', '))));
  const widths = columns.map((column, i) =>
    cells.reduce((width, line) => Math.max(width, (line[i] ?? '').length), column.length),
  );
  const numeric = columns.map((column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const lineOf = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (numeric[i] === true ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join(GAP)
      .trimEnd();
  await print(io.stdout, `${paint('bold', lineOf(columns.map((column) => column.toUpperCase())))}\n`);
  for (const line of cells) await print(io.stdout, `${lineOf(line)}\n`);
}

function textOf(value: unknown, separator: string): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => textOf(item, separator)).join(separator);
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
