import { Option, type Command } from 'commander';
import { UsageError } from './cli-error';
import { addClientOptions, type ClientOptions } from './client-options';
import { RECORD_FORMATS, type RecordFormat } from './record-format';

/** What every command that prints records takes. */
export interface RecordOptions extends ClientOptions {
  readonly filter?: string;
  /** Values by indexed field. */
  readonly index?: ReadonlyMap<string, readonly string[]>;
  readonly output: RecordFormat;
}

/** Adds which records, and how they are printed. */
export function addRecordOptions(command: Command): Command {
  return addFilterOptions(command).addOption(
    new Option('--output <format>', 'form of a record').choices(RECORD_FORMATS).default('logfmt'),
  );
}

/** Adds which records. */
export function addFilterOptions(command: Command): Command {
  return addClientOptions(command)
    .option('--filter <expression>', 'only records for which this is true, such as: level == "error"')
    .option(
      '--index <field=value>',
      'only records with this value of an indexed field; several values of a field are alternatives',
      addIndexValue,
    );
}

/** The query parameter that asks for values of indexed fields. */
export function indexingParameter(index: RecordOptions['index']): string | undefined {
  return index === undefined ? undefined : JSON.stringify(Object.fromEntries(index));
}

function addIndexValue(
  text: string,
  earlier: ReadonlyMap<string, readonly string[]> | undefined,
): ReadonlyMap<string, readonly string[]> {
  const end = text.indexOf('=');
  if (end < 1) throw new UsageError('--index: expected field=value, such as level=error');
  const field = text.slice(0, end);
  return new Map(earlier).set(field, [...(earlier?.get(field) ?? []), text.slice(end + 1)]);
}
