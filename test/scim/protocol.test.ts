/** The protocol beside the resources: versions, order, parts of an answer, searches by POST, and what the endpoint says about itself. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';
import { ALL_SCOPES, type Company, callScim, personOf, startCompany } from './support.js';

const stage = useStage();
let company: Company;
let userId: string;
let groupId: string;

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId, { token: { scopes: ALL_SCOPES } });
  for (const [name, title] of [
    ['zoe', 'Baker'],
    ['Abe', 'Clerk'],
    ['mia', 'Actor'],
  ] as const)
    userId = (await company.create(personOf(name, { title, displayName: title }))).body.id;
  groupId = (await company.call('POST', '/Groups', { displayName: 'Versioned', members: [userId] })).body.id;
});

const ask = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  callScim(stage.instance.origin, company.connectionId, company.token, method, path, body, headers);
const user = () => `/Users/${encodeURIComponent(userId)}`;
const group = () => `/Groups/${groupId}`;

describe.each([
  ['a user', () => user(), { op: 'replace', path: 'nickName', value: 'M' }],
  ['a group', () => group(), { op: 'replace', path: 'displayName', value: 'Versioned twice' }],
] as const)('the version of %s', (_title, path, operation) => {
  const version = async () => (await company.call('GET', path())).headers.get('etag') ?? '';

  test('is weak, in the header and in meta, and stays while nothing changes', async () => {
    const { headers, body } = await company.call('GET', path());
    expect(headers.get('etag')).toMatch(/^W\/"[\w.-]+"$/);
    expect(body.meta.version).toBe(headers.get('etag'));
    expect(await version()).toBe(body.meta.version);
  });

  test('that the caller has already is 304 without a body', async () => {
    const known = await version();
    for (const tag of [known, '*', `"other", ${known}`, known.slice(2)]) {
      const answer = await ask('GET', path(), { 'if-none-match': tag });
      expect([answer.status, answer.body, answer.headers.get('etag')], tag).toEqual([304, undefined, known]);
    }
    expect((await ask('GET', path(), { 'if-none-match': 'W/"other"' })).status).toBe(200);
  });

  test('case=a write over a change that its sender has not seen is 412 and changes nothing', async () => {
    const old = await version();
    const change = { Operations: [operation] };
    expect((await ask('PATCH', path(), { 'if-match': old }, change)).status).toBeLessThan(300);
    const now = await version();
    expect(now).not.toBe(old);
    const before = (await company.call('GET', path())).body;
    const replaced = { ...before, displayName: 'Overwritten' };
    for (const [method, body] of [
      ['PATCH', change],
      ['PUT', replaced],
      ['DELETE', undefined],
    ] as const) {
      const answer = await ask(method, path(), { 'if-match': old }, body);
      expect([answer.status, answer.body.status], method).toEqual([412, '412']);
    }
    expect((await company.call('GET', path())).body).toEqual(before);
    expect((await ask('PUT', path(), { 'if-match': `W/"x", ${now}` }, before)).status).toBe(200);
  });
});

test('a group has another version when somebody of it is deleted', async () => {
  const gone = (await company.create(personOf('fleeting'))).body.id;
  await company.call('PATCH', group(), { Operations: [{ op: 'add', path: 'members', value: [{ value: gone }] }] });
  const before = (await company.call('GET', group())).headers.get('etag');
  await company.call('DELETE', `/Users/${encodeURIComponent(gone)}`);
  expect((await company.call('GET', group())).headers.get('etag')).not.toBe(before);
});

describe('order', () => {
  const namesBy = async (query: string) =>
    (await company.call('GET', `/Users?${query}`)).body.Resources.map((item: { userName: string }) => item.userName);

  test.each([
    ['sortBy=userName', ['Abe', 'mia', 'zoe']],
    ['sortBy=userName&sortOrder=descending', ['zoe', 'mia', 'Abe']],
    ['sortBy=displayName', ['mia', 'zoe', 'Abe']],
    ['sortBy=meta.created', ['zoe', 'Abe', 'mia']],
    ['sortBy=urn:ietf:params:scim:schemas:core:2.0:User:userName', ['Abe', 'mia', 'zoe']],
  ])('%s', async (query, names) => {
    const found = await namesBy(query);
    expect(found.filter((name: string) => /^(Abe|mia|zoe)@/.test(name))).toEqual(
      names.map((name) => `${name}@acme.example`),
    );
  });

  test.each([['sortBy=password'], ['sortBy=constructor'], ['sortBy=userName&sortOrder=up']])(
    '%s is 400',
    async (query) => {
      expect((await company.call('GET', `/Users?${query}`)).status).toBe(400);
    },
  );
});

describe('parts of an answer', () => {
  const read = async (query: string) => (await company.call('GET', `${user()}?${query}`)).body;

  test('only what is asked for, and always id and schemas', async () => {
    const body = await read('attributes=userName,name.givenName,emails.value');
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: userId,
      userName: 'mia@acme.example',
      name: { givenName: 'mia' },
      emails: [{ value: 'mia@acme.example' }],
    });
  });

  test('without what is not wanted, but never without id', async () => {
    const body = await read('excludedAttributes=id,NAME,emails.type,meta');
    expect(body.id).toBe(userId);
    expect(Object.keys(body)).not.toContain('name');
    expect(Object.keys(body)).not.toContain('meta');
    expect(body.emails).toEqual([{ value: 'mia@acme.example', primary: true }]);
  });

  test('of a list and of a write, too', async () => {
    const { body } = await company.call('GET', '/Groups?excludedAttributes=members&attributes=');
    for (const item of body.Resources) expect(item).not.toHaveProperty('members');
    const Operations = [{ op: 'add', path: 'members', value: [{ value: userId }] }];
    const changed = await company.call('PATCH', `${group()}?attributes=displayName`, { Operations });
    expect([changed.status, Object.keys(changed.body).sort()]).toEqual([200, ['displayName', 'id', 'schemas']]);
  });

  test('case=names without end are refused', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `a${index}`).join();
    expect((await company.call('GET', `${user()}?attributes=${many}`)).status).toBe(400);
  });
});

describe('a search by POST', () => {
  const search = (path: string, body: unknown) => company.call('POST', `${path}/.search`, body);

  test('gives the answer of the query', async () => {
    const { status, body } = await search('/Users', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'userName eq "mia@acme.example"',
      attributes: ['userName'],
      startIndex: 1,
      count: 10,
    });
    expect([status, body.totalResults, Object.keys(body.Resources[0]).sort()]).toEqual([
      200,
      1,
      ['id', 'schemas', 'userName'],
    ]);
    expect((await search('/Groups', { excludedAttributes: ['members'], sortBy: 'displayName' })).status).toBe(200);
  });

  test('reads: it takes the scope of reading, and is no write in the log', async () => {
    const path = `/connections/${company.connectionId}/scim-configuration/tokens`;
    const issued = await stage.instance.api('POST', path, { scopes: ['post:users'] });
    expect((await company.call('POST', '/Users/.search', {}, issued.token as string)).status).toBe(403);
    const lines = async () => (await stage.logs()).filter((line) => /scim$/.test(line.type));
    const before = (await lines()).length;
    await search('/Users', { filter: 'userName eq "nobody"' });
    expect((await lines()).length).toBe(before);
    // A filter that is refused keeps the directory from finding anybody: the operator has to see it.
    await search('/Users', { filter: 'wrong' });
    const [refused] = await lines();
    expect([refused?.type, refused?.details.code]).toEqual(['fscim', 'scim.invalid_filter']);
  });

  test.each([[{ filter: 1 }], [{ count: '1e9' }], [{ count: 1.5 }], [[]], ['x']])('%j is 400', async (body) => {
    expect((await search('/Users', body)).status).toBe(400);
  });
});

describe('what the endpoint says about itself', () => {
  test('resource types and schemas, as lists and one by one', async () => {
    for (const [path, ids] of [
      ['/ResourceTypes', ['User', 'Group']],
      [
        '/Schemas',
        [
          'urn:ietf:params:scim:schemas:core:2.0:User',
          'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
          'urn:ietf:params:scim:schemas:core:2.0:Group',
        ],
      ],
    ] as const) {
      const { status, body } = await company.call('GET', path);
      expect([status, body.totalResults]).toEqual([200, ids.length]);
      expect(body.Resources.map((item: { id: string }) => item.id)).toEqual(ids);
      for (const item of body.Resources) {
        expect((await company.call('GET', `${path}/${item.id}`)).body).toEqual(item);
        expect(item.meta.location).toBe(
          `${stage.instance.origin}/scim/v2/connections/${company.connectionId}${path}/${item.id}`,
        );
      }
      expect((await company.call('GET', `${path}/nothing`)).status).toBe(404);
    }
  });

  test('every attribute of the schemas is kept as it is sent, and no other', async () => {
    const { Resources } = (await company.call('GET', '/Schemas')).body;
    type Attribute = { name: string; type: string; multiValued: boolean; subAttributes?: Attribute[] };
    const sampleOf = (attribute: Attribute): unknown => {
      if (attribute.type === 'boolean') return true;
      if (attribute.type !== 'complex') return `value of ${attribute.name}`;
      const one = Object.fromEntries((attribute.subAttributes ?? []).map((sub) => [sub.name, sampleOf(sub)]));
      return attribute.multiValued ? [one] : one;
    };
    const [core, enterprise] = Resources.map((schema: { attributes: Attribute[] }) =>
      Object.fromEntries(schema.attributes.map((attribute) => [attribute.name, sampleOf(attribute)])),
    );
    const whole = { ...core, [Resources[1].id]: enterprise, externalId: 'idp-whole' };
    const { status, body } = await company.create({ ...whole, entitlements: [{ value: 'x' }], password: 'x' });
    expect(status).toBe(201);
    const { schemas: _schemas, id: _id, meta: _meta, ...kept } = body;
    expect(kept).toEqual(whole);
  });
});
