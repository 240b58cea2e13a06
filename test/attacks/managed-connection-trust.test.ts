/**
 * Attacks by the administrator of a customer, Mallory, who made the customer's connection by the My Organization API and runs the
 * identity provider behind it (ADR 0102). Evil Corp is the customer; Victor is one of its members, with an address elsewhere.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { Administrator, settingsOf } from '../support/administrator.js';
import { PASSWORD, type Place } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import type { Person } from '../support/scripted-idp.js';
import { answerOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ clientFields: { organization_usage: 'allow' } });
const PEOPLE: Record<string, Person> = {
  victor: { sub: 'm-victor', email: 'victor@elsewhere.example', email_verified: true },
  eve: { sub: 'm-eve', email: 'eve@evil.example', email_verified: true },
  adam: { sub: 'm-adam', email: 'adam@evil.example', email_verified: true },
  wanda: { sub: 'm-wanda', email: 'wanda@elsewhere.example', email_verified: true },
  walter: { sub: 'm-walter', email: 'walter@elsewhere.example', email_verified: true },
};
let evil: Place;
let victor: string;

const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
/** The status and the code of a call that is refused. */
async function code(method: string, path: string, body: unknown): Promise<unknown[]> {
  const said = await api(method, path, body).then(
    () => '200 {}',
    (error: unknown) => String(error),
  );
  const [, status, json = '{}'] = /(\d{3}) (\{.*)/s.exec(said) ?? [];
  return [Number(status), (JSON.parse(json) as Json).errorCode];
}
const connection = () => `/connections/${evil.connectionId}`;
const enabled = (id = evil.id) => `/organizations/${id}/enabled_connections/${evil.connectionId}`;
const manage = (value: string | null) => api('PATCH', connection(), { managed_by_organization: value });
const change = async (options: Json) => {
  const { options: now } = await api('GET', connection());
  return api('PATCH', connection(), { options: { ...(now as Json), ...options } });
};

/** The server sees the record of the domain from now on, or for the last time a week ago. */
async function proveByDns(until = '7 days'): Promise<void> {
  await stage.instance.database.pool.query(
    `update discovery_domains set status = 'verified', proof = 'dns', checked_at = now(), expires_at = now() + $2::interval
     where domain = $1`,
    ['evil.example', until],
  );
}
async function proveByWord(): Promise<void> {
  await stage.instance.database.pool.query(
    `update discovery_domains set status = 'verified', proof = 'operator', expires_at = null where domain = $1`,
    ['evil.example'],
  );
}

const inside = () => ({ organization: evil.id, connection: evil.connectionName });
const signIn = async (login: string, more: Record<string, string> = {}) => {
  const visitor = stage.visitor();
  return { visitor, page: await visitor.signInAtIdp(await visitor.open({ ...inside(), ...more }), login) };
};
const refusalOf = async (login: string, more: Record<string, string> = {}) => {
  const before = await stage.instance.snapshot();
  const { page } = await signIn(login, more);
  const line = await stage.refusal(page);
  await expectNothingLeft(stage.instance, before);
  return line.details.code;
};

beforeAll(async () => {
  evil = await stage.cast.createPlace('evil', PEOPLE, { domain: 'evil.example' });
  victor = await stage.cast.createMember('victor@elsewhere.example', { organizationId: evil.id });
  const used = stage.visitor();
  await used.redeem(await used.withPassword('victor@elsewhere.example', PASSWORD, { organization: evil.id }));
  await manage(evil.id);
  await proveByDns();
});

describe('the provider that Mallory chose', () => {
  test('asserts a member’s outside address as verified: nobody is linked', async () => {
    expect(await refusalOf('victor')).toBe('admit.not_a_member');
    const { details } = await stage.refusal((await signIn('victor')).page);
    expect(details.trace?.find(({ rule }) => rule === 'address_vouched')).toMatchObject({
      answer: 'refuse',
      evidence: { connection_of_customer: true, idp_email_verified: true },
    });
  });

  test('is believed once an operator took it over', async () => {
    const walter = await stage.cast.createMember('walter@elsewhere.example', { organizationId: evil.id });
    const used = stage.visitor();
    await used.redeem(await used.withPassword('walter@elsewhere.example', PASSWORD, { organization: evil.id }));
    expect(await refusalOf('walter')).toBe('admit.not_a_member');
    await manage(null);
    const { visitor, page } = await signIn('walter');
    expect((await visitor.redeem(page)).claims.sub, 'by the word of the same provider').toBe(walter);
    await manage(evil.id);
  });

  test('speaks for a proved domain that its connection does not list: a partner’s provider', async () => {
    const anna = await stage.cast.createMember('anna@evil.example', { organizationId: evil.id });
    PEOPLE.anna = { sub: 'm-anna', email: 'anna@evil.example', email_verified: true };
    await change({ domain_aliases: [] });
    expect(await refusalOf('anna')).toBe('admit.not_a_member');
    await change({ domain_aliases: ['evil.example'] });
    const { visitor, page } = await signIn('anna');
    expect((await visitor.redeem(page)).claims.sub, 'once it is listed').toBe(anna);
  });

  test('is tried without a button: no address leads there, nor before an organization is picked', async () => {
    PEOPLE.tina = { sub: 'm-tina', email: 'tina@evil.example' };
    const tina = await stage.cast.createMember('tina@evil.example', { organizationId: evil.id });
    const client = (body: Json) => api('PATCH', `/clients/${stage.cast.client.id}`, body);
    const isLedThere = async (organization: string) => {
      const visitor = stage.visitor();
      const { url } = await visitor.type(await visitor.open({ organization }), 'tina@evil.example');
      return url.origin === evil.signInOrigin;
    };
    const places = async () => {
      const inside = await isLedThere(evil.id);
      await client({ organization_usage: 'require', organization_require_behavior: 'post_login_prompt' });
      const before = await isLedThere('');
      await client({ organization_usage: 'allow', organization_require_behavior: 'no_prompt' });
      return [inside, before];
    };
    await api('PATCH', enabled(), { show_as_button: false });
    expect(await places()).toEqual([false, false]);
    const { visitor, page } = await signIn('tina');
    expect((await visitor.redeem(page)).claims.sub, 'by its name, as who they are').toBe(tina);
    await api('PATCH', enabled(), { show_as_button: true });
    expect(await places(), 'then for everybody').toEqual([true, true]);
  });

  test('asserts the address of an open invitation: it is not found, and stays', async () => {
    const { id } = await stage.cast.invite('wanda@elsewhere.example', {
      organizationId: evil.id,
      connectionId: undefined,
    });
    expect(await refusalOf('wanda')).toBe('admit.not_a_member');
    expect((await api('GET', `/organizations/${evil.id}/invitations/${id}`)).id).toBe(id);
  });

  test('speaks for a domain on an operator’s word: only DNS counts', async () => {
    const adam = await stage.cast.createMember('adam@evil.example', { organizationId: evil.id });
    await proveByWord();
    expect(await refusalOf('adam')).toBe('admit.not_a_member');
    await proveByDns();
    const { visitor, page } = await signIn('adam');
    expect((await visitor.redeem(page)).claims.sub, 'by DNS').toBe(adam);
  });

  test('speaks for a domain whose proof ran out', async () => {
    await stage.cast.createMember('eve@evil.example', { organizationId: evil.id });
    await proveByDns('-1 minute');
    expect(await refusalOf('eve')).toBe('admit.not_a_member');
    const page = await stage.visitor().open({ organization: evil.id });
    const typed = await stage
      .visitor()
      .type(page, 'eve@evil.example')
      .catch(() => page);
    expect(typed.url.origin, 'and its people are not sent there').toBe(stage.instance.origin);
    await proveByDns();
  });
});

describe('auto-membership that Mallory turns on', () => {
  test('is 400 while no domain is proved by DNS', async () => {
    await proveByWord();
    const on = { assign_membership_on_login: true };
    expect(await code('PATCH', enabled(), on)).toEqual([400, 'invalid_body']);
    const twin = `/organizations/${evil.id}/connections/${evil.connectionId}`;
    expect(await code('PATCH', twin, on)).toEqual([400, 'invalid_body']);
    await proveByDns();
    await api('PATCH', enabled(), on);
  });

  test('admits nobody from elsewhere, and gives no role', async () => {
    expect(await refusalOf('wanda')).toBe('admit.not_a_member');
    await proveByWord();
    PEOPLE.noah = { sub: 'm-noah', email: 'noah@evil.example', email_verified: true };
    expect(await refusalOf('noah'), 'by an operator’s word').toBe('admit.not_a_member');
    await proveByDns();
    const { visitor, page } = await signIn('noah');
    const { claims } = await visitor.redeem(page);
    expect(await api('GET', `/organizations/${evil.id}/members/${claims.sub}/roles`)).toEqual([]);
    const lines = (await stage.logs()).filter((line) => line.user_id === claims.sub);
    expect(lines.map(({ details }) => details.reason ?? details.via)).toContain('auto_membership');
    await api('PATCH', enabled(), { assign_membership_on_login: false });
  });
});

describe('a way in for others', () => {
  test('another organization cannot use the connection, nor an application outside organizations', async () => {
    const { acme, client } = stage.cast;
    const body = { connection_id: evil.connectionId, assign_membership_on_login: false };
    for (const base of ['enabled_connections', 'connections'])
      expect(await code('POST', `/organizations/${acme.id}/${base}`, body)).toEqual([409, 'managed_connection']);
    const whole = { name: 'made-with-it', enabled_connections: [body] };
    expect(await code('POST', '/organizations', whole)).toEqual([409, 'managed_connection']);
    const clients = [{ client_id: client.id, status: true }];
    expect(await code('PATCH', `${connection()}/clients`, clients)).toEqual([409, 'managed_connection']);
    expect(await code('PATCH', connection(), { enabled_clients: [client.id] })).toEqual([409, 'managed_connection']);
    expect(await code('PATCH', connection(), { needs_organization: false })).toEqual([409, 'managed_connection']);
  });

  test('a connection that others use is given to nobody', async () => {
    const { acme } = stage.cast;
    const own = `/connections/${acme.connectionId}`;
    expect(await code('PATCH', own, { managed_by_organization: evil.id })).toEqual([409, 'connection_in_use']);
    expect(await code('PATCH', own, { managed_by_organization: 'org_unknown' })).toEqual([400, 'invalid_body']);
    const database = `/connections/${stage.cast.databaseId}`;
    expect(await code('PATCH', database, { managed_by_organization: evil.id })).toEqual([400, 'invalid_body']);
  });

  test('the connection of a deleted organization falls to nobody, until an operator takes it over', async () => {
    const gone = await stage.cast.createPlace('gone', {}, { domain: 'gone.example' });
    const path = `/connections/${gone.connectionId}`;
    await api('PATCH', path, { managed_by_organization: gone.id });
    await api('DELETE', `/organizations/${gone.id}`);
    expect((await api('GET', path)).managed_by_organization).toBe(gone.id);
    const body = { connection_id: gone.connectionId };
    const use = `/organizations/${stage.cast.acme.id}/enabled_connections`;
    expect(await code('POST', use, body)).toEqual([409, 'managed_connection']);
    await api('PATCH', path, { managed_by_organization: null });
    expect((await api('POST', use, body)).connection_id).toBe(gone.connectionId);
  });

  test('without an organization nobody comes in, also before it is switched on', async () => {
    await stage.instance.database.pool.query('update connections set needs_organization = false where id = $1', [
      evil.connectionId,
    ]);
    await stage.instance.database.pool.query('insert into connection_clients values ($1, $2)', [
      evil.connectionId,
      stage.cast.client.id,
    ]);
    expect(await refusalOf('adam', { organization: '' })).toBe('admit.organization_needed');
    await api('PATCH', `/organizations/${evil.id}/connections/${evil.connectionId}`, { is_enabled: false });
    expect(await refusalOf('adam', { organization: '' })).toBe('admit.organization_needed');
    await api('PATCH', `/organizations/${evil.id}/connections/${evil.connectionId}`, { is_enabled: true });
    await stage.instance.database.pool.query('delete from connection_clients where connection_id = $1', [
      evil.connectionId,
    ]);
  });
});

describe('sessions that a provider opened', () => {
  const isRefreshed = async (refreshToken: string) => {
    const { id, secret } = stage.cast.client;
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
    body.set('client_id', id);
    body.set('client_secret', secret);
    return (await fetch(`${stage.instance.origin}/oauth/token`, { method: 'POST', body })).ok;
  };
  /** Signs in by the provider: whether the session and the refresh token still count afterwards. */
  const arrive = async (login: string) => {
    const { visitor, page } = await signIn(login);
    const { refreshToken, claims } = await visitor.redeem(page);
    return {
      userId: String(claims.sub),
      async counts() {
        const silent = await visitor.open({ organization: evil.id, prompt: 'none' });
        return [silent.url.searchParams.has('code'), await isRefreshed(refreshToken)];
      },
    };
  };
  const rows = async () => {
    const { pool } = stage.instance.database;
    const count = async (table: string) =>
      (await pool.query(`select 1 from ${table} where connection_id = $1`, [evil.connectionId])).rows.length;
    return [await count('sessions'), await count('refresh_tokens'), await count('authorization_codes')];
  };

  test('go on while nothing about it changes', async () => {
    const adam = await arrive('adam');
    await change({ icon_url: 'https://evil.example/other.png' });
    expect(await adam.counts()).toEqual([true, true]);
  });

  test('end when its client changes, with a code that waits', async () => {
    const adam = await arrive('adam');
    const { page } = await signIn('noah');
    expect(answerOf(page)).toHaveProperty('code');
    await change({ client_id: 'another-client' });
    expect(await rows()).toEqual([0, 0, 0]);
    await change({ client_id: evil.options.client_id });
    expect(await adam.counts()).toEqual([false, false]);
  });

  test('end when it is detached, so that an operator who gives it back revives none', async () => {
    const adam = await arrive('adam');
    await api('DELETE', enabled());
    expect(await rows()).toEqual([0, 0, 0]);
    await api('POST', `/organizations/${evil.id}/enabled_connections`, {
      connection_id: evil.connectionId,
      show_as_button: true,
    });
    expect(await adam.counts()).toEqual([false, false]);
  });

  test('of a password stay', async () => {
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(
      await visitor.withPassword('victor@elsewhere.example', PASSWORD, { organization: evil.id }),
    );
    await change({ client_id: 'another-client' });
    await change({ client_id: evil.options.client_id });
    expect(await isRefreshed(refreshToken)).toBe(true);
  });
});

describe('a provider that Mallory exchanges', () => {
  test('does not become a member whose subject it asserts', async () => {
    await manage(null);
    const bound = await signIn('victor');
    expect((await bound.visitor.redeem(bound.page)).claims.sub, 'bound while an operator had it').toBe(victor);
    await manage(evil.id);
    const same = await signIn('victor');
    expect((await same.visitor.redeem(same.page)).claims.sub, 'given to the customer: nothing changed').toBe(victor);

    const { warnings } = await change({ client_id: evil.options.client_id, icon_url: 'https://evil.example/i.png' });
    expect(warnings, 'another picture is no other provider').toBeUndefined();
    const moved = await change({ issuer: `${evil.idp.issuer}/`.replace(/\/$/, ''), scope: 'openid email' });
    expect(moved.warnings).toBeUndefined();

    const { rows } = await stage.instance.database.pool.query<{ people: number }>(
      'select count(*)::int as people from identities where connection_id = $1 and subject is not null',
      [evil.connectionId],
    );
    const other = await change({ client_id: 'another-client' });
    expect(other.warnings).toMatchObject([{ id: 'people_prove_again', people: rows[0]?.people }]);
    await change({ client_id: evil.options.client_id });
    const before = await stage.instance.snapshot();
    const { page } = await signIn('victor');
    expect(page.url.pathname, wordsOf(page)).toBe('/u/proof');
    await expectNothingLeft(stage.instance, before, 'secret');
  });

  test('lets the person in who proves the account', async () => {
    const { visitor, page } = await signIn('victor');
    const mailed = await stage.mailedCode('victor@elsewhere.example');
    const { claims } = await visitor.redeem(await proveByCode(visitor, page, mailed));
    expect(claims.sub).toBe(victor);
    const again = await signIn('victor');
    expect((await again.visitor.redeem(again.page)).claims.sub, 'and from then on by the subject').toBe(victor);
  });

  test('lets people of the proved domain in without a question', async () => {
    const { visitor, page } = await signIn('adam');
    expect(answerOf(page)).toHaveProperty('code');
    await visitor.redeem(page);
  });

  test('is no other person whom an operator expected before', async () => {
    const linked = await stage.cast.createMember('lena@elsewhere.example', { organizationId: evil.id });
    PEOPLE.lena = { sub: 'm-lena', email: 'lena@elsewhere.example' };
    await api('POST', `/users/${encodeURIComponent(linked)}/identities`, {
      connection_id: evil.connectionId,
      provider: evil.strategy,
      user_id: 'm-lena',
    });
    await change({ client_id: 'another-client' });
    await change({ client_id: evil.options.client_id });
    const { page } = await signIn('lena');
    expect(page.url.pathname, wordsOf(page)).toBe('/u/proof');
  });
});

test('the try of a set-up link tells what a login would: an operator’s word counts for nothing', async () => {
  PEOPLE.tess = { sub: 'm-tess', email: 'tess@evil.example', email_verified: true };
  await stage.cast.createMember('tess@evil.example', { organizationId: evil.id });
  const profile = await api('POST', '/self-service-profiles', { name: 'links' });
  const { ticket } = await api('POST', `/self-service-profiles/${profile.id}/sso-ticket`, {
    connection_id: evil.connectionId,
    enabled_organizations: [{ organization_id: evil.id }],
  });
  const admin = new Administrator(() => stage.instance.origin);
  await admin.open(String(ticket));
  await admin.send('provider', { provider: 'oidc' });
  await admin.send('connection', settingsOf(evil.idp));
  await proveByWord();
  expect(wordsOf(await admin.tryAs('tess'))).toContain('You are not a member yet.');
  await proveByDns();
  expect(wordsOf(await admin.tryAs('tess'))).toContain('You are a member: you keep the account that you have.');
});
