/** Organizations, the connections they enable, members, roles, invitations, discovery domains. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
const org = (path = '') => `/organizations/${cast.organization}${path}`;
const id = (text: string) => encodeURIComponent(text);

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

describe('organizations', () => {
  test('case=create-get-update-delete', async () => {
    const created = await api.post('/organizations', {
      name: 'beta',
      branding: { logo_url: 'https://x.example/l.png', colors: { primary: '#000000', page_background: '#ffffff' } },
      metadata: { plan: 'pro' },
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: expect.stringMatching(/^org_[A-Za-z0-9]{16}$/),
      name: 'beta',
      branding: { logo_url: 'https://x.example/l.png', colors: { primary: '#000000', page_background: '#ffffff' } },
      metadata: { plan: 'pro' },
    });
    expect((await api.get('/organizations/name/beta')).body).toEqual(created.body);
    const path = `/organizations/${created.body.id}`;
    const updated = await api.patch(path, { display_name: 'Beta GmbH', metadata: { tier: '2' }, blocked: true });
    expect(updated.body).toMatchObject({ display_name: 'Beta GmbH', metadata: { tier: '2' }, blocked: true });
    expect(updated.body.branding.logo_url).toBe('https://x.example/l.png');
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.delete(path)).body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'No organization found by that id or name',
    });
  });

  test('case=name-taken', async () => {
    const answer = await api.post('/organizations', { name: 'acme' });
    expect(answer.body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      message: 'An organization with this name already exists.',
    });
    const other = await api.post('/organizations', { name: 'gamma' });
    expect((await api.patch(`/organizations/${other.body.id}`, { name: 'acme' })).status).toBe(409);
    await api.delete(`/organizations/${other.body.id}`);
  });

  test.each([
    [{}, "Payload validation error: 'Missing required property: name'."],
    [
      { name: 'Acme' },
      "Payload validation error: 'Object didn't pass validation for format organization-name: Acme' on property name.",
    ],
    [
      { name: 'org_x' },
      "Payload validation error: 'Object didn't pass validation for format organization-name: org_x' on property name.",
    ],
    [{ name: 'x', nope: 1 }, "Payload validation error: 'Additional properties not allowed: nope'."],
    [{ name: 1 }, "Payload validation error: 'Expected type string but found type integer' on property name."],
    [
      { name: 'x', branding: { colors: { primary: 'red', page_background: '#fff' } } },
      "Payload validation error: 'Object didn't pass validation for format html-color: red' on property branding.colors.primary.",
    ],
  ])('case=refused %j', async (body, message) => {
    expect((await api.post('/organizations', body)).body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message,
      errorCode: 'invalid_body',
    });
  });

  test('case=connections-at-creation-need-their-scope', async () => {
    const body = { name: 'delta', enabled_connections: [{ connection_id: cast.databaseConnection }] };
    expect((await api.post('/organizations', body, 'create.organizations')).status).toBe(403);
    expect((await api.get('/organizations/name/delta')).status).toBe(404);
  });

  test('case=a-write-is-whole-or-not-at-all', async () => {
    const logged = async () => (await api.database.pool.query('select count(*)::int as n from logs')).rows[0]?.n;
    const before = await logged();
    const enabled_connections = [{ connection_id: cast.databaseConnection }, { connection_id: 'con_0000000000000000' }];
    expect((await api.post('/organizations', { name: 'half', enabled_connections })).status).toBe(404);
    expect((await api.get('/organizations/name/half')).status).toBe(404);
    expect(await logged()).toBe(before);
  });
});

describe('lists', () => {
  test('case=three-forms', async () => {
    const names: string[] = [];
    for (let n = 0; n < 5; n += 1) names.push((await api.post('/organizations', { name: `list-${n}` })).body.id);
    const bare = await api.get('/organizations');
    expect(Array.isArray(bare.body)).toBe(true);
    const totals = await api.get('/organizations?include_totals=true&per_page=2&page=1');
    expect(totals.body).toMatchObject({ start: 2, limit: 2, total: bare.body.length });
    expect(totals.body.organizations).toHaveLength(2);
    // SDK 7 sends both: take wins.
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = await api.get(
        `/organizations?include_totals=true&take=2${next === undefined ? '' : `&from=${next}`}`,
      );
      expect(Object.keys(page.body).filter((name) => name !== 'next')).toEqual(['organizations']);
      seen.push(...page.body.organizations.map((item: { id: string }) => item.id));
      next = page.body.next;
    } while (next !== undefined);
    expect(seen).toEqual(bare.body.map((item: { id: string }) => item.id));
    for (const name of names) await api.delete(`/organizations/${name}`);
  });

  test('case=sorted-by-name-and-by-what-is-shown', async () => {
    const shown: readonly (readonly [string, string?])[] = [
      ['sort-c', 'alpha'],
      ['sort-a', 'Beta'],
      ['sort-b', 'alpha'],
      ['sort-d'],
    ];
    const ids: string[] = [];
    for (const [name, display_name] of shown)
      ids.push((await api.post('/organizations', { name, ...(display_name && { display_name }) })).body.id);
    const mine = (items: { name: string }[]) =>
      items.map((item) => item.name).filter((name) => name.startsWith('sort-'));
    // By id among equals.
    const [c = '', , b = ''] = ids;
    const alphas = c < b ? ['sort-c', 'sort-b'] : ['sort-b', 'sort-c'];
    for (const [sort, expected] of [
      ['name:1', ['sort-a', 'sort-b', 'sort-c', 'sort-d']],
      ['name:-1', ['sort-d', 'sort-c', 'sort-b', 'sort-a']],
      ['display_name:1', [...alphas, 'sort-a', 'sort-d']],
      ['display_name:-1', ['sort-d', 'sort-a', ...[...alphas].reverse()]],
      ['created_at:-1', ['sort-d', 'sort-b', 'sort-a', 'sort-c']],
    ] as const) {
      expect(mine((await api.get(`/organizations?sort=${sort}`)).body), sort).toEqual(expected);
      const paged: { name: string }[] = [];
      for (let page = 0; ; page += 1) {
        const { body } = await api.get(`/organizations?sort=${sort}&per_page=1&page=${page}`);
        if (body.length === 0) break;
        paged.push(...body);
      }
      expect(mine(paged), `${sort} by page`).toEqual(expected);
      const taken: { name: string }[] = [];
      let from = '';
      do {
        const { body } = await api.get(`/organizations?sort=${sort}&take=1${from}`);
        taken.push(...body.organizations);
        from = body.next === undefined ? '' : `&from=${body.next}`;
      } while (from !== '');
      expect(mine(taken), `${sort} by cursor`).toEqual(expected);
    }
    const { next } = (await api.get('/organizations?sort=name:1&take=1')).body;
    for (const list of ['organizations?take=1', 'organizations?sort=created_at:1', 'clients?take=1']) {
      expect((await api.get(`/${list}&from=${next}`)).body.message).toContain('not a cursor of this list');
    }
    for (const id of ids) await api.delete(`/organizations/${id}`);
  });

  test.each([
    '/organizations?page=900&per_page=100',
    '/organizations?page=900&include_totals=true',
    '/organizations/ORG/members?page=7',
    '/organizations/ORG/enabled_connections?page=7',
    '/organizations/ORG/connections?page=7',
    '/organizations/ORG/invitations?page=7',
    '/clients?page=7',
    '/connections?page=7',
    '/roles?page=7',
    '/users?page=70',
    '/logs?page=7000',
    '/resource-servers?page=7',
    '/client-grants?page=7',
  ])('case=past-the-end-is-empty %s', async (path) => {
    const { status, body } = await api.get(path.replace('ORG', cast.organization));
    expect(status).toBe(200);
    const items = Array.isArray(body) ? body : Object.values(body).find(Array.isArray);
    expect(items).toEqual([]);
  });

  test.each([
    ['per_page=101', 'greater than maximum 100'],
    ['per_page=x', 'Expected type integer'],
    ['take=0', 'less than minimum 1'],
    ['from=%00', 'NUL'],
    ['from=AAAA', 'not a cursor'],
    ['sort=metadata:1', 'can be sorted by created_at:1 or created_at:-1, name:1'],
    ['sort=name', 'can be sorted by'],
  ])('case=bad-query %s', async (query, reason) => {
    const { status, body } = await api.get(`/organizations?${query}`);
    expect(status).toBe(400);
    expect(body.errorCode).toBe('invalid_query_string');
    expect(body.message).toContain(reason);
  });
});

describe('enabled connections', () => {
  test('case=both-generations-show-the-same-rows', async () => {
    const old = await api.get(org('/enabled_connections'));
    const twin = await api.get(org('/connections'));
    expect(old.body.map((item: { connection_id: string }) => item.connection_id)).toEqual(
      twin.body.map((item: { connection_id: string }) => item.connection_id),
    );
    expect(twin.body[0]).toMatchObject({
      is_enabled: true,
      organization_access_level: 'none',
      connection: { name: 'Username-Password', strategy: 'auth0' },
    });
    expect(Object.keys(old.body[0]).sort()).toEqual([
      'assign_membership_on_login',
      'connection',
      'connection_id',
      'is_signup_enabled',
      'show_as_button',
    ]);
  });

  test('case=a-change-leaves-what-it-does-not-name', async () => {
    const path = org(`/connections/${cast.oidcConnection}`);
    const settings = {
      assign_membership_on_login: true,
      organization_connection_name: 'The door of Acme',
      link_existing_members: 'never',
      sso_rollout: 'required',
      auto_membership_condition: 'email_domain == "acme.example"',
    };
    expect((await api.patch(path, settings)).body).toMatchObject(settings);
    expect((await api.patch(path, { show_as_button: false })).body).toMatchObject({
      ...settings,
      show_as_button: false,
    });
    const back = Object.fromEntries(Object.keys(settings).map((name) => [name, null]));
    // Auth0's schema takes no null for the first one.
    await api.patch(path, { ...back, assign_membership_on_login: false, show_as_button: true });
    const { id, name } = (await api.post('/organizations', { name: 'steady', display_name: 'Steady' })).body;
    expect((await api.patch(`/organizations/${id}`, { blocked: true })).body).toMatchObject({
      name,
      display_name: 'Steady',
    });
    await api.delete(`/organizations/${id}`);
  });

  test('case=additions-and-revision', async () => {
    const path = org(`/enabled_connections/${cast.oidcConnection}`);
    const revision = async () => {
      const { rows } = await api.database.pool.query(
        'select revision from organization_connections where organization_id = $1 and connection_id = $2',
        [cast.organization, cast.oidcConnection],
      );
      return rows[0]?.revision;
    };
    const before = await revision();
    const answer = await api.patch(path, {
      link_existing_members: 'never',
      auto_membership_condition: 'email_domain == "acme.example"',
      assign_membership_on_login: true,
    });
    expect(answer.body).toMatchObject({
      link_existing_members: 'never',
      auto_membership_condition: 'email_domain == "acme.example"',
      assign_membership_on_login: true,
    });
    // A login that began with the old settings must not end with them.
    expect(await revision()).not.toBe(before);
    const back = await api.patch(path, {
      link_existing_members: 'verified_email',
      auto_membership_condition: null,
      assign_membership_on_login: false,
    });
    expect(back.body).not.toHaveProperty('auto_membership_condition');
    expect(back.body).not.toHaveProperty('link_existing_members');
  });

  test('case=null-is-the-default', async () => {
    const path = org(`/connections/${cast.oidcConnection}`);
    const settings = { is_enabled: false, organization_access_level: 'limited', organization_connection_name: 'acme' };
    expect((await api.patch(path, settings)).body).toMatchObject(settings);
    const back = await api.patch(path, Object.fromEntries(Object.keys(settings).map((name) => [name, null])));
    expect(back.status).toBe(200);
    expect(back.body).toMatchObject({ is_enabled: true, organization_access_level: 'none' });
    expect(back.body).not.toHaveProperty('organization_connection_name');
  });

  test.each([
    [{ auto_membership_condition: 'email ==' }, 'auto_membership_condition is not a usable expression'],
    [
      { is_signup_enabled: true },
      'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.',
    ],
    [{ sso_rollout: 'sometimes' }, 'No enum match'],
  ])('case=refused %j', async (body, reason) => {
    const answer = await api.patch(org(`/enabled_connections/${cast.oidcConnection}`), body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(reason);
  });

  test('case=twice-and-unknown', async () => {
    expect((await api.post(org('/enabled_connections'), { connection_id: cast.oidcConnection })).status).toBe(409);
    expect((await api.post(org('/connections'), { connection_id: 'con_0000000000000000' })).status).toBe(404);
    expect((await api.get(org('/enabled_connections/con_0000000000000000'))).body.message).toBe(
      'No connection found by that id',
    );
  });
});

describe('members', () => {
  test('case=fields-add-delete', async () => {
    expect((await api.post(org('/members'), { members: [cast.bob, cast.dana] })).status).toBe(204);
    expect((await api.post(org(`/members/${id(cast.bob)}/roles`), { roles: [cast.role] })).status).toBe(204);
    const plain = await api.get(org('/members'));
    expect(plain.body[0]).not.toHaveProperty('roles');
    const withRoles = await api.get(
      org('/members?fields=user_id,email,roles&include_fields=true&take=50&include_totals=true'),
    );
    expect(withRoles.body.members.find((member: { user_id: string }) => member.user_id === cast.bob)).toEqual({
      user_id: cast.bob,
      email: 'bob@acme.example',
      roles: [{ id: cast.role, name: 'admin' }],
    });
    expect((await api.get(org('/members?fields=roles'), 'read.organization_members')).status).toBe(403);
    expect((await api.get(org(`/members/${id(cast.bob)}/roles`))).body).toEqual([
      { id: cast.role, name: 'admin', description: 'Administrators' },
    ]);
    expect((await api.get(`/users/${id(cast.bob)}/organizations`)).body).toMatchObject([{ name: 'acme' }]);
    expect((await api.delete(org('/members'), { members: [cast.bob] })).status).toBe(204);
    const { rows } = await api.database.pool.query('select * from member_roles where user_id = $1', [cast.bob]);
    expect(rows).toEqual([]);
  });

  test('case=removal-revokes-refresh-tokens-of-that-organization', async () => {
    await api.post(org('/members'), { members: [cast.bob] });
    const other = (await api.post('/organizations', { name: 'other' })).body.id;
    await api.post(`/organizations/${other}/members`, { members: [cast.bob] });
    const insert = `insert into refresh_tokens (user_id, token_hash, family_id, client_id, organization_id, connection_id, scope,
      authenticated_at, created_at, expires_at, idle_expires_at)
      values ($1, $2, 'f', $3, $4, $5, 'openid', now(), now(), now() + interval '1 day', now() + interval '1 day')`;
    for (const [index, organization] of [cast.organization, other].entries()) {
      await api.database.pool.query(insert, [
        cast.bob,
        Buffer.from([index]),
        cast.client,
        organization,
        cast.databaseConnection,
      ]);
    }
    await api.delete(org('/members'), { members: [cast.bob] });
    const { rows } = await api.database.pool.query(
      'select organization_id, revoked_at is not null as revoked from refresh_tokens where user_id = $1 order by token_hash',
      [cast.bob],
    );
    expect(rows).toEqual([
      { organization_id: cast.organization, revoked: true },
      { organization_id: other, revoked: false },
    ]);
    await api.delete(`/organizations/${other}`);
  });

  test('case=unknown-users-and-roles', async () => {
    const members = await api.post(org('/members'), { members: ['auth0|nobody', cast.dana] });
    expect(members.status).toBe(400);
    expect(members.body.message).toBe('One or more of the specified users do not exist: auth0|nobody');
    const roles = await api.post(org(`/members/${id(cast.dana)}/roles`), { roles: ['rol_0000000000000000'] });
    expect(roles.body.message).toBe('One or more of the specified roles do not exist: rol_0000000000000000');
    expect((await api.get(org(`/members/${id(cast.bob)}/roles`))).status).toBe(404);
  });

  test('case=last-break-glass-member-stays', async () => {
    const enablement = org(`/enabled_connections/${cast.oidcConnection}`);
    const dana = org(`/members/${id(cast.dana)}`);
    expect((await api.patch(dana, { break_glass: true })).body).toMatchObject({
      user_id: cast.dana,
      break_glass: true,
    });
    expect((await api.get(org('/members?fields=user_id,break_glass'))).body).toContainEqual({
      user_id: cast.dana,
      break_glass: true,
    });
    await api.patch(enablement, { sso_rollout: 'required' });
    expect((await api.patch(dana, { break_glass: false })).status).toBe(409);
    expect((await api.delete(org('/members'), { members: [cast.dana] })).body.errorCode).toBe(
      'last_break_glass_member',
    );
    expect((await api.delete(`/users/${id(cast.dana)}`)).status).toBe(409);
    await api.post(org('/members'), { members: [cast.bob] });
    await api.patch(org(`/members/${id(cast.bob)}`), { break_glass: true });
    expect((await api.patch(dana, { break_glass: false })).status).toBe(200);
    // Two last ones at once must not each count on the other.
    await api.patch(dana, { break_glass: true });
    const answers = await Promise.all([
      api.delete(org('/members'), { members: [cast.bob] }),
      api.patch(dana, { break_glass: false }),
    ]);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(1);
    await api.patch(enablement, { sso_rollout: 'optional' });
    expect((await api.delete(org('/members'), { members: [cast.bob] })).status).toBe(204);
  });
});

describe('invitations', () => {
  const invite = (changes: object = {}) =>
    api.post(org('/invitations'), {
      inviter: { name: 'Dana' },
      invitee: { email: 'New@Acme.example' },
      client_id: cast.client,
      ...changes,
    });

  test('case=create-list-get-delete', async () => {
    const mailBefore = (await api.mail()).length;
    const created = await invite({
      connection_id: cast.oidcConnection,
      roles: [cast.role],
      app_metadata: { k: 1 },
      ttl_sec: 3600,
    });
    expect(created.status).toBe(201);
    const { body } = created;
    expect(body).toMatchObject({
      id: expect.stringMatching(/^uinv_[A-Za-z0-9]{16}$/),
      organization_id: cast.organization,
      inviter: { name: 'Dana' },
      invitee: { email: 'new@acme.example' },
      client_id: cast.client,
      connection_id: cast.oidcConnection,
      roles: [cast.role],
      app_metadata: { k: 1 },
      ticket_id: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    });
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(3_600_000);
    const url = new URL(body.invitation_url);
    expect(url.origin + url.pathname).toBe('https://app.example/login');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      invitation: body.ticket_id,
      organization: cast.organization,
      organization_name: 'acme',
    });
    const mail = (await api.mail()).slice(mailBefore);
    expect(mail).toHaveLength(1);
    expect(mail[0]).toMatchObject({
      to: 'new@acme.example',
      template: 'invitation',
      model: { url: expect.stringContaining(`invitation=${body.ticket_id}.`) },
    });
    // The mail alone carries the seal that proves the mailbox: no answer and no log shows it.
    const mailed = new URL(String(mail[0]?.model.url)).searchParams.get('invitation') ?? '';
    const seal = mailed.slice(body.ticket_id.length + 1);
    expect(seal).toMatch(/^[A-Za-z0-9_-]{38}$/);
    expect(JSON.stringify(body)).not.toContain(seal);
    expect((await api.get(org(`/invitations/${body.id}`))).body).toEqual(body);
    const listed = await api.get(org('/invitations?page=0&per_page=50&include_totals=true&sort=created_at:-1'));
    expect(listed.body).toEqual({ start: 0, limit: 50, invitations: [body] });
    // SDK 3 sends a body here.
    expect((await api.delete(org(`/invitations/${body.id}`), {})).status).toBe(204);
    expect((await api.get(org(`/invitations/${body.id}`))).body).toMatchObject({
      message: 'The invitation does not exist.',
      errorCode: 'inexistent_invitation',
    });
  });

  test('case=default-lifetime-and-no-mail', async () => {
    const mailBefore = await api.mail();
    const { body } = await invite({ send_invitation_email: false, ttl_sec: 0 });
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(604_800_000);
    expect(await api.mail()).toEqual(mailBefore);
    await api.delete(org(`/invitations/${body.id}`));
  });

  test('case=the-database-holds-no-ticket', async () => {
    const { body } = await invite({ send_invitation_email: false });
    const { rows } = await api.database.pool.query('select to_jsonb(i)::text as text from invitations i');
    const logs = await api.database.pool.query('select to_jsonb(l)::text as text from logs l');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify([rows, logs.rows])).not.toContain(body.ticket_id);
    await api.delete(org(`/invitations/${body.id}`));
  });

  test.each([
    ['unknown client', { client_id: 'nobody' }, 'The specified client_id does not exist.'],
    ['unknown connection', { connection_id: 'con_0000000000000000' }, 'The specified connection does not exist.'],
    [
      'unknown roles',
      { roles: ['rol_0000000000000000'] },
      'One or more of the specified roles do not exist: rol_0000000000000000',
    ],
    [
      'address',
      { invitee: { email: 'a@b@c' } },
      "Payload validation error: 'Object didn't pass validation for format email: a@b@c' on property invitee.email.",
    ],
    ['extra key', { nope: 1 }, "Payload validation error: 'Additional properties not allowed: nope'."],
    [
      'lifetime',
      { ttl_sec: 2_592_001 },
      "Payload validation error: 'Value 2592001 is greater than maximum 2592000' on property ttl_sec.",
    ],
    ['no roles', { roles: [] }, "Payload validation error: 'Array is too short (0), minimum 1' on property roles."],
  ])('case=refused %s', async (_name, changes, message) => {
    expect((await invite(changes)).body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message,
      errorCode: 'invalid_body',
    });
  });

  test('case=client-without-organizations-or-login-route', async () => {
    const denied = (await api.post('/clients', { name: 'Denied' })).body.client_id;
    expect((await invite({ client_id: denied })).body.message).toBe(
      `The specified client_id (${denied}) does not allow organizations.`,
    );
    await api.patch(`/clients/${denied}`, { organization_usage: 'allow' });
    expect((await invite({ client_id: denied })).body.message).toContain('A default login route is required');
    await api.patch('/tenants/settings', { default_redirection_uri: 'https://fallback.example/start?x=1' });
    const { body } = await invite({ client_id: denied });
    expect(body.invitation_url).toMatch(/^https:\/\/fallback\.example\/start\?x=1&invitation=/);
    await api.delete(org(`/invitations/${body.id}`));
    await api.delete(`/clients/${denied}`);
  });

  test('case=of-another-organization-is-404', async () => {
    const { body } = await invite({ send_invitation_email: false });
    const other = (await api.post('/organizations', { name: 'evil' })).body.id;
    expect((await api.get(`/organizations/${other}/invitations/${body.id}`)).status).toBe(404);
    expect((await api.delete(`/organizations/${other}/invitations/${body.id}`)).status).toBe(404);
    expect((await api.get(org(`/invitations/${body.id}`))).status).toBe(200);
    await api.delete(`/organizations/${other}`);
  });
});

describe('discovery domains', () => {
  test('case=create-get-update-delete', async () => {
    const created = await api.post(org('/discovery-domains'), { domain: 'Acme.example' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: expect.stringMatching(/^ord_[A-Za-z0-9]{22}$/),
      domain: 'acme.example',
      status: 'pending',
      verification_txt: expect.stringMatching(/^[0-9a-f]{32}$/),
      verification_host: `_ss-verification.${cast.organization}.acme.example`,
      use_for_organization_discovery: true,
    });
    const path = org(`/discovery-domains/${created.body.id}`);
    expect((await api.patch(path, { status: 'verified' })).body.status).toBe('verified');
    expect((await api.get(org('/discovery-domains/name/ACME.example'))).body.id).toBe(created.body.id);
    expect((await api.get(org('/discovery-domains?take=50'))).body.domains).toHaveLength(1);
    expect((await api.get(org('/discovery-domains'))).body.domains).toHaveLength(1);
    expect((await api.post(org('/discovery-domains'), { domain: 'acme.example' })).status).toBe(409);
    const evil = (await api.post('/organizations', { name: 'evil2' })).body.id;
    // A domain is proved by one organization at most: two would share the accounts of its people.
    const claimed = await api.post(`/organizations/${evil}/discovery-domains`, {
      domain: 'acme.example',
      status: 'verified',
    });
    expect(claimed.status).toBe(409);
    const pending = await api.post(`/organizations/${evil}/discovery-domains`, { domain: 'acme.example' });
    expect(pending.status).toBe(201);
    expect(
      (await api.patch(`/organizations/${evil}/discovery-domains/${pending.body.id}`, { status: 'verified' })).status,
    ).toBe(409);
    expect((await api.get(`/organizations/${evil}/discovery-domains/${created.body.id}`)).status).toBe(404);
    await api.delete(`/organizations/${evil}`);
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).body.message).toBe('No organization domain found by that id');
  });

  test('case=public-mail-is-nobodys', async () => {
    expect((await api.post(org('/discovery-domains'), { domain: 'gmail.com', status: 'verified' })).status).toBe(400);
    const pending = await api.post(org('/discovery-domains'), { domain: 'gmail.com' });
    expect((await api.patch(org(`/discovery-domains/${pending.body.id}`), { status: 'verified' })).status).toBe(400);
    await api.delete(org(`/discovery-domains/${pending.body.id}`));
  });

  test('case=two-claims-at-once', async () => {
    const ids = await Promise.all(
      ['r1', 'r2'].map(async (name) => (await api.post('/organizations', { name })).body.id),
    );
    const answers = await Promise.all(
      ids.map((organization) =>
        api.post(`/organizations/${organization}/discovery-domains`, { domain: 'race.example', status: 'verified' }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    for (const organization of ids) await api.delete(`/organizations/${organization}`);
  });
});
