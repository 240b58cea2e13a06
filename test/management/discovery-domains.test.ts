/** A domain is proved by its TXT record: the operation that looks for it, the word of an operator, and what each shows. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TextAnswer } from '../../src/domain/companies/domain-proof.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const DAY = 86_400;
let api: Management;
let cast: Cast;
let other: string;
let count = 0;
/** Answers of name servers, by name in lower case. */
let zone: Map<string, TextAnswer>;
let asked: string[];

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  other = (await api.post('/organizations', { name: 'other' })).body.id;
});
afterAll(() => api.close());
beforeEach(() => {
  zone = new Map();
  asked = [];
  api.answerTexts(async (host) => {
    asked.push(host);
    return zone.get(host.toLowerCase()) ?? { kind: 'absent', reason: 'no_such_name' };
  });
});

interface Domain {
  readonly id: string;
  readonly domain: string;
  readonly status: string;
  readonly verification_host: string;
  readonly verification_txt: string;
}

const pathOf = (organization: string, id = '') => `/organizations/${organization}/discovery-domains${id && `/${id}`}`;

async function add(organization = cast.organization, fields: object = {}): Promise<Domain> {
  count += 1;
  return (await api.post(pathOf(organization), { domain: `d${count}.example`, ...fields })).body;
}
const publish = ({ verification_host: host }: Domain, ...texts: string[]) =>
  zone.set(host.toLowerCase(), { kind: 'texts', texts });
const verify = ({ id }: Domain, organization = cast.organization) => api.post(`${pathOf(organization, id)}/verify`, {});
const read = async ({ id }: Domain, organization = cast.organization) => (await api.get(pathOf(organization, id))).body;

async function prove(domain: Domain, organization = cast.organization): Promise<void> {
  publish(domain, domain.verification_txt);
  expect((await verify(domain, organization)).body.status).toBe('verified');
}

