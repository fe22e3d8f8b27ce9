import type { ConfigStore } from '../../storage/config/config-store';
import type { Call, OperationHandlers } from '../call';

interface UpdateBody {
  readonly syslog_allowed_origins?: readonly string[] | null;
  readonly default_roles?: readonly string[] | null;
}

/** Settings of the whole service. */
export function systemConfigurationOperations(store: ConfigStore): OperationHandlers {
  return {
    async get_system_configuration() {
      return { configuration: await store.systemConfiguration() };
    },

    async update_system_configuration(call: Call) {
      const { syslog_allowed_origins, default_roles } = call.body<UpdateBody>();
      await store.updateSystemConfiguration({
        syslog_allowed_origins: syslog_allowed_origins ?? [],
        default_roles: default_roles ?? [],
      });
      return {};
    },
  };
}
