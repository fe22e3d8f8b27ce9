import type { Command } from 'commander';
import { ApiError, pathSegment, type ApiClient } from '../api-client';
import { CliError, ConflictError, NotFoundError } from '../cli-error';
import { print, type CliIo } from '../cli-io';
import { addClientOptions, createClient, type ClientOptions } from '../client-options';
import { addOutputOption, printRows, type OutputOptions } from '../output/print-rows';
import { readPassword } from '../read-password';
import { rolesOf } from './role';

interface UserOptions extends ClientOptions {
  readonly username: string;
}

interface User {
  readonly name: string;
  readonly roles: readonly string[] | null;
}

export function addUserCommand(acl: Command, io: CliIo): void {
  const user = acl.command('user').description('users and their roles');
  addOutputOption(addClientOptions(user.command('ls').description('list all users'))).action(
    (options: ClientOptions & OutputOptions) => listUsers(options, io),
  );
  addUserOption(user.command('add').description('create a user without roles'))
    .option(
      '--password <password>',
      'the password; "-" or nothing reads it from standard input (other users see flags)',
    )
    .action((options: UserOptions & { password?: string }) => addUser(options, io));
  addUserOption(user.command('rm').description('delete a user and all tokens of the user')).action(
    (options: UserOptions) => removeUser(options, io),
  );
  addUserOption(user.command('grant').description('give a user a role'))
    .requiredOption('--rolename <name>', 'the role')
    .action((options: UserOptions & { rolename: string }) => grantRole(options, io));
  addUserOption(user.command('revoke').description('take a role from a user'))
    .requiredOption('--rolename <name>', 'the role')
    .action((options: UserOptions & { rolename: string }) =>
      changeRoles(options, (roles) => roles.filter((role) => role !== options.rolename), io),
    );
}

function addUserOption(command: Command): Command {
  return addClientOptions(command).requiredOption('--username <name>', 'the user');
}

async function listUsers(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  const { users } = await createClient(options, io).request('/users');
  if (!Array.isArray(users)) throw new CliError('the server answered without users');
  const rows = (users as User[]).map(({ name, roles }) => ({ name, roles: roles ?? [] }));
  await printRows(rows, ['name', 'roles'], options.output, io);
}

async function addUser(options: UserOptions & { readonly password?: string }, io: CliIo): Promise<void> {
  const client = createClient(options, io);
  // The API's operation would give a user who exists a new password and take all roles away.
  if ((await userOf(client, options.username)) !== undefined) {
    throw new ConflictError(`there is a user ${JSON.stringify(options.username)} already`);
  }
  const given = options.password;
  const password = given === undefined || given === '' || given === '-' ? await readPassword(io) : given;
  await client.request(pathOf(options.username), { method: 'PUT', body: { password, roles: [] } });
}

async function removeUser(options: UserOptions, io: CliIo): Promise<void> {
  await createClient(options, io).request(pathOf(options.username), { method: 'DELETE' });
}

/** A role may be granted before it is made, as the API allows; a slip of the pen looks the same, so it is told. */
async function grantRole(options: UserOptions & { readonly rolename: string }, io: CliIo): Promise<void> {
  const { rolename } = options;
  await changeRoles(options, (roles) => [...roles.filter((role) => role !== rolename), rolename], io);
  const names = (await rolesOf(createClient(options, io))).map(({ name }) => name);
  if (names.includes(rolename)) return;
  const known = names.map((name) => JSON.stringify(name)).join(', ');
  await print(
    io.stderr,
    `there is no role ${JSON.stringify(rolename)} yet: it gives nothing until it is made; there are: ${known}\n`,
  );
}

async function changeRoles(
  options: UserOptions,
  change: (roles: readonly string[]) => readonly string[],
  io: CliIo,
): Promise<void> {
  const client = createClient(options, io);
  const user = await userOf(client, options.username);
  if (user === undefined) throw new NotFoundError(`there is no user ${JSON.stringify(options.username)}`);
  await client.request(pathOf(options.username), { method: 'PATCH', body: { roles: change(user.roles ?? []) } });
}

/** Undefined when there is none: the API says so by 404; the peer answers null. */
async function userOf(client: ApiClient, name: string): Promise<User | undefined> {
  try {
    const { user } = await client.request(pathOf(name));
    return typeof user === 'object' && user !== null && 'name' in user ? (user as User) : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function pathOf(name: string): string {
  return `/users/${pathSegment(name)}`;
}
