/**
 * The guard's Action as text: Auth0 takes it, the linter finds nothing in it, and settings cannot end its strings. And its decisions where
 * the log answers what the double's would not: the SDK is a stand-in here, all else is played on the double.
 */
import { describe, expect, test } from 'vitest';
import { lintAction } from '../../src/lint/index.js';
import { DEFAULT_TEXTS, type GuardSettings, withPlace, writeAction } from '../../src/tenant-tools/guard/settings.js';

const SETTINGS: GuardSettings = {
  organizations: [{ id: 'org_1', name: 'acme', connections: ['con_1'], domains: ['acme.example'] }],
  role: 'rol_1',
  since: '2026-01-01T00:00:00.000Z',
  texts: DEFAULT_TEXTS,
};

describe('the code of the guard’s Action', () => {
  test('the linter finds nothing, with auth0 4', () => {
    expect(lintAction({ code: writeAction(SETTINGS), auth0Sdk: 4, trigger: 'post-login' })).toEqual([]);
  });

  test('is far below the 100 kB that Auth0 takes, with a hundred organizations', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      id: `org_${String(index).padStart(16, '0')}`,
      name: `organization-${index}`,
      connections: [`con_${String(index).padStart(16, '0')}`],
      domains: [`customer-${index}.example`],
    }));
    expect(Buffer.byteLength(writeAction({ ...SETTINGS, organizations: many }))).toBeLessThan(100_000);
  });

  test('prints fewer than 256 characters, whatever a failure says', () => {
    const lines = [...writeAction(SETTINGS).matchAll(/console\.log\((.*)\);/g)].map(([, text = '']) => text.length);
    expect(lines.length).toBeGreaterThan(0);
    // The excerpt of a failure, and the sentence around it.
    for (const length of lines) expect(length + 120).toBeLessThan(256);
  });

  test('a text with quotes and line separators stays a text', () => {
    const stranger = 'Ask "Dana"\u2028 `x` \\ */ now';
    const code = writeAction({ ...SETTINGS, texts: { ...DEFAULT_TEXTS, stranger } });
    const text = /^const SETTINGS = (\{\n[\s\S]*?\n\});$/m.exec(code)?.[1] ?? '';
    expect(JSON.parse(text).texts.stranger).toBe(stranger);
    expect(code).not.toContain('\u2028');
    expect(lintAction({ code, auth0Sdk: 4, trigger: 'post-login' })).toEqual([]);
  });

  test('a place replaces the one of the same organization, and the order does not depend on when it came', () => {
    const evil = { id: 'org_0', name: 'evil', connections: ['con_2'], domains: [] };
    const once = SETTINGS.organizations.reduce(withPlace, withPlace([], evil));
    expect(withPlace(once, evil)).toEqual([evil, ...SETTINGS.organizations]);
  });
});

/** Things that the tenant knows beside its log. */
interface Known {
  /** The accounts with the address of the person. */
  readonly accounts?: readonly object[];
  /** Ids of organizations, by user. */
  readonly organizations?: Readonly<Record<string, readonly string[]>>;
  readonly invitations?: readonly object[];
  /** The roles of the person, each time they are asked for. */
  readonly roles?: () => readonly object[];
  /** Status of the answer to the deletion of an invitation, where it is no 204. */
  readonly deletion?: number;
  /** Lines about logins, newest first. */
  readonly logins?: readonly object[];
}

