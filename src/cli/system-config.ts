import type { Command } from 'commander';
import { CliError, UsageError } from './cli-error';
import type { CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { addOutputOption, printObject, type OutputOptions, type Row } from './output/print-rows';

interface UpdateOptions extends ClientOptions {
  readonly syslogAllowedOrigin?: readonly string[];
  readonly syslogAllowAll?: boolean;
  readonly defaultRole?: readonly string[];
}

export function addSystemConfigCommand(program: Command, io: CliIo): void {
  const systemConfig = program.command('system-config').description('settings that the server keeps');
  addOutputOption(addClientOptions(systemConfig.command('show').description('print the settings'))).action(
    (options: ClientOptions & OutputOptions) => show(options, io),
  );
  addClientOptions(systemConfig.command('update').description('change settings; those that are not given stay'))
    .option(
      '--syslog-allowed-origin <network>',
      'address or network that syslog is taken from; may be given several times',
      appendTo,
    )
    .option('--syslog-allow-all', 'syslog is taken from everywhere')
    .option(
      '--default-role <name>',
      'role of users who sign in for the first time; may be given several times',
      appendTo,
    )
    .action((options: UpdateOptions) => update(options, io));
}

async function show(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  await printObject(await configuration(options, io), options.output, io);
}

async function update(options: UpdateOptions, io: CliIo): Promise<void> {
  const { syslogAllowedOrigin: origins, syslogAllowAll: allowAll, defaultRole: roles } = options;
  if (origins !== undefined && allowAll === true) {
    throw new UsageError('--syslog-allowed-origin and --syslog-allow-all exclude each other');
  }
  if (origins === undefined && allowAll !== true && roles === undefined) {
    throw new UsageError('nothing to change: give --syslog-allowed-origin, --syslog-allow-all or --default-role');
  }
  const before = await configuration(options, io);
  await createClient(options, io).request('/system-configuration', {
    method: 'PUT',
    body: {
      ...before,
      ...(origins === undefined && allowAll !== true ? {} : { syslog_allowed_origins: origins ?? [] }),
      ...(roles === undefined ? {} : { default_roles: roles }),
    },
  });
}

async function configuration(options: ClientOptions, io: CliIo): Promise<Row> {
  const { configuration: settings } = await createClient(options, io).request('/system-configuration');
  if (typeof settings !== 'object' || settings === null) throw new CliError('the server answered without settings');
  return { ...settings };
}

function appendTo(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}
