/** The groups of permissions in the console: each scope of the My Organization API is in exactly one. */
import { describe, expect, test } from 'vitest';
import {
  findPartial,
  SCOPE_GROUPS,
  toGroups,
  toScopes,
} from '../../src/console/pages/applications/customers/scope-groups.js';
import { originsOf, tellState } from '../../src/console/pages/applications/customers/state.js';
import { MY_ORGANIZATION_SCOPES } from '../../src/management/my-organization/requests.js';

const ALL = MY_ORGANIZATION_SCOPES;
const ids = SCOPE_GROUPS.map(({ id }) => id);

describe('groups of scopes', () => {
  test('every scope but the configuration’s is in exactly one group', () => {
    const alone = ids.map((id) => toScopes(ALL, [id]));
    for (const scope of ALL) {
      const count = alone.filter((scopes) => scopes.includes(scope)).length;
      expect(count, scope).toBe(scope === 'read:my_org:configuration' ? ids.length : 1);
    }
  });

  test('all groups are all scopes; none is the configuration alone', () => {
    expect(toScopes(ALL, ids)).toEqual(ALL);
    expect(toScopes(ALL, [])).toEqual(['read:my_org:configuration']);
  });

  test('a scope of no group stays as it was', () => {
    const all = [...ALL, 'read:my_org:clients'];
    expect(toScopes(all, ['details'], ['read:my_org:clients'])).toContain('read:my_org:clients');
    expect(toScopes(all, ['details'])).not.toContain('read:my_org:clients');
  });

  test('a group with some of its scopes is chosen, and named as partial', () => {
    const some = ['read:my_org:domains', 'read:my_org:details', 'update:my_org:details'];
    expect(toGroups(some)).toEqual(['details', 'domains']);
    expect(findPartial(ALL, some)).toEqual(['Domains']);
  });
});

describe('state', () => {
  const client = {
    client_id: 'c',
    name: 'Notebook',
    organization_usage: 'require',
    grant_types: ['authorization_code'],
    my_organization_configuration: { allowed_strategies: [], connection_deletion_behavior: 'allow' },
  };
  const api = { subject_type_authorization: { user: { policy: 'require_client_grant' } } };
  const grant = { scope: [] };
  const tell = (parts: object) => tellState({ client, api, grant, ...parts } as never);
  const { my_organization_configuration: _, ...bare } = client;

  test.each([
    ['all parts', {}, 'on', 0],
    ['no part', { client: bare, grant: null }, 'off', 0],
    ['nothing at all', { client: bare, grant: null, api: null }, 'off', 0],
    ['no configuration', { client: bare }, 'half', 1],
    ['a configuration without a grant', { grant: null }, 'off', 0],
    ['a configuration without the API', { api: null, grant: null }, 'off', 0],
  ])('%s', (_name, parts, is, missing) => {
    expect(tell(parts)).toMatchObject({ is, missing: { length: missing } });
  });

  test('an application without organizations, or a closed API, is half', () => {
    expect(tell({ client: { ...client, organization_usage: 'deny' } })).toMatchObject({ is: 'half', missing: [] });
    expect(tell({ client: { ...client, grant_types: ['client_credentials'] } }).is).toBe('half');
    expect(tell({ api: { subject_type_authorization: { user: { policy: 'deny_all' } } } }).is).toBe('half');
  });

  test('origins are those of web_origins and callbacks, each once', () => {
    const addresses = { web_origins: ['https://a.example'], callbacks: ['https://a.example/cb', 'com.app://x', 'bad'] };
    expect(originsOf(addresses as never)).toEqual(['https://a.example']);
  });
});