/** Runs the Action with a stand-in for the SDK whose log answers `lines`, whatever it is asked. */
async function runWith(
  lines: readonly object[],
  event: object,
  { accounts = [], organizations = {}, invitations = [], roles = () => [], deletion, logins = lines }: Known = {},
): Promise<{ denied: unknown[]; called: string[]; primary: unknown[] }> {
  const called: string[] = [];
  const answering = (name: string, data: unknown) => async () => {
    called.push(name);
    return { data };
  };
  const getUserOrganizations = async ({ id }: { id: string }) => ({
    data: (organizations[id] ?? []).map((organizationId) => ({ id: organizationId })),
  });
  class ManagementClient {
    readonly organizations = {
      getMemberRoles: async () => ({ data: roles() }),
      getInvitations: answering('getInvitations', invitations),
      addMemberRoles: answering('addMemberRoles', undefined),
      deleteInvitation: async () => {
        called.push('deleteInvitation');
        if (deletion !== undefined) throw Object.assign(new Error('no'), { statusCode: deletion });
      },
      deleteMembers: answering('deleteMembers', undefined),
    };
    readonly usersByEmail = { getByEmail: answering('getByEmail', accounts) };
    readonly users = {
      get: answering('users.get', { logins_count: 1 }),
      link: answering('link', undefined),
      getUserOrganizations,
    };
    readonly logs = {
      getAll: async ({ q }: { q: string }) => ({ data: q.startsWith('type:s ') ? logins : lines }),
    };
  }
  const handlers: { onExecutePostLogin?: (event: object, api: object) => Promise<void> } = {};
  const code = writeAction(SETTINGS).replace('PATIENCE_MS = 11_000', 'PATIENCE_MS = 1');
  new Function('require', 'exports', code)(() => ({ ManagementClient }), handlers);
  const denied: unknown[] = [];
  const primary: unknown[] = [];
  const cache = { get: () => ({ value: 'token' }), set: () => undefined, delete: () => undefined };
  await handlers.onExecutePostLogin?.(event, {
    access: { deny: (text: unknown) => denied.push(text) },
    authentication: { setPrimaryUser: (id: unknown) => primary.push(id) },
    cache,
  });
  return { denied, called, primary };
}

