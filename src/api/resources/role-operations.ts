import type { AuthStore, Role } from '../../storage/auth/auth-store';
import type { Call, OperationHandlers } from '../call';
import { notFound } from '../errors/api-error';
import { nullWhenEmpty } from './null-when-empty';

interface SaveRoleBody {
  readonly scopes?: readonly string[] | null;
}

/** Roles and the scopes they give. */
export function roleOperations(store: AuthStore): OperationHandlers {
  return {
    async list_roles() {
      return { roles: (await store.listRoles()).map(describeRole) };
    },

    async get_role(call: Call) {
      const name = call.param('role');
      const role = await store.getRole(name);
      if (role === undefined) throw notFound('role', name);
      return { role: describeRole(role) };
    },

    async save_role(call: Call) {
      await store.saveRole(call.param('role'), call.body<SaveRoleBody>().scopes ?? []);
      return {};
    },

    async delete_role(call: Call) {
      await store.deleteRole(call.param('role'));
      return {};
    },
  };
}

function describeRole({ name, scopes }: Role): object {
  return { name, scopes: nullWhenEmpty(scopes) };
}
