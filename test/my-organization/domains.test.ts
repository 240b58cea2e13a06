/** Domains that members claim and prove by DNS (My Organization API), over a real name server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { playInOrder } from '../support/held-writes.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { type Administrator, type MyOrganization, myOrg, registerMyOrganization } from '../support/my-organization.js';
import { useStage } from '../support/stage.js';
import { startTextNameServer, txt } from '../support/text-name-server.js';

const clock = createManualClock();
const names = await startTextNameServer();
const stage = useStage({ clock, environment: { VESTIBULE_DNS_SERVERS: names.address } });
const zone = new Map<string, string>();
let api: MyOrganization;
let ada: Administrator;
let other: Administrator;

beforeAll(async () => {
  names.answer((name) => {
    const text = zone.get(name);
    return text === undefined ? { code: 3 } : { records: [txt(name, text)] };
  });
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
  const { id: organization } = await stage.cast.createPlace('globex', {}, { domain: 'globex.example' });
  const id = await api.createMember('boss@globex.example', [api.adminRole], organization);
  const token = await api.token(stage.visitor(), 'boss@globex.example', undefined, { organization });
  other = { id, email: 'boss@globex.example', token };
});
afterAll(() => names.stop());

const call = (method: string, path: string, body?: unknown, { token } = ada) => {
  clock.advanceMs(2_000);
  return myOrg(stage, token, method, path, body);
};
const claim = async (domain: string, person = ada) => (await call('POST', '/domains', { domain }, person)).body;
const verify = (domain: Json, person = ada) => call('POST', `/domains/${domain.id}/verify`, undefined, person);
const publish = (domain: Json, text = String(domain.verification_txt)) =>
  zone.set(String(domain.verification_host).toLowerCase(), text);

test('a domain is claimed, pending without its record, and verified with it', async () => {
  const domain = await claim('New.example');
  expect(domain).toMatchObject({ org_id: stage.cast.acme.id, domain: 'new.example', status: 'pending' });
  expect(domain.verification_host).toBe(`_ss-verification.${stage.cast.acme.id}.new.example`);
  expect(domain).not.toHaveProperty('check');
  const missing = {
    result: 'no_such_name',
    message: expect.stringContaining(`${domain.verification_host} does not exist`),
  };
  expect(await verify(domain)).toMatchObject({ status: 202, body: { status: 'pending', check: missing } });
  publish(domain, `${domain.verification_txt} and more`);
  const other = { result: 'other_text', message: expect.stringContaining('letter by letter') };
  expect((await verify(domain)).body).toMatchObject({ status: 'pending', check: other });
  expect((await call('GET', `/domains/${domain.id}`)).body).toMatchObject({ check: other });
  publish(domain);
  expect(await verify(domain)).toMatchObject({ status: 202, body: { id: domain.id, status: 'verified' } });
  const { body: proved } = await call('GET', `/domains/${domain.id}`);
  expect(proved.status).toBe('verified');
  expect(proved).not.toHaveProperty('check');
  const { body } = await call('GET', '/domains');
  expect((body.organization_domains as Json[]).map((one) => one.domain)).toContain('new.example');
  expect((await call('DELETE', `/domains/${domain.id}`)).status).toBe(204);
  expect((await call('GET', `/domains/${domain.id}`)).status).toBe(404);
  const again = await claim('new.example');
  expect(again.verification_txt).not.toBe(domain.verification_txt);
  expect((await verify(again)).body.status).toBe('pending');
});

test('a claim is in nobody’s way; the first who prove it have it', async () => {
  const ours = await claim('both.example');
  const theirs = await claim('both.example', other);
  expect(theirs).toMatchObject({ status: 'pending' });
  publish(theirs);
  expect((await verify(theirs, other)).body.status).toBe('verified');
  publish(ours);
  const { status, body } = await verify(ours);
  expect([status, body.status]).not.toEqual([202, 'verified']);
  expect((await call('GET', `/domains/${ours.id}`)).body.status).toBe('pending');
});

test('race=two organizations prove one domain at once: one has it', async () => {
  const [ours, theirs] = [await claim('race.example'), await claim('race.example', other)];
  publish(ours);
  publish(theirs);
  const answers = await Promise.all([verify(ours), verify(theirs, other)]);
  expect(answers.filter(({ status, body }) => status === 202 && body.status === 'verified')).toHaveLength(1);
});

const wrong: readonly (readonly [unknown, number])[] = [
  [{}, 400],
  [{ domain: 'gmail.com' }, 400],
  [{ domain: 'co.uk' }, 400],
  [{ domain: 'no domain' }, 400],
  [{ domain: 'http://x.example/' }, 400],
  [{ domain: 'x'.repeat(300) }, 400],
  // Attack: a request states the proof.
  [{ domain: 'x.example', status: 'verified' }, 400],
  [{ domain: 'x.example', use_for_organization_discovery: true }, 400],
  [{ domain: 'x.example', verification_txt: 'mine' }, 400],
  [{ domain: 'x.example', org_id: 'org_0000000000000000' }, 400],
  [{ domain: 'acme.example' }, 409],
];
test.each(wrong)('%j is refused: %i', async (body, status) => {
  const before = await stage.instance.snapshot();
  expect((await call('POST', '/domains', body)).status).toBe(status);
  expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
});

test('a domain that an operator confirmed is removed by an operator alone', async () => {
  const { body } = await call('GET', '/domains?take=100');
  const acme = (body.organization_domains as Json[]).find((one) => one.domain === 'acme.example');
  expect(acme).toMatchObject({ status: 'verified' });
  const before = await stage.instance.snapshot();
  expect((await call('DELETE', `/domains/${acme?.id}`)).status).toBe(403);
  expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
});

test('attack=a member of another organization verifies, shows or removes a domain by its id', async () => {
  const domain = await claim('mine.example');
  publish(domain);
  const before = await stage.instance.snapshot();
  expect((await verify(domain, other)).status).toBe(404);
  for (const method of ['GET', 'DELETE'])
    expect((await call(method, `/domains/${domain.id}`, undefined, other)).status).toBe(404);
  expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
});

describe('attack=one customer fills the table of domains', () => {
  const count = async () => {
    const { body } = await call('GET', '/domains?take=100', undefined, other);
    const found = body.organization_domains as Json[];
    return { pending: found.filter(({ status }) => status === 'pending'), all: found };
  };

  test('race=20 domains wait for their record, two administrators claim the 20th at once: one gets it', async () => {
    while ((await count()).pending.length < 19) await claim(`many-${(await count()).all.length}.example`, other);
    const before = await stage.instance.snapshot();
    const claimOf = (name: string) => () => call('POST', '/domains', { domain: `${name}.example` }, other);
    // The first has counted 19, and is held before its commit.
    const { server, database } = stage.instance;
    const one = { pool: server.pool, matches: /^insert into "discovery_domains"/, run: claimOf('one') };
    const { first: granted, second: refused, waited } = await playInOrder(database.pool, one, { run: claimOf('two') });
    expect([granted.status, refused.status, waited]).toEqual([201, 409, true]);
    expect(refused.body).toMatchObject({ type: expect.stringContaining('#A0E-409-0001'), title: 'Conflict' });
    expect(diffSnapshots(before, await stage.instance.snapshot()).discovery_domains).toMatchObject({
      ...{ added: [expect.anything()], removed: [] },
    });
    const [first] = (await count()).pending;
    expect((await call('DELETE', `/domains/${first?.id}`, undefined, other)).status).toBe(204);
    expect(await claim('three.example', other)).toMatchObject({ status: 'pending' });
  });

  test('those of a wildcard in their zone, each proved', async () => {
    const { pending, all } = await count();
    for (const { id } of pending) await call('DELETE', `/domains/${id}`, undefined, other);
    const { pool } = stage.instance.database;
    await pool.query(
      `insert into discovery_domains (organization_id, id, domain, status, verification_txt, created_at)
        select organization_id, 'ord_' || lpad(n::text, 22, '0'), n || '.globex.example', 'verified', 'x', now()
        from discovery_domains, generate_series(1, $2::int) n where id = $1`,
      [all.find(({ status }) => status === 'verified')?.id, 100 - (all.length - pending.length)],
    );
    expect((await count()).all).toHaveLength(100);
    expect((await call('POST', '/domains', { domain: 'more.example' }, other)).status).toBe(409);
    await pool.query("delete from discovery_domains where domain like '%.globex.example'");
    expect(await claim('more.example', other)).toMatchObject({ status: 'pending' });
  });
});

test.each([
  ['POST', '/domains', { domain: 'https://acme.example/' }, 'must be a domain such as acme.com, without https:// and'],
  ['POST', '/domains', {}, 'is required'],
  ['PATCH', '/details', { branding: { logo_url: 'acme.example/l.png' } }, 'begins with https://'],
  ['PATCH', '/details', { branding: { colors: { primary: 'red', page_background: '#fff' } } }, 'such as #1a6b54'],
  ['POST', '/member-invitations', { invitees: [{ email: 'ada' }] }, 'must be an email address such as'],
])('%s %s %j is refused in words, without a regular expression', async (method, path, body, words) => {
  const { status, body: answer } = await call(method, path, body);
  expect([status, JSON.stringify(answer.validation_errors)]).toEqual([400, expect.stringContaining(words)]);
  expect(JSON.stringify(answer)).not.toContain('^');
});
