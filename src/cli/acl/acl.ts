import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { addRoleCommand } from './role';
import { addUserCommand } from './user';

export function addAclCommand(program: Command, io: CliIo): void {
  const acl = program.command('acl').description('who may do what: users and roles');
  addUserCommand(acl, io);
  addRoleCommand(acl, io);
}
