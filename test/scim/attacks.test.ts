/**
 * Attacks on and by way of SCIM: with a token of another connection, one that ended, one of too few scopes; with a body made to exhaust the
 * server; by a directory that names people who are not its own. Each finds nothing, changes nothing, and gains nothing at a login.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { createManualClock } from '../support/manual-clock.js';
import { useStage } from '../support/stage.js';
import { type Company, callScim, personOf, startCompany } from './support.js';

const clock = createManualClock();
const stage = useStage({ clock });
let acme: Company;
let mallory: Company;
let place: Place;
let dana: string;

beforeAll(async () => {
  place = await stage.cast.createPlace(
    'mallory',
    { m: { sub: 'idp-m', email: 'dana@acme.example', email_verified: true } },
    { domain: 'mallory.example' },
  );
  acme = await startCompany(stage.instance, stage.cast.acme.connectionId);
  mallory = await startCompany(stage.instance, place.connectionId);
  dana = (await acme.create(personOf('dana'))).body.id;
});

const at = (id: string) => `/Users/${encodeURIComponent(id)}`;
const tokensOf = (company: Company) => `/connections/${company.connectionId}/scim-configuration/tokens`;

/** Every call of the endpoint, about Dana. */
const CALLS: readonly (readonly [string, string, object?])[] = [
  ['GET', '/Users'],
  ['POST', '/Users', personOf('new')],
  ['GET', at('oidc|acme-oidc|idp-dana')],
  ['PUT', at('oidc|acme-oidc|idp-dana'), personOf('dana')],
  ['PATCH', at('oidc|acme-oidc|idp-dana'), { Operations: [{ op: 'replace', path: 'active', value: false }] }],
  ['DELETE', at('oidc|acme-oidc|idp-dana')],
];

async function expectAllRefused(token: string | undefined, status: number): Promise<void> {
  const before = await stage.instance.snapshot();
  for (const [method, path, body] of CALLS) {
    const answer = await callScim(stage.instance.origin, acme.connectionId, token, method, path, body);
    expect(answer.status, `${method} ${path}`).toBe(status);
    expect(answer.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
    });
  }
  const after = await stage.instance.snapshot();
  for (const table of ['users', 'identities', 'user_id_prefixes', 'members'])
    expect(after[table]).toEqual(before[table]);
}

describe('a token', () => {
  test('that is missing, of another form, guessed, or of another connection opens nothing', async () => {
    const guess = `${acme.tokenId}.${'0'.repeat(64)}`;
    for (const token of [
      undefined,
      '',
      'x',
      acme.tokenId,
      guess,
      `${acme.token}0`,
      acme.token.toUpperCase(),
      mallory.token,
    ])
      await expectAllRefused(token, 401);
    expect((await acme.call('GET', '/Users', undefined, mallory.token)).headers.get('www-authenticate')).toMatch(
      /^Bearer/,
    );
  });

  test('does not reach people of another connection, by any id', async () => {
    for (const [method, path, body] of CALLS.slice(2)) {
      expect((await mallory.call(method, path, body)).status, method).toBe(404);
    }
    for (const filter of ['userName eq "dana@acme.example"', 'externalId eq "idp-dana"', `id eq "${dana}"`])
      expect((await mallory.find(filter)).body.totalResults).toBe(0);
    expect((await mallory.call('GET', '/Users')).body.totalResults).toBe(0);
    expect((await acme.call('GET', at(dana))).body.active).toBe(true);
  });

  test.each([
    ['GET', 'get'],
    ['POST', 'post'],
    ['PUT', 'put'],
    ['PATCH', 'patch'],
    ['DELETE', 'delete'],
  ])('without the scope of %s is 403 for it', async (method, scope) => {
    const others = ['get', 'post', 'put', 'patch', 'delete']
      .filter((name) => name !== scope)
      .map((name) => `${name}:users`);
    const { token, token_id: id } = await stage.instance.api('POST', tokensOf(acme), {
      scopes: [...others, `${scope}:groups`],
    });
    for (const [called, path, body] of CALLS.filter(([name]) => name === method)) {
      expect((await acme.call(called, path, body, String(token))).status).toBe(403);
    }
    await stage.instance.api('DELETE', `${tokensOf(acme)}/${id}`);
    await expectAllRefused(String(token), 401);
  });

  test('that expired opens nothing from that second on', async () => {
    const { token, token_id: id } = await stage.instance.api('POST', tokensOf(acme), { token_lifetime: 900 });
    clock.advanceMs(899_000);
    expect((await acme.call('GET', '/Users', undefined, String(token))).status).toBe(200);
    clock.advanceMs(1_000);
    await expectAllRefused(String(token), 401);
    await stage.instance.api('DELETE', `${tokensOf(acme)}/${id}`);
  });

  test('ends with the configuration', async () => {
    const other = await stage.cast.createPlace('ended', {});
    const company = await startCompany(stage.instance, other.connectionId);
    expect((await company.call('GET', '/Users')).status).toBe(200);
    await stage.instance.api('DELETE', `/connections/${other.connectionId}/scim-configuration`);
    expect((await company.call('GET', '/Users')).status).toBe(401);
  });

  test('is not stored: the tables hold a hash', async () => {
    const text = JSON.stringify(await stage.instance.snapshot());
    expect(text).not.toContain(acme.token.split('.')[1]);
  });
});

