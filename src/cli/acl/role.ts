import type { Command } from 'commander';
import { pathSegment, type ApiClient } from '../api-client';
import { CliError, ConflictError, NotFoundError } from '../cli-error';
import type { CliIo } from '../cli-io';
import { addClientOptions, createClient, type ClientOptions } from '../client-options';
import { addNameOption, type NameOptions } from '../named';
import { addOutputOption, printRows, type OutputOptions } from '../output/print-rows';

interface Role {
  readonly name: string;
  readonly scopes: readonly string[] | null;
}

export function addRoleCommand(acl: Command, io: CliIo): void {
  const role = acl.command('role').description('roles and their permissions');
  addOutputOption(addClientOptions(role.command('ls').description('list all roles'))).action(
    (options: ClientOptions & OutputOptions) => listRoles(options, io),
  );
  addNameOption(role.command('add').description('create a role without permissions'), 'role').action(
    (options: NameOptions) => addRole(options, io),
  );
  addNameOption(role.command('rm').description('delete a role'), 'role').action((options: NameOptions) =>
    removeRole(options, io),
  );
  addNameOption(role.command('grant').description('give a role a permission'), 'role')
    .requiredOption('--permission <scope>', 'such as read_streams')
    .action((options: NameOptions & { permission: string }) =>
      changeScopes(
        options,
        (scopes) => [...scopes.filter((scope) => scope !== options.permission), options.permission],
        io,
      ),
    );
  addNameOption(role.command('revoke').description('take a permission from a role'), 'role')
    .requiredOption('--permission <scope>', 'such as read_streams')
    .action((options: NameOptions & { permission: string }) =>
      changeScopes(options, (scopes) => scopes.filter((scope) => scope !== options.permission), io),
    );
}

async function listRoles(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  const rows = (await rolesOf(createClient(options, io))).map(({ name, scopes }) => ({ name, scopes: scopes ?? [] }));
  await printRows(rows, ['name', 'scopes'], options.output, io);
}

async function addRole(options: NameOptions, io: CliIo): Promise<void> {
  const client = createClient(options, io);
  // The API's operation would take all permissions from a role that exists.
  if ((await rolesOf(client)).some(({ name }) => name === options.name)) {
    throw new ConflictError(`there is a role ${JSON.stringify(options.name)} already`);
  }
  await client.request(pathOf(options.name), { method: 'PUT', body: { scopes: [] } });
}

async function removeRole(options: NameOptions, io: CliIo): Promise<void> {
  await createClient(options, io).request(pathOf(options.name), { method: 'DELETE' });
}

async function changeScopes(
  options: NameOptions,
  change: (scopes: readonly string[]) => readonly string[],
  io: CliIo,
): Promise<void> {
  const client = createClient(options, io);
  // By the list: asked for one that it does not know, the API answers an empty role.
  const role = (await rolesOf(client)).find(({ name }) => name === options.name);
  if (role === undefined) throw new NotFoundError(`there is no role ${JSON.stringify(options.name)}`);
  await client.request(pathOf(options.name), { method: 'PUT', body: { scopes: change(role.scopes ?? []) } });
}

/** All roles. */
export async function rolesOf(client: ApiClient): Promise<Role[]> {
  const { roles } = await client.request('/roles');
  if (!Array.isArray(roles)) throw new CliError('the server answered without roles');
  return roles as Role[];
}

function pathOf(name: string): string {
  return `/roles/${pathSegment(name)}`;
}
