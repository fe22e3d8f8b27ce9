import type { ConfigStore } from '../../storage/config/config-store';
import type { Call, OperationHandlers } from '../call';
import { validationError } from '../errors/api-error';

interface UpdateBody {
  readonly syslog_allowed_origins?: readonly string[] | null;
  readonly default_roles?: readonly string[] | null;
  /** The wrapper of the answer to GET, which this does not have. */
  readonly configuration?: unknown;
}

/** Settings of the whole service. */
export function systemConfigurationOperations(store: ConfigStore): OperationHandlers {
  return {
    async get_system_configuration() {
      return { configuration: await store.systemConfiguration() };
    },

    async update_system_configuration(call: Call) {
      const { syslog_allowed_origins, default_roles, configuration } = call.body<UpdateBody>();
      // Sent back as it was shown, it would be empty: everybody might send.
      if (configuration !== undefined) {
        throw validationError({ body: ['configuration: send what is in it, without this key around it'] });
      }
      await store.updateSystemConfiguration({
        syslog_allowed_origins: syslog_allowed_origins ?? [],
        default_roles: default_roles ?? [],
      });
      return {};
    },
  };
}
