import type { AuthStore } from '../../storage/auth/auth-store';
import { permissionsOf } from '../../storage/auth/scopes';
import type { Sessions } from '../auth/authenticator';
import type { LoginLimiter } from '../auth/login-limiter';
import type { Call, OperationHandlers } from '../call';
import { ApiError } from '../errors/api-error';
import { withBodyPaths } from '../errors/body-paths';
import { nullWhenEmpty } from './null-when-empty';

interface LoginBody {
  readonly username: string;
  readonly password: string;
}

interface ChangePasswordBody {
  readonly old_password: string;
  readonly new_password: string;
}

/** Login, change of one's own password, and who one is. */
export function authOperations(store: AuthStore, sessions: Sessions, limiter: LoginLimiter): OperationHandlers {
  return {
    async login(call: Call) {
      const { username, password } = call.body<LoginBody>();
      limiter.begin(username, call.address);
      const principal = await store.verifyPassword(username, password);
      if (principal === undefined) throw new ApiError('UNAUTHENTICATED', 'invalid credentials');
      limiter.succeeded(username, call.address);
      // For the audit.
      call.request.user = principal;
      return { token: `jwt_${sessions.issue(principal)}` };
    },

    async change_password(call: Call) {
      const { old_password, new_password } = call.body<ChangePasswordBody>();
      const { user } = call.principal;
      limiter.begin(user, call.address);
      await withBodyPaths({ INVALID_PASSWORD: 'new_password' }, () =>
        store.changePassword(user, old_password, new_password),
      );
      limiter.succeeded(user, call.address);
      return {};
    },

    whoami(call: Call) {
      const { user, roles, scopes } = call.principal;
      return { user: { name: user, roles: nullWhenEmpty(roles) }, permissions: permissionsOf(scopes) };
    },
  };
}
