import type { ConfigStore } from '../../storage/config/config-store';
import type { Call, OperationHandlers } from '../call';
import { sendRevision, writeCondition } from '../conditional';
import { notFound } from '../errors/api-error';
import { SECRET_MASK, secretGoesElsewhere, unmaskedSecret } from '../secret-mask';

type ProviderConfig =
  | { readonly type: 'oidc'; readonly issuer: string; readonly client_id: string; readonly client_secret: string }
  | { readonly type: 'saml'; readonly idp_metadata_url: string };

interface Provider {
  readonly display_name: string;
  readonly config: ProviderConfig;
}

interface SaveBody {
  readonly auth_provider: Provider;
}

const SECRET_PATH = 'auth_provider.config.client_secret';

/** Providers of logins. Their secrets are never shown. */
export function authProviderOperations(store: ConfigStore): OperationHandlers {
  return {
    async list_auth_providers() {
      const items = await store.listItems('auth_provider');
      const providers = items.map(({ name, body }) => ({ name, display_name: parsed(body).display_name }));
      return { auth_providers: providers };
    },

    async get_auth_provider(call: Call) {
      const name = call.param('provider');
      const item = await store.get('auth_provider', name);
      if (item === undefined) throw notFound('auth provider', name);
      const { display_name, config } = parsed(item.body);
      sendRevision(call, item.revision);
      return { auth_provider: { name, display_name, config: masked(config) } };
    },

    async save_auth_provider(call: Call) {
      const name = call.param('provider');
      const { display_name, config } = call.body<SaveBody>().auth_provider;
      const condition = await writeCondition(call, store, 'auth_provider', name);
      const stored = await store.get('auth_provider', name);
      const body: Provider = { display_name, config: stripped(config, stored && parsed(stored.body).config) };
      // A secret that is kept must be that of the provider that is replaced.
      const kept = isMasked(config) ? { ifRevision: stored?.revision ?? 0 } : {};
      const { revision } = await store.save('auth_provider', name, JSON.stringify(body), { ...kept, ...condition });
      sendRevision(call, revision);
      return {};
    },

    async delete_auth_provider(call: Call) {
      const name = call.param('provider');
      await store.delete('auth_provider', name, await writeCondition(call, store, 'auth_provider', name));
      return {};
    },
  };
}

function parsed(body: string): Provider {
  return JSON.parse(body) as Provider;
}

function isMasked(config: ProviderConfig): boolean {
  return config.type === 'oidc' && config.client_secret === SECRET_MASK;
}

function masked(config: ProviderConfig): ProviderConfig {
  return config.type === 'oidc' ? { ...config, client_secret: SECRET_MASK } : config;
}

/** Only the keys that are known, with the secret in clear. */
function stripped(config: ProviderConfig, stored: ProviderConfig | undefined): ProviderConfig {
  if (config.type === 'saml') return { type: 'saml', idp_metadata_url: config.idp_metadata_url };
  const { issuer, client_id, client_secret } = config;
  const known = stored?.type === 'oidc' ? stored : undefined;
  if (client_secret === SECRET_MASK && known !== undefined && known.issuer !== issuer) {
    throw secretGoesElsewhere(SECRET_PATH, 'auth_provider.config.issuer');
  }
  const secret = unmaskedSecret(client_secret, known?.client_secret, SECRET_PATH);
  return { type: 'oidc', issuer, client_id, client_secret: secret };
}
