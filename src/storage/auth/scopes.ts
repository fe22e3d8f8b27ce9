/** Every right there is, in the order in which they are listed. */
export const SCOPES = [
  'read_pipelines',
  'write_pipelines',
  'read_transformers',
  'write_transformers',
  'read_streams',
  'write_streams',
  'read_forwarders',
  'write_forwarders',
  'read_acls',
  'write_acls',
  'send_logs',
  'read_system_configuration',
  'write_system_configuration',
  'read_auth_providers',
  'write_auth_providers',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Who may write these may read them too. System configuration and auth providers have no such rule. */
const IMPLIED: ReadonlyMap<Scope, Scope> = new Map([
  ['write_pipelines', 'read_pipelines'],
  ['write_transformers', 'read_transformers'],
  ['write_streams', 'read_streams'],
  ['write_forwarders', 'read_forwarders'],
  ['write_acls', 'read_acls'],
]);

const KNOWN: ReadonlySet<string> = new Set(SCOPES);

/** True for the name of a scope. */
export function isScope(name: string): name is Scope {
  return KNOWN.has(name);
}

/**
 * The scopes with all they imply.
 * @example
 * expandScopes(['write_acls']) // Set { 'write_acls', 'read_acls' }
 */
export function expandScopes(scopes: Iterable<Scope>): Set<Scope> {
  const expanded = new Set<Scope>();
  for (const scope of scopes) {
    expanded.add(scope);
    const implied = IMPLIED.get(scope);
    if (implied !== undefined) {
      expanded.add(implied);
    }
  }
  return expanded;
}

/** What a user may do, as `GET /auth/whoami` tells it. */
export interface Permissions {
  readonly can_view_pipelines: boolean;
  readonly can_edit_pipelines: boolean;
  readonly can_view_transformers: boolean;
  readonly can_edit_transformers: boolean;
  readonly can_view_streams: boolean;
  readonly can_edit_streams: boolean;
  readonly can_view_forwarders: boolean;
  readonly can_edit_forwarders: boolean;
  readonly can_view_acls: boolean;
  readonly can_edit_acls: boolean;
  readonly can_send_logs: boolean;
  readonly can_read_system_configuration: boolean;
  readonly can_write_system_configuration: boolean;
  readonly can_read_auth_providers: boolean;
  readonly can_write_auth_providers: boolean;
}

/** The permissions that expanded scopes give. */
export function permissionsOf(scopes: ReadonlySet<Scope>): Permissions {
  return {
    can_view_pipelines: scopes.has('read_pipelines'),
    can_edit_pipelines: scopes.has('write_pipelines'),
    can_view_transformers: scopes.has('read_transformers'),
    can_edit_transformers: scopes.has('write_transformers'),
    can_view_streams: scopes.has('read_streams'),
    can_edit_streams: scopes.has('write_streams'),
    can_view_forwarders: scopes.has('read_forwarders'),
    can_edit_forwarders: scopes.has('write_forwarders'),
    can_view_acls: scopes.has('read_acls'),
    can_edit_acls: scopes.has('write_acls'),
    can_send_logs: scopes.has('send_logs'),
    can_read_system_configuration: scopes.has('read_system_configuration'),
    can_write_system_configuration: scopes.has('write_system_configuration'),
    can_read_auth_providers: scopes.has('read_auth_providers'),
    can_write_auth_providers: scopes.has('write_auth_providers'),
  };
}