describe('proof by a record', () => {
  test('case=a pending domain has Auth0’s own shape', async () => {
    expect(await add()).toEqual({
      id: expect.stringMatching(/^ord_/),
      domain: expect.any(String),
      status: 'pending',
      use_for_organization_discovery: true,
      verification_txt: expect.stringMatching(/^[0-9a-f]{32}$/),
      verification_host: expect.stringMatching(/^_ss-verification\.org_\w+\.d\d+\.example$/),
    });
  });

  test('case=the record is there', async () => {
    const domain = await add();
    publish(domain, 'v=spf1 -all', domain.verification_txt);
    const { status, body } = await verify(domain);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...domain, status: 'verified', proof: 'dns' });
    const { verified_at: verifiedAt, checked_at: checkedAt, expires_at: expiresAt } = body;
    expect(verifiedAt).toBe(checkedAt);
    expect(Date.parse(expiresAt) - Date.parse(checkedAt)).toBe(7 * DAY * 1000);
    expect(asked).toEqual([domain.verification_host]);
    expect(await read(domain)).toEqual(body);
    // The log keeps how.
    const [line] = (await api.get('/logs?per_page=1')).body;
    expect(line.details).toMatchObject({ record: { kind: 'seen' } });
  });

  test.each<readonly [string, TextAnswer, string, RegExp]>([
    ['no such name', { kind: 'absent', reason: 'no_such_name' }, 'no_such_name', /does not exist\. Publish/],
    ['no text', { kind: 'absent', reason: 'no_text' }, 'no_text', /no TXT record\. Publish/],
    ['another text', { kind: 'texts', texts: ['f'.repeat(32)] }, 'other_text', /none whose whole value/],
    ['silence', { kind: 'no_answer', reason: 'timeout' }, 'timeout', /Try again later/],
    ['a failure', { kind: 'no_answer', reason: 'server_failure' }, 'server_failure', /DNSSEC/],
    ['too much', { kind: 'no_answer', reason: 'too_much' }, 'too_much', /Remove/],
  ])('case=the record is not there: %s', async (_name, answer, result, message) => {
    const domain = await add();
    zone.set(domain.verification_host.toLowerCase(), answer);
    const { status, body } = await verify(domain);
    expect(status).toBe(200);
    expect(body).toEqual({ ...domain, check: { result, message: expect.stringMatching(message) } });
    // The last fault is forgotten once the record is right.
    await prove(domain);
    expect(await read(domain)).not.toHaveProperty('check');
  });

  test('case=a look that finds nothing takes no proof away', async () => {
    const domain = await add();
    await prove(domain);
    zone.clear();
    expect((await verify(domain)).body).toMatchObject({
      status: 'verified',
      proof: 'dns',
      check: { result: 'no_such_name' },
    });
  });

  test('case=a later look makes the proof longer', async () => {
    const domain = await add();
    await prove(domain);
    const before = await read(domain);
    api.advance(DAY);
    await prove(domain);
    const after = await read(domain);
    expect(after.verified_at).toBe(before.verified_at);
    expect(Date.parse(after.expires_at)).toBeGreaterThan(Date.parse(before.expires_at));
  });

  test('case=a proof that has ended is pending, though no node has looked', async () => {
    const domain = await add();
    await prove(domain);
    api.advance(7 * DAY);
    expect(await read(domain)).toEqual(domain);
    const listed = (await api.get(pathOf(cast.organization))).body.domains as Domain[];
    expect(listed.find(({ id }) => id === domain.id)).toEqual(domain);
    // And it can be proved again: verified since now.
    await prove(domain);
    const { verified_at: verifiedAt } = await read(domain);
    expect(Date.parse(verifiedAt)).toBeGreaterThan(Date.now() + 6 * DAY * 1000);
  });

  test('case=name servers are asked with no transaction open', async () => {
    const domain = await add();
    const { pool } = api.database;
    const open = "select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'";
    let busy = -1;
    api.answerTexts(async () => {
      busy = (await pool.query(open)).rows.length;
      // Nothing is locked either.
      await pool.query('update discovery_domains set use_for_organization_discovery = false where id = $1', [
        domain.id,
      ]);
      return { kind: 'texts', texts: [domain.verification_txt] };
    });
    expect((await verify(domain)).body).toMatchObject({ status: 'verified', use_for_organization_discovery: false });
    expect(busy).toBe(0);
  });

  test('case=the domain is gone when the answer comes', async () => {
    const domain = await add();
    api.answerTexts(async () => {
      await api.delete(pathOf(cast.organization, domain.id));
      return { kind: 'texts', texts: [domain.verification_txt] };
    });
    expect((await verify(domain)).status).toBe(404);
    expect((await api.get(pathOf(cast.organization, domain.id))).status).toBe(404);
  });

  test('case=a name that is too long for DNS', async () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(50)}.example`;
    const domain = await add(cast.organization, { domain: long });
    const answer = await verify(domain);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(/too long a name for DNS.*set status to verified/);
    expect(asked).toEqual([]);
  });

  test('case=its scope is needed, and nothing is taken from the body', async () => {
    const domain = await add();
    const path = `${pathOf(cast.organization, domain.id)}/verify`;
    expect((await api.post(path, {}, 'read.organization_discovery_domains')).status).toBe(403);
    // Attack: a caller who names the name server would make this server ask inside its own network (SSRF).
    for (const body of [{ name_server: '10.0.0.1' }, { nameServers: ['10.0.0.1'] }, { verification_txt: 'x' }])
      expect((await api.post(path, body)).status).toBe(400);
    expect(asked).toEqual([]);
  });
});

describe('an operator’s word', () => {
  test('case=is shown as what it is, and has no end', async () => {
    const created = await add(cast.organization, { status: 'verified' });
    expect(created).toMatchObject({ status: 'verified', proof: 'operator', verified_at: expect.any(String) });
    expect(created).not.toHaveProperty('expires_at');
    expect(created).not.toHaveProperty('checked_at');
    const updated = (await api.patch(pathOf(cast.organization, (await add()).id), { status: 'verified' })).body;
    expect(updated).toMatchObject({ status: 'verified', proof: 'operator' });
    api.advance(400 * DAY);
    expect(await read(created)).toEqual(created);
  });

  test('case=becomes proof by DNS when the record is seen, and stays what it is when not', async () => {
    const domain = await add(cast.organization, { status: 'verified' });
    expect((await verify(domain)).body).toMatchObject({ status: 'verified', proof: 'operator' });
    await prove(domain);
    expect(await read(domain)).toMatchObject({ proof: 'dns', expires_at: expect.any(String) });
  });

  test('case=repeating the status does not make a proof by DNS an operator’s word', async () => {
    const domain = await add();
    await prove(domain);
    const before = await read(domain);
    expect((await api.patch(pathOf(cast.organization, domain.id), { status: 'verified' })).body).toEqual(before);
    // In two steps it does.
    const path = pathOf(cast.organization, domain.id);
    expect((await api.patch(path, { status: 'pending' })).body).toEqual(domain);
    expect((await api.patch(path, { status: 'verified' })).body).toMatchObject({ proof: 'operator' });
  });
});

describe('attacks', () => {
  test('case=another organization’s text under one’s own name, and one’s own under the other’s', async () => {
    const mine = await add();
    const theirs = (await api.post(pathOf(other), { domain: mine.domain })).body as Domain;
    expect(theirs.verification_txt).not.toBe(mine.verification_txt);
    publish(theirs, mine.verification_txt);
    expect((await verify(theirs, other)).body.status).toBe('pending');
    expect((await verify(mine)).body.status).toBe('pending');
    // Nor by the id of the other organization in the path.
    expect((await verify(mine, other)).status).toBe(404);
  });

  test('case=a wildcard of the domain answers for every name, with its own text', async () => {
    const domain = await add();
    api.answerTexts(async () => ({
      kind: 'texts',
      texts: ['v=spf1 include:mail.example ~all', 'google-site-verification=x'],
    }));
    expect((await verify(domain)).body).toMatchObject({ status: 'pending', check: { result: 'other_text' } });
  });

  test('case=a sub-domain is not the domain, nor the domain its sub-domain', async () => {
    const domain = await add();
    const below = (await api.post(pathOf(cast.organization), { domain: `eu.${domain.domain}` })).body as Domain;
    await prove(below);
    expect((await read(domain)).status).toBe('pending');
    expect((await verify(domain)).body.status).toBe('pending');
    const deeper = (await api.post(pathOf(cast.organization), { domain: `a.eu.${domain.domain}` })).body as Domain;
    expect((await verify(deeper)).body.status).toBe('pending');
  });

  test.each(['gmail.com', 'GMAIL.com', 'hotmail.it', 'mail.tuta.com'])(
    'case=a public mail domain is not even asked for: %s',
    async (name) => {
      const domain = await add(cast.organization, { domain: name });
      publish(domain, domain.verification_txt);
      const answer = await verify(domain);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain('gives mailboxes to the public');
      expect(asked).toEqual([]);
      await api.delete(pathOf(cast.organization, domain.id));
    },
  );

  test('case=a public suffix is nobody’s, and no operator can say otherwise', async () => {
    for (const name of ['co.uk', 'github.io', 'onmicrosoft.com']) {
      const answer = await api.post(pathOf(cast.organization), { domain: name, status: 'verified' });
      expect([answer.status, answer.body.message]).toEqual([
        400,
        `${name} is an ending under which the public gets names: no organization can verify it.`,
      ]);
    }
  });

  test('case=one spelling of a domain: capitals and IDN become one, a trailing dot and look-alikes are refused', async () => {
    const upper = await add(cast.organization, { domain: 'Bücher.EXAMPLE' });
    expect(upper).toMatchObject({
      domain: 'xn--bcher-kva.example',
      verification_host: expect.stringMatching(/\.xn--bcher-kva\.example$/),
    });
    for (const domain of ['bücher.example', 'XN--BCHER-KVA.example'])
      expect((await api.post(pathOf(cast.organization), { domain })).status).toBe(409);
    for (const domain of [
      'acme.example.',
      'ａcme.example',
      'acme。example',
      '.acme.example',
      'acme..example',
      '*.acme.example',
    ])
      expect((await api.post(pathOf(cast.organization), { domain })).status).toBe(400);
  });

  test('case=two organizations prove one domain at once: one of them has it', async () => {
    for (let round = 0; round < 3; round += 1) {
      const mine = await add();
      const theirs = (await api.post(pathOf(other), { domain: mine.domain })).body as Domain;
      publish(mine, mine.verification_txt);
      publish(theirs, theirs.verification_txt);
      // Both have passed the checks before either writes.
      let waiting = 0;
      let go: () => void = () => {};
      const both = new Promise<void>((resolve) => {
        go = resolve;
      });
      const answers = zone;
      api.answerTexts(async (host) => {
        waiting += 1;
        if (waiting === 2) go();
        await both;
        return answers.get(host.toLowerCase()) ?? { kind: 'absent', reason: 'no_such_name' };
      });
      const statuses = (await Promise.all([verify(mine), verify(theirs, other)])).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 409]);
      const verified = [await read(mine), await read(theirs, other)].filter(({ status }) => status === 'verified');
      expect(verified).toHaveLength(1);
    }
  });

  test('case=the domain changed hands: while the old proof holds nobody else has it, then the new owner, at once', async () => {
    const old = await add();
    await prove(old);
    const fresh = (await api.post(pathOf(other), { domain: old.domain })).body as Domain;
    zone.clear();
    publish(fresh, fresh.verification_txt);
    expect((await verify(fresh, other)).status).toBe(409);
    // No node looks in this test: the proof ends by its time alone.
    api.advance(7 * DAY);
    expect((await verify(fresh, other)).body).toMatchObject({ status: 'verified', proof: 'dns' });
    expect(await read(old)).toEqual(old);
    const [line] = (await api.get('/logs?per_page=1')).body;
    expect(line.details).toMatchObject({ ended_proofs_of: [cast.organization] });
    // The former owner cannot have it back, whatever the operator is told to set.
    expect((await verify(old)).body).toMatchObject({ status: 'pending', check: { result: 'no_such_name' } });
    publish(old, old.verification_txt);
    expect((await verify(old)).status).toBe(409);
    expect((await api.patch(pathOf(cast.organization, old.id), { status: 'verified' })).status).toBe(409);
  });

  test('attack=who else is a customer: without the record, a domain of another organization answers as one of nobody', async () => {
    const theirs = await add();
    await prove(theirs);
    const answers: unknown[] = [];
    for (const domain of [theirs.domain, 'of-nobody.example']) {
      const mine = (await api.post(pathOf(other), { domain })).body as Domain;
      const { status, body } = await verify(mine, other);
      answers.push([status, JSON.parse(JSON.stringify(body).replaceAll(domain, '-').replaceAll(mine.id, 'id'))]);
      expect(asked.at(-1)).toBe(mine.verification_host);
    }
    const [first, second] = answers.map((answer) => JSON.stringify(answer).replace(/"verification_txt":"\w+"/, ''));
    expect(first).toBe(second);
    expect(first).toContain('no_such_name');
  });

  test('case=an operator’s word for one organization ends no proof of another that holds', async () => {
    const mine = await add();
    await prove(mine);
    expect((await api.post(pathOf(other), { domain: mine.domain, status: 'verified' })).status).toBe(409);
    api.advance(7 * DAY);
    expect((await api.post(pathOf(other), { domain: mine.domain, status: 'verified' })).status).toBe(201);
    expect((await read(mine)).status).toBe('pending');
  });

  test('case=a proof that ended leaves no login under way that leaned on it', async () => {
    const mine = await add();
    await prove(mine);
    const { pool } = api.database;
    const revision = async () =>
      (
        await pool.query('select revision from organization_connections where organization_id = $1 order by 1', [
          cast.organization,
        ])
      ).rows;
    await pool.query('update connections set domain_aliases = $1 where id = $2', [[mine.domain], cast.oidcConnection]);
    await api.post(`/organizations/${cast.organization}/enabled_connections`, { connection_id: cast.oidcConnection });
    const before = await revision();
    expect(before).not.toEqual([]);
    const fresh = (await api.post(pathOf(other), { domain: mine.domain })).body as Domain;
    api.advance(7 * DAY);
    await prove(fresh, other);
    expect(await revision()).not.toEqual(before);
  });
});
