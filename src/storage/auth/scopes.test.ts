import { expandScopes, isScope, permissionsOf, SCOPES, type Scope } from './scopes';

describe('scopes', () => {
  test.each<[Scope, Scope[]]>([
    ['write_pipelines', ['read_pipelines']],
    ['write_transformers', ['read_transformers']],
    ['write_streams', ['read_streams']],
    ['write_forwarders', ['read_forwarders']],
    ['write_acls', ['read_acls']],
    ['write_system_configuration', []],
    ['write_auth_providers', []],
    ['send_logs', []],
    ['read_streams', []],
  ])('%s implies %j', (scope, implied) => {
    expect([...expandScopes([scope])].sort()).toEqual([scope, ...implied].sort());
  });

  test.each(['', 'admin', 'READ_STREAMS', '__proto__', 'constructor', 'read_streams '])('%j is no scope', (name) => {
    expect(isScope(name)).toBe(false);
  });

  test('each scope is one permission', () => {
    for (const scope of SCOPES) {
      const granted = Object.entries(permissionsOf(new Set([scope]))).filter(([, value]) => value);
      expect(granted).toHaveLength(1);
    }
    expect(Object.keys(permissionsOf(new Set()))).toHaveLength(SCOPES.length);
  });

  test('permissions are named as clients know them', () => {
    expect(permissionsOf(expandScopes(['write_pipelines', 'send_logs', 'read_acls']))).toMatchObject({
      can_view_pipelines: true,
      can_edit_pipelines: true,
      can_send_logs: true,
      can_view_acls: true,
      can_edit_acls: false,
      can_read_system_configuration: false,
    });
  });
});