describe('a body', () => {
  test.each([
    ['of more than 100 kB', 413, JSON.stringify({ userName: 'x'.repeat(200_000) })],
    ['that nests a thousand times', 400, `{"userName":"x","name":${'['.repeat(1_000)}${']'.repeat(1_000)}}`],
    ['of ten thousand values', 400, JSON.stringify({ userName: 'x', emails: Array.from({ length: 10_000 }, () => 1) })],
    ['that is no JSON', 400, '{"userName":'],
    ['that is null', 400, 'null'],
    ['that is a list', 400, '[]'],
    ['that is not there', 400, undefined],
  ])('%s is %i', async (_title, status, body) => {
    expect((await acme.call('POST', '/Users', body)).status).toBe(status);
    expect((await acme.call('PATCH', at(dana), body)).status).toBe(status);
  });

  test('cannot name properties of objects', async () => {
    const polluted =
      '{"userName":"p@acme.example","externalId":"idp-p","__proto__":{"admin":true},"name":{"__proto__":{"x":1}}}';
    const answer = await acme.call('POST', '/Users', polluted);
    expect(answer.status).toBe(201);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    await acme.patch(answer.body.id, { op: 'add', path: '__proto__', value: { admin: true } });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('two at once', () => {
  test('that create the same person: one 201, the others 409, one user', async () => {
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all([1, 2, 3].map(() => acme.create(personOf(`race${round}`))));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      expect((await acme.find(`externalId eq "idp-race${round}"`)).body.totalResults).toBe(1);
    }
  });

  test('a creation and a first login of the same person: one user, one identity', async () => {
    await stage.enablement({ assign_membership_on_login: true });
    for (let round = 0; round < 5; round += 1) {
      const name = `both${round}`;
      stage.cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true };
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), `${name}@acme.example`);
      const [created, answer] = await Promise.all([acme.create(personOf(name)), visitor.signInAtIdp(page, name)]);
      expect([201, 409]).toContain(created.status);
      expect((await visitor.redeem(answer)).claims.sub).toBe(`oidc|acme-oidc|idp-${name}`);
      const { rows } = await stage.instance.database.pool.query('select status from identities where subject = $1', [
        `idp-${name}`,
      ]);
      expect(rows).toEqual([{ status: 'bound' }]);
    }
    await stage.enablement({ assign_membership_on_login: false });
  });
});

describe("a directory that names another organization's member", () => {
  test('by their address gains nothing: no membership, no link, no verified address', async () => {
    const member = await stage.cast.createMember('dana@acme.example');
    const victim = await stage.instance.api('GET', `/users/${encodeURIComponent(member)}`);
    const answer = await mallory.create(
      personOf('m', { userName: 'dana@acme.example', emails: [{ value: 'dana@acme.example', primary: true }] }),
    );
    const made = `oidc|mallory-oidc|idp-m`;
    expect([answer.status, answer.body.id]).toEqual([201, made]);
    const user = await stage.instance.api('GET', `/users/${encodeURIComponent(made)}`);
    expect([user.email, user.email_verified]).toEqual(['dana@acme.example', false]);
    // In their own organization they are nobody until they are added; then they are themselves.
    const come = async (organization: string) => {
      const visitor = stage.visitor();
      const page = await visitor.open({ organization, connection: place.connectionName });
      return { visitor, answer: await visitor.signInAtIdp(page, 'm') };
    };
    const refused = await come(place.id);
    expect((await stage.refusal(refused.answer)).details.code).toBe('admit.not_a_member');
    await stage.instance.api('POST', `/organizations/${place.id}/members`, { members: [made] });
    const { visitor, answer: entered } = await come(place.id);
    expect((await visitor.redeem(entered)).claims).toMatchObject({ sub: made, email_verified: false });
    // The victim is who they were.
    expect(await stage.instance.api('GET', `/users/${encodeURIComponent(member)}`)).toEqual(victim);
    const through = stage.visitor();
    const known = await through.throughSso('dana', 'dana@acme.example');
    expect((await stage.refusal(known)).details.code).toBe('admit.not_a_member');
  });

  test('and writes their address later loses the voucher of the old one', async () => {
    const made = 'oidc|mallory-oidc|idp-m';
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(made)}`, { email_verified: true });
    await mallory.patch(made, { op: 'replace', path: 'emails[primary eq true].value', value: 'ivy@acme.example' });
    const user = await stage.instance.api('GET', `/users/${encodeURIComponent(made)}`);
    expect([user.email, user.email_verified]).toEqual(['ivy@acme.example', false]);
  });
});
