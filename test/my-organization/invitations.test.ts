/** Invitations by members (My Organization API), and the roles that they give when they are accepted. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Invitation, readMailedTicket } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type Administrator,
  type MyOrganization,
  memberPath,
  myOrg,
  registerMyOrganization,
} from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;
let ada: Administrator;
let editor: string;

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
  editor = await api.createRole('editors', ['read:my_org:details']);
  await showAcme('readonly');
});

/** Sets the access level of Acme's administrators for the cast's connection, as an operator. */
const showAcme = (level: string | null) =>
  stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}/connections/${stage.cast.acme.connectionId}`, {
    organization_connection_name: 'acme',
    organization_access_level: level,
  });

const as = (person: Administrator) => (method: string, path: string, body?: unknown) => {
  clock.advanceMs(2_000);
  return myOrg(stage, person.token, method, path, body);
};
const call = (method: string, path: string, body?: unknown) => as(ada)(method, path, body);
const PATH = '/member-invitations';
const listOpen = async () => (await call('GET', `${PATH}?take=100`)).body.invitations as Json[];

async function refused(answer: () => Promise<{ readonly status: number }>) {
  const before = await stage.instance.snapshot();
  const { status } = await answer();
  // Refused ones count, too: somebody could try out roles.
  const { attempt_counters: _, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed).toEqual({});
  return status;
}

/** Invites one person, and returns the invitation with the ticket of its mail. */
async function invite(person: Administrator, email: string, more: Json = {}, shared: Json = {}): Promise<Invitation> {
  const { status, body } = await as(person)('POST', PATH, { invitees: [{ email, ...more }], ...shared });
  expect([status, body]).toEqual([201, expect.anything()]);
  const [made] = body as unknown as [{ id: string; ticket_id: string; invitation_url: string }];
  const mailed = await readMailedTicket(stage.instance, made.ticket_id);
  return { id: made.id, ticket: made.ticket_id, url: made.invitation_url, mailed };
}

describe('an invitation', () => {
  test('is an array of one, names who invited, and is mailed', async () => {
    const { status, body } = await call('POST', PATH, {
      invitees: [{ email: 'New@acme.example', roles: [editor] }],
      ttl_sec: 600,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject([
      { organization_id: stage.cast.acme.id, invitee: { email: 'new@acme.example' }, roles: [editor] },
    ]);
    const [{ id }] = body as unknown as [{ id: string }];
    expect((await call('GET', `${PATH}/${id}`)).body).toMatchObject({ id, roles: [editor] });
    expect((await call('GET', `${PATH}/${id}?fields=id,invitee`)).body).toEqual({
      id,
      invitee: { email: 'new@acme.example' },
    });
    expect((await call('GET', `${PATH}/${id}/roles`)).body).toEqual({ roles: [{ id: editor, name: 'editors' }] });
    expect((await stage.logs())[0]).toMatchObject({
      organization_id: stage.cast.acme.id,
      details: { request: { path: '/my-org/member-invitations', auth: { subject: ada.id } } },
    });
  });

  test('is listed by its time in both directions, without those that were accepted or revoked', async () => {
    const first = await invite(ada, 'one@acme.example');
    clock.advanceMs(2_000);
    const second = await invite(ada, 'two@acme.example');
    const order = async (query: string) =>
      ((await call('GET', `${PATH}?take=100${query}`)).body.invitations as Json[])
        .map(({ id }) => id)
        .filter((id) => id === first.id || id === second.id);
    expect(await order('')).toEqual([second.id, first.id]);
    expect(await order('&sort=created_at:1')).toEqual([first.id, second.id]);
    expect((await call('DELETE', `${PATH}/${first.id}`)).status).toBe(204);
    expect((await call('POST', '/delete-member-invitations', { invitations: [second.id] })).status).toBe(204);
    expect(await order('')).toEqual([]);
    expect(await refused(() => call('DELETE', `${PATH}/${first.id}`))).toBe(404);
  });

  test('replaces the older ones of the same address', async () => {
    const first = await invite(ada, 'again@acme.example');
    const second = await invite(ada, 'Again@acme.example');
    const ids = (await listOpen()).map(({ id }) => id);
    expect(ids).toContain(second.id);
    expect(ids).not.toContain(first.id);
  });

  test('race=two administrators invite one person at once: one invitation stays open', async () => {
    const other = await api.administrator();
    for (let round = 0; round < 5; round += 1) {
      const email = `both${round}@acme.example`;
      const body = { invitees: [{ email }] };
      const answers = await Promise.all([ada, other].map((person) => as(person)('POST', PATH, body)));
      expect(answers.map(({ status }) => status)).toContain(201);
      for (const { status } of answers) expect([201, 409]).toContain(status);
      const open = (await listOpen()).filter(({ invitee }) => (invitee as Json).email === email);
      expect(open).toHaveLength(1);
    }
  });

  test('is made for all of ten people or for none', async () => {
    const invitees = Array.from({ length: 9 }, (_, at) => ({ email: `all${at}@acme.example` }));
    const wrong = [...invitees, { email: 'last@acme.example', roles: ['rol_0000000000000000'] }];
    const before = (await listOpen()).length;
    expect((await call('POST', PATH, { invitees: wrong })).status).toBe(404);
    expect((await listOpen()).length).toBe(before);
    expect((await call('POST', PATH, { invitees })).status).toBe(201);
  });

  test('says the same for an account that exists and for one that does not', async () => {
    await stage.cast.createUser('known@elsewhere.example');
    const shape = async (email: string) => {
      const { status, body } = await call('POST', PATH, { invitees: [{ email }] });
      return [status, Object.keys((body as unknown as Json[])[0] ?? {}).sort()];
    };
    expect(await shape('known@elsewhere.example')).toEqual(await shape('nobody@elsewhere.example'));
  });

  const wrong: readonly (readonly [unknown])[] = [
    [{}],
    [{ invitees: [] }],
    [{ invitees: [{ email: 'x' }] }],
    [{ invitees: [{ email: 'a@acme.example' }, { email: 'A@acme.example' }] }],
    [{ invitees: Array.from({ length: 11 }, (_, at) => ({ email: `p${at}@acme.example` })) }],
    [{ invitees: [{ email: 'a@acme.example' }], ttl_sec: 2_592_001 }],
    // Mass assignment: what only the Management API takes.
    [{ invitees: [{ email: 'a@acme.example', app_metadata: { plan: 'x' } }] }],
    [{ invitees: [{ email: 'a@acme.example' }], client_id: 'other' }],
    [{ invitees: [{ email: 'a@acme.example' }], app_metadata: {} }],
    [{ invitees: [{ email: 'a@acme.example' }], user_metadata: {} }],
    [{ invitees: [{ email: 'a@acme.example' }], send_invitation_email: false }],
    [{ invitees: [{ email: 'a@acme.example' }], connection_id: 'con_0000000000000000' }],
    [{ invitees: [{ email: 'a@acme.example' }], organization_id: 'org_0000000000000000' }],
  ];
  test.each(wrong)('%j is refused', async (body) => {
    expect(await refused(() => call('POST', PATH, body))).toBe(400);
  });

  test('an address that is named twice is shown where it stands again', async () => {
    const invitees = [{ email: 'a@acme.example' }, { email: 'A@acme.example' }];
    const { body } = await call('POST', PATH, { invitees });
    expect(body.validation_errors).toMatchObject([{ pointer: '/invitees/1/email' }]);
  });

  test('attack=the connection of another organization is named', async () => {
    const other = await stage.cast.createPlace('initech', {}, { domain: 'initech.example' });
    const body = { invitees: [{ email: 'a@acme.example' }], identity_provider_id: other.connectionId };
    expect(await refused(() => call('POST', PATH, body))).toBe(404);
  });

  test('attack=a connection is named that the organization has, but does not see', async () => {
    const via = (id: string) => ({ invitees: [{ email: 'a@acme.example' }], identity_provider_id: id });
    for (const level of [null, 'none']) {
      await showAcme(level);
      expect((await call('GET', `/identity-providers/${stage.cast.acme.connectionId}`)).status).toBe(404);
      expect(await refused(() => call('POST', PATH, via(stage.cast.acme.connectionId)))).toBe(404);
    }
    // A database is never shown.
    const databases = `/organizations/${stage.cast.acme.id}/enabled_connections`;
    await stage.instance.api('POST', databases, { connection_id: stage.cast.databaseId }).catch(() => undefined);
    expect(await refused(() => call('POST', PATH, via(stage.cast.databaseId)))).toBe(404);
    await showAcme('readonly');
    expect((await call('POST', PATH, via(stage.cast.acme.connectionId))).status).toBe(201);
  });

  test('a provider that is switched off is refused at its place', async () => {
    const used = `/organizations/${stage.cast.acme.id}/connections/${stage.cast.acme.connectionId}`;
    const body = { invitees: [{ email: 'a@acme.example' }], identity_provider_id: stage.cast.acme.connectionId };
    await stage.instance.api('PATCH', used, { is_enabled: false });
    const { status, body: said } = await call('POST', PATH, body);
    await stage.instance.api('PATCH', used, { is_enabled: true });
    expect([status, said.validation_errors]).toMatchObject([400, [{ pointer: '/identity_provider_id' }]]);
  });
});

describe('roles in an invitation', () => {
  test('attack=an invitation names a role that its maker may not give', async () => {
    const unmarked = await api.createRole('hidden', [], false);
    const with_ = (role: string) => ({ invitees: [{ email: 'a@acme.example', roles: [role] }] });
    expect(await refused(() => call('POST', PATH, with_(unmarked)))).toBe(404);
    const inviterRole = await api.createRole('inviter', ['create:my_org:member_invitations']);
    const inviter = await api.administrator(undefined, [inviterRole]);
    expect(await refused(() => as(inviter)('POST', PATH, with_(editor)))).toBe(403);
    const giverRole = await api.createRole('giver', ['create:my_org:member_invitations', 'create:my_org:member_roles']);
    const giver = await api.administrator(undefined, [giverRole]);
    expect(await refused(() => as(giver)('POST', PATH, with_(api.adminRole)))).toBe(403);
    expect((await as(giver)('POST', PATH, with_(giverRole))).status).toBe(201);
  });

  test('attack=the application may not give roles, though its maker may', async () => {
    const grant = `/client-grants/${api.grantId}`;
    const without = api.scopes.filter((scope) => scope !== 'create:my_org:member_roles');
    await stage.instance.api('PATCH', grant, { scope: without });
    const body = { invitees: [{ email: 'a@acme.example', roles: [editor] }] };
    const status = await refused(() => call('POST', PATH, body));
    await stage.instance.api('PATCH', grant, { scope: api.scopes });
    expect(status).toBe(403);
  });

  /** Lets the invited person in by Acme's identity provider; their roles in Acme. */
  async function accept(invitation: Invitation, login: string): Promise<readonly string[]> {
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), login));
    expect(claims.org_id).toBe(stage.cast.acme.id);
    const roles = (await call('GET', `${memberPath(String(claims.sub))}/roles`)).body.roles as { id: string }[];
    return roles.map(({ id }) => id);
  }
  const newcomer = (login: string) => {
    const email = `${login}@acme.example`;
    stage.cast.people[login] = { sub: `idp-${login}`, email, email_verified: true, name: login };
    return email;
  };
  const viaAcme = () => ({ identity_provider_id: stage.cast.acme.connectionId });

  test('are given when it is accepted', async () => {
    const invitation = await invite(ada, newcomer('ned'), { roles: [editor] }, viaAcme());
    expect(await accept(invitation, 'ned')).toEqual([editor]);
  });

  test.each([
    [
      'was removed',
      (id: string) => ['DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [id] }] as const,
    ],
    ['was blocked', (id: string) => ['PATCH', `/users/${encodeURIComponent(id)}`, { blocked: true }] as const],
    [
      'lost the role',
      (id: string) =>
        [
          'DELETE',
          `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(id)}/roles`,
          { roles: [api.adminRole] },
        ] as const,
    ],
    ['was deleted', (id: string) => ['DELETE', `/users/${encodeURIComponent(id)}`, undefined] as const],
  ])(
    'attack=an administrator who %s left an invitation with a strong role for a second account',
    async (name, take) => {
      const mallory = await api.administrator();
      const login = `second-${name.replaceAll(' ', '-')}`;
      const invitation = await invite(mallory, newcomer(login), { roles: [api.adminRole] }, viaAcme());
      const [method, path, body] = take(mallory.id);
      await stage.instance.api(method, path, body);
      expect(await accept(invitation, login)).toEqual([]);
    },
  );

  test('attack=an administrator whom the directory deactivated left an invitation for a second account', async () => {
    const mallory = await api.administrator();
    const invitation = await invite(mallory, newcomer('deactivated'), { roles: [api.adminRole] }, viaAcme());
    // As SCIM does it: the membership and its roles stay.
    const { pool } = stage.instance.database;
    await pool.query('update identities set scim_inactive = true where user_id = $1', [mallory.id]);
    expect(await accept(invitation, 'deactivated')).toEqual([]);
  });

  test('attack=somebody invites their own address, to give themselves a role', async () => {
    const mallory = await api.administrator();
    const own = (roles: readonly string[]) => ({ invitees: [{ email: mallory.email.toUpperCase(), roles }] });
    expect(await refused(() => as(mallory)('POST', PATH, own([editor])))).toBe(403);
    expect((await as(mallory)('POST', PATH, own([]))).status).toBe(201);
    // An address that becomes theirs afterwards.
    const email = newcomer('mallory');
    const invitation = await invite(mallory, email, { roles: [editor] }, viaAcme());
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(mallory.id)}`, { email, email_verified: true });
    expect(await accept(invitation, 'mallory')).toEqual([api.adminRole]);
  });

  test('attack=a permission of the same name at another API counts for the ceiling', async () => {
    const identifier = 'https://former.example/my-org/';
    await stage.instance.api('POST', '/resource-servers', {
      ...{ identifier, scopes: [{ value: 'update:my_org:details' }] },
    });
    const small = await api.createRole('elsewhere', ['create:my_org:member_invitations', 'create:my_org:member_roles']);
    const named = { permission_name: 'update:my_org:details' };
    const permit = (role: string, resource_server_identifier: unknown) =>
      stage.instance.api('POST', `/roles/${role}/permissions`, {
        permissions: [{ ...named, resource_server_identifier }],
      });
    await permit(small, identifier);
    const role = await api.createRole('grown', []);
    const mallory = await api.administrator(undefined, [small]);
    const invitation = await invite(mallory, newcomer('sam'), { roles: [role] }, viaAcme());
    await permit(role, api.server.identifier);
    expect(await accept(invitation, 'sam')).toEqual([]);
  });

  test('attack=an administrator lost the right to give roles, and left an invitation with a weak one', async () => {
    const weak = await api.createRole('weak', []);
    const mallory = await api.administrator();
    const invitation = await invite(mallory, newcomer('rita'), { roles: [weak] }, viaAcme());
    const roles = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(mallory.id)}/roles`;
    await stage.instance.api('DELETE', roles, { roles: [api.adminRole] });
    expect(await accept(invitation, 'rita')).toEqual([]);
  });

  test('attack=an operator took the mark away, or made the role stronger, before it was accepted', async () => {
    const role = await api.createRole('growing', ['read:my_org:details']);
    const readerRole = await api.createRole('small admin', [
      'create:my_org:member_invitations',
      'create:my_org:member_roles',
      'read:my_org:details',
    ]);
    const small = await api.administrator(undefined, [readerRole]);
    const first = await invite(small, newcomer('olga'), { roles: [role] }, viaAcme());
    await stage.instance.api('POST', `/roles/${role}/permissions`, {
      permissions: [{ permission_name: 'update:my_org:details', resource_server_identifier: api.server.identifier }],
    });
    expect(await accept(first, 'olga')).toEqual([]);
    const second = await invite(ada, newcomer('pia'), { roles: [role] }, viaAcme());
    await stage.instance.api('PATCH', `/roles/${role}`, { assignable_by_organizations: false });
    expect(await accept(second, 'pia')).toEqual([]);
  });

  test('of an operator do not depend on anybody', async () => {
    const invitation = await stage.cast.invite(newcomer('quinn'), { roles: [stage.cast.roleId] });
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), 'quinn'));
    expect((await call('GET', `${memberPath(String(claims.sub))}/roles`)).body.roles).toMatchObject([
      { id: stage.cast.roleId },
    ]);
  });
});

test('attack=a customer has this server mail one stranger again and again', async () => {
  const spammer = await api.administrator();
  const send = (email: string) => as(spammer)('POST', PATH, { invitees: [{ email }] });
  const statuses: number[] = [];
  for (let round = 0; round < 12; round += 1) statuses.push((await send('victim@other.example')).status);
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(201));
  expect(statuses.slice(10)).toEqual([429, 429]);
  expect((await send('somebody@other.example')).status).toBe(201);
});

test('attack=a customer has this server mail strangers by the hundred', async () => {
  const spammer = await api.administrator();
  const send = (round: number) =>
    as(spammer)('POST', PATH, {
      invitees: Array.from({ length: 10 }, (_, at) => ({ email: `s${round}-${at}@other.example` })),
    });
  const statuses: number[] = [];
  for (let round = 0; round < 12; round += 1) statuses.push((await send(round)).status);
  expect(statuses).toContain(201);
  expect(statuses.at(-1)).toBe(429);
});