describe('the decisions of the guard’s Action', () => {
  const now = new Date().toISOString();
  const userId = 'oidc|acme|x" OR user_id:"oidc|acme|ivy';
  const event = {
    user: { user_id: userId, email: 'sam@acme.example', email_verified: true, identities: [{}], app_metadata: {} },
    organization: { id: 'org_1' },
    connection: { id: 'con_1', name: 'acme' },
    authentication: { methods: [{ name: 'federated', timestamp: now }] },
    request: { query: {} },
    secrets: { DOMAIN: 'tenant.example' },
  };
  const line = (reason: string, of: object) => ({
    log_id: '1',
    user_id: userId,
    organization_id: 'org_1',
    date: new Date(Date.now() + 1_000).toISOString(),
    details: { reason },
    ...of,
  });

  test('its own fresh line of auto-membership: refused, and taken back', async () => {
    const { denied, called } = await runWith([line('auto_membership', {})], event);
    expect(denied).toEqual([DEFAULT_TEXTS.stranger]);
    expect(called).toContain('deleteMembers');
  });

  test.each([
    ['of this organization alone: linked to the account of before', ['org_1'], ['auth0|sam']],
    ['of another organization, too: not linked, or that seat would be lost', ['org_1', 'org_2'], []],
  ])('the new user is a member %s', async (_name, seats, linkedTo) => {
    const account = {
      ...{ user_id: 'auth0|sam', email: 'sam@acme.example', email_verified: true },
      identities: [{ provider: 'auth0', connection: 'passwords' }],
    };
    const known = { accounts: [account], organizations: { [userId]: seats, 'auth0|sam': ['org_1'] } };
    const { called, primary } = await runWith([line('auto_membership', {})], event, known);
    expect(primary).toEqual(linkedTo);
    expect(called.includes('link')).toBe(linkedTo.length > 0);
  });

  test('one invitation is over, a later one waits: let in by the later one', async () => {
    const invitation = (id: string, expires_at: string) => ({ id, expires_at, invitee: { email: 'sam@acme.example' } });
    const invitations = [invitation('old', '2026-01-01T00:00:00Z'), invitation('new', '2999-01-01T00:00:00Z')];
    const { denied, called } = await runWith([], event, { invitations });
    expect(denied).toEqual([]);
    expect(called).toContain('deleteInvitation');
  });

  test.each([
    ['it is gone, as after another login of this person at the same time: in', 404, []],
    ['the tenant refuses: nobody knows', 403, [DEFAULT_TEXTS.unclear]],
  ])('an invitation is used and cannot be deleted: %s', async (_name, deletion, refused) => {
    const invitations = [{ id: 'new', expires_at: '2999-01-01T00:00:00Z', invitee: { email: 'sam@acme.example' } }];
    expect((await runWith([], event, { invitations, deletion })).denied).toEqual(refused);
  });

  test('a login by the link of an invitation: in with its roles, and the login itself uses the invitation up', async () => {
    const invitations = [{ id: 'new', expires_at: '2999-01-01T00:00:00Z', invitee: { email: 'sam@acme.example' } }];
    const byLink = { ...event, request: { query: { invitation: 'ticket' } } };
    const { denied, called } = await runWith([], byLink, { invitations });
    expect(denied).toEqual([]);
    expect(called).toContain('addMemberRoles');
    expect(called).not.toContain('deleteInvitation');
  });

  test.each([
    ['a moment after this login', 1_500, true],
    ['a moment before it: the two came in the other order', -1_500, true],
    ['an hour before it: of a seat that is gone', -3_600_000, false],
  ])('auto-membership by this login, and an invitation accepted %s', async (_name, milliseconds, isIn) => {
    const coming = line('auto_membership', {});
    const accepted = line('', { log_id: '2', type: 'si', date: new Date(Date.now() + milliseconds).toISOString() });
    const lines = [coming, accepted].sort((one, other) => Date.parse(other.date) - Date.parse(one.date));
    const { denied, called } = await runWith(lines, event, { logins: [] });
    expect(denied).toEqual(isIn ? [] : [DEFAULT_TEXTS.stranger]);
    expect(called.includes('deleteMembers')).toBe(!isIn);
    expect(called.includes('addMemberRoles')).toBe(isIn);
  });

  test.each([
    ['the log calls a stranger', [line('auto_membership', {})]],
    ['the log does not know', []],
  ])(
    'somebody whom %s, and whom another login has let in meanwhile: in, and nothing is taken',
    async (_name, lines) => {
      let asked = 0;
      const roles = () => (asked++ === 0 ? [] : [{ id: 'rol_1' }]);
      const { denied, called } = await runWith(lines, event, { roles });
      expect(denied).toEqual([]);
      expect(called).not.toContain('deleteMembers');
    },
  );

  test.each([
    ['one login elsewhere since: not one of this organization', 1, []],
    ['more logins elsewhere than a page has: nobody knows', 50, [DEFAULT_TEXTS.unclear]],
  ])('an invitation of last year, and %s', async (_name, count, refused) => {
    const invitation = line('invitation', { date: '2025-01-01T00:00:00Z' });
    const login = { user_id: userId, organization_id: 'org_2', date: '2025-02-01T00:00:00Z' };
    const logins = Array.from({ length: count }, () => login);
    expect((await runWith([invitation], event, { logins })).denied).toEqual(refused);
  });

  test.each([
    ['another person’s invitation', line('invitation', { user_id: 'oidc|acme|ivy' })],
    ['an invitation to another organization', line('invitation', { organization_id: 'org_2' })],
    ['another person’s auto-membership', line('auto_membership', { user_id: 'oidc|acme|ivy' })],
  ])('the log answers %s: nobody is let in by it, and nothing is taken', async (_name, answered) => {
    const { denied, called } = await runWith([answered], event);
    expect(denied).toEqual([DEFAULT_TEXTS.unclear]);
    expect(called).not.toContain('deleteMembers');
    expect(called).not.toContain('addMemberRoles');
  });

  test.each([
    ['Auth0 does not say when the person signed in', undefined],
    ['the person used a session of yesterday', { methods: [{ name: 'federated', timestamp: '2026-01-01T00:00:00Z' }] }],
  ])('%s: refused, and nothing is taken', async (_name, authentication) => {
    const { denied, called } = await runWith([line('auto_membership', {})], { ...event, authentication });
    expect(denied).toEqual([DEFAULT_TEXTS.stranger]);
    expect(called).not.toContain('deleteMembers');
  });
});
