import type { AuthStore, User } from '../../storage/auth/auth-store';
import type { Call, OperationHandlers } from '../call';
import { notFound } from '../errors/api-error';
import { withBodyPaths } from '../errors/body-paths';
import { nullWhenEmpty } from './null-when-empty';

interface SaveUserBody {
  readonly password: string;
  readonly roles?: readonly string[] | null;
}

interface PatchRolesBody {
  readonly roles: readonly string[] | null;
}

/** Users and the roles they have. */
export function userOperations(store: AuthStore): OperationHandlers {
  return {
    async list_users() {
      return { users: (await store.listUsers()).map(describeUser) };
    },

    async get_user(call: Call) {
      const name = call.param('user');
      const user = await store.getUser(name);
      if (user === undefined) throw notFound('user', name);
      return { user: describeUser(user) };
    },

    async save_user(call: Call) {
      const { password, roles } = call.body<SaveUserBody>();
      await withBodyPaths({ INVALID_PASSWORD: 'password' }, () =>
        store.saveUser(call.param('user'), password, roles ?? []),
      );
      return {};
    },

    async patch_user_roles(call: Call) {
      await store.setUserRoles(call.param('user'), call.body<PatchRolesBody>().roles ?? []);
      return {};
    },

    async delete_user(call: Call) {
      await store.deleteUser(call.param('user'));
      return {};
    },
  };
}

function describeUser({ name, roles }: User): object {
  return { name, roles: nullWhenEmpty(roles) };
}
