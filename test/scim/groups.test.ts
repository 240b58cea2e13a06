/** `/Groups` of RFC 7644 in the letter: names, people, filters, changes that cannot be done, and whom a group may have. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';
import { ALL_SCOPES, type Company, personOf, startCompany } from './support.js';

const stage = useStage();
let company: Company;
let other: Company;
const ids: Record<string, string> = {};

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId, { token: { scopes: ALL_SCOPES } });
  const place = await stage.cast.createPlace('elsewhere', stage.cast.people);
  other = await startCompany(stage.instance, place.connectionId, { token: { scopes: ALL_SCOPES } });
  for (const name of ['ann', 'ben', 'cid']) ids[name] = (await company.create(personOf(name))).body.id;
  ids.stranger = (await other.create(personOf('stranger'))).body.id;
});

const at = (id: string) => `/Groups/${id}`;
const create = (changes: object) => company.call('POST', '/Groups', changes);
const patch = (id: string, ...Operations: object[]) => company.call('PATCH', at(id), { Operations });
const membersOf = async (id: string) =>
  (await company.call('GET', at(id))).body.members.map((item: { value: string }) => item.value);
const of = (...names: string[]) => names.map((name) => ({ value: ids[name] }));
const find = async (filter: string) =>
  (await company.call('GET', `/Groups?filter=${encodeURIComponent(filter)}`)).body.Resources?.map(
    (item: { displayName: string }) => item.displayName,
  );

describe('create', () => {
  test('makes a group with its people, who are no members of an organization by it', async () => {
    const before = await stage.instance.snapshot();
    const answer = await create({ displayName: 'First', externalId: 'g-1', members: of('ann', 'ben') });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      id: expect.stringMatching(/^grp_\w{16}$/),
      displayName: 'First',
      externalId: 'g-1',
      members: [{ value: ids.ann, type: 'User' }, { value: ids.ben }],
      meta: { resourceType: 'Group' },
    });
    expect(answer.headers.get('location')).toBe(answer.body.meta.location);
    const after = await stage.instance.snapshot();
    for (const table of ['users', 'identities', 'members', 'member_roles']) expect(after[table]).toEqual(before[table]);
  });

  test.each([
    ['the same external id', { displayName: 'Other', externalId: 'g-once' }, 'g-once'],
    ['the same name, where the directory gives no id', { displayName: 'ONCE' }, undefined],
  ])('a second one with %s is 409 and leaves nothing', async (_title, body, externalId) => {
    await create({ displayName: 'Once', ...(externalId && { externalId }) });
    const before = await stage.instance.snapshot();
    const answer = await create(body);
    expect([answer.status, answer.body.scimType]).toEqual([409, 'uniqueness']);
    const after = await stage.instance.snapshot();
    for (const table of ['scim_groups', 'scim_group_members']) expect(after[table]).toEqual(before[table]);
  });

  test.each([
    ['no name', {}],
    ['an empty name', { displayName: ' ' }],
    ['a name of 256 characters', { displayName: 'x'.repeat(256) }],
    ['a NUL', { displayName: 'a\0b' }],
    ['people that are no texts', { displayName: 'Wrong', members: [{ value: 7 }] }],
    ['a group in it', { displayName: 'Wrong', members: [{ value: 'grp_x', type: 'Group' }] }],
    ['somebody whom nobody knows', { displayName: 'Wrong', members: [{ value: 'oidc|acme-oidc|nobody' }] }],
    ['too many people', { displayName: 'Wrong', members: Array.from({ length: 10_001 }, () => 'x') }],
  ])('with %s is 400 invalidValue and leaves nothing', async (_title, body) => {
    const answer = await create(body);
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue']);
    expect(await find('displayName eq "Wrong"')).toEqual([]);
  });

  test("case=a person of another company's connection cannot be put into a group", async () => {
    const answer = await create({ displayName: 'Thieves', members: [{ value: ids.stranger }] });
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue']);
    const { id } = (await create({ displayName: 'Thieves' })).body;
    const changed = await patch(id, { op: 'add', path: 'members', value: [{ value: ids.stranger }] });
    expect(changed.status).toBe(400);
    expect(await membersOf(id)).toEqual([]);
  });
});

describe('find', () => {
  let id: string;
  beforeAll(async () => {
    id = (await create({ displayName: 'Found', externalId: 'g-found', members: of('cid') })).body.id;
  });

  test.each([
    ['displayName eq "FOUND"', ['Found']],
    ['externalId eq "g-found"', ['Found']],
    ['externalId eq "G-FOUND"', []],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "found"', ['Found']],
    ['members.value eq "oidc|acme-oidc|idp-cid"', ['Found']],
    ['members eq "oidc|acme-oidc|idp-nobody"', []],
    ['displayName eq "x\\" or 1=1 --"', []],
  ])('%s', async (filter, found) => {
    expect(await find(filter)).toEqual(found);
  });

  test.each(['userName eq "x"', 'displayName sw "F"', 'members[value eq "x"]'])('%s is 400', async (filter) => {
    const answer = await company.call('GET', `/Groups?filter=${encodeURIComponent(filter)}`);
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidFilter']);
  });

  test("case=a group of another company's connection is nowhere", async () => {
    expect((await other.call('GET', '/Groups')).body.totalResults).toBe(0);
    for (const [method, body] of [['GET'], ['PUT', { displayName: 'x' }], ['PATCH', PATCHES], ['DELETE']] as const)
      expect((await other.call(method, at(id), body)).status, method).toBe(404);
    expect(await membersOf(id)).toEqual([ids.cid]);
  });
});

const PATCHES = { Operations: [{ op: 'remove', path: 'members' }] };

describe('change', () => {
  let id: string;
  beforeAll(async () => {
    id = (await create({ displayName: 'Changed', externalId: 'g-changed' })).body.id;
  });

  test('PATCH with and without a path, one operation after the other; adding twice is once', async () => {
    const answer = await patch(
      id,
      { op: 'add', path: 'members', value: of('ann', 'ben', 'ann') },
      { op: 'remove', path: `members[value eq "${ids.ann}"]` },
      { op: 'Replace', value: { displayName: 'Renamed', members: of('ben', 'cid'), unknown: 1 } },
      { op: 'add', path: 'members', value: { value: ids.ann } },
      { op: 'remove', path: 'members', value: of('cid') },
      { op: 'remove', path: 'externalId' },
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(204);
    const { body } = await company.call('GET', at(id));
    expect([body.displayName, body.externalId]).toEqual(['Renamed', undefined]);
    expect((await membersOf(id)).sort()).toEqual([ids.ann, ids.ben]);
    expect((await patch(id, { op: 'add', path: 'members', value: of('ann') })).status).toBe(204);
    expect((await membersOf(id)).sort()).toEqual([ids.ann, ids.ben]);
    expect((await patch(id, { op: 'remove', path: 'members' })).status).toBe(204);
    expect(await membersOf(id)).toEqual([]);
  });

  test('PUT is the group from now on', async () => {
    await patch(id, { op: 'add', path: 'members', value: of('ann') });
    const answer = await company.call('PUT', at(id), { displayName: 'Put', externalId: 'g-put', members: of('ben') });
    expect(answer.body).toMatchObject({ id, displayName: 'Put', externalId: 'g-put', members: of('ben') });
    expect((await company.call('PUT', at(id), { displayName: 'Put' })).body).toMatchObject({
      externalId: 'g-put',
      members: [],
    });
  });

  test.each([
    ['invalidPath', { op: 'replace', path: 'members[display eq "x"]', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'members[value eq "x"]', value: 'x' }],
    ['invalidPath', { op: 'remove', path: 'members[type eq "User"]' }],
    ['invalidPath', { op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:Group' }],
    ['invalidPath', { op: 'replace', path: 'nick name', value: 'x' }],
    ['invalidPath', { op: 'remove', path: 'urn:ietf:params:scim:schemas:core:1.0:Group:members' }],
    ['invalidPath', { op: 'remove', path: 'urn:example:Group:members[value eq "x"]' }],
    ['invalidPath', { op: 'replace', path: 'urn:example:Group:externalId', value: 'x' }],
    ['invalidPath', { op: 'replace', value: { 'urn:example:Group:members': [] } }],
    ['invalidPath', { op: 'replace', value: { 'members.value': 'x' } }],
    ['invalidValue', { op: 'replace', path: 'nickName' }],
    ['noTarget', { op: 'remove' }],
    ['invalidSyntax', { op: 'move', path: 'members', value: [] }],
    ['invalidValue', { op: 'replace', path: 'displayName', value: '' }],
    ['mutability', { op: 'remove', path: 'displayName' }],
    ['invalidValue', { op: 'add', path: 'members' }],
    ['invalidValue', { op: 'add', path: 'members', value: [{ value: 'nobody' }] }],
  ])('PATCH that cannot be done is 400 %s, and nothing of it is done', async (scimType, operation) => {
    const before = (await company.call('GET', at(id))).body;
    const answer = await patch(id, { op: 'replace', path: 'displayName', value: 'Half' }, operation);
    expect([answer.status, answer.body.scimType]).toEqual([400, scimType]);
    expect((await company.call('GET', at(id))).body).toEqual(before);
  });

  test('a person who is deleted leaves their groups', async () => {
    const gone = (await company.create(personOf('goner'))).body.id;
    await patch(id, { op: 'add', path: 'members', value: [{ value: gone }] });
    expect(await membersOf(id)).toContain(gone);
    await company.call('DELETE', `/Users/${encodeURIComponent(gone)}`);
    expect(await membersOf(id)).not.toContain(gone);
    // Created once more, they are in no group.
    await company.create(personOf('goner'));
    expect(await membersOf(id)).not.toContain(gone);
  });

  test('DELETE removes the group and leaves its people', async () => {
    const gone = (await create({ displayName: 'Gone', members: of('ann') })).body.id;
    expect((await company.call('DELETE', at(gone))).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await company.call(method, at(gone))).status).toBe(404);
    expect((await company.call('GET', `/Users/${encodeURIComponent(String(ids.ann))}`)).status).toBe(200);
  });
});

test('a token without the scopes for groups opens no group, and each method takes its own', async () => {
  const path = `/connections/${company.connectionId}/scim-configuration/tokens`;
  const plain = (await stage.instance.api('POST', path, {})).token as string;
  for (const [method, way] of [
    ['GET', '/Groups'],
    ['POST', '/Groups'],
    ['POST', '/Groups/.search'],
    ['DELETE', '/Groups/x'],
  ] as const) {
    const answer = await company.call(method, way, method === 'POST' ? { displayName: 'No' } : undefined, plain);
    expect([answer.status, answer.body.detail], way).toEqual([
      403,
      `The token lacks the scope ${way.endsWith('.search') ? 'get' : method.toLowerCase()}:groups.`,
    ]);
  }
});

test('PATCH ignores what PUT ignores, and does the rest; the log names what was ignored', async () => {
  const urn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
  const { id } = (await create({ displayName: 'Extended', members: of('ann', 'ben') })).body;
  const answer = await patch(
    id,
    { op: 'replace', path: 'nickName', value: 'x' },
    { op: 'Replace', path: 'urn:example:scim:2.0:Group:owner', value: { value: 'idp-ann' } },
    { op: 'add', path: 'tags[type eq "secret"].value', value: 5 },
    { op: 'remove', path: `${urn}:members[value eq "${ids.ann}"]` },
    { op: 'replace', value: { id, tier: 'idp-ann', [urn]: { displayName: 'Extended on' } } },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(204);
  expect((await company.call('GET', at(id))).body).toMatchObject({ displayName: 'Extended on', members: of('ben') });
  const line = (await stage.logs()).find(({ type }) => type === 'sscim');
  expect(line?.details.ignored_attributes).toEqual([
    'nickname',
    'urn:example:scim:2.0:group:owner',
    'tags.value',
    'id',
    'tier',
  ]);
  expect(JSON.stringify(line?.details)).not.toMatch(/secret|idp-ann/);
});

test('each write leaves one line in the log, with numbers and without the people', async () => {
  const { id } = (await create({ displayName: 'Logged', members: of('ann', 'ben') })).body;
  await patch(id, { op: 'remove', path: 'members' }, { op: 'add', path: 'members', value: of('cid') });
  const [changed, created] = (await stage.logs()).filter((line) => line.type === 'sscim');
  expect(created?.details.group).toEqual({ id, members_added: 2, members_removed: 0 });
  expect(changed?.details.group).toEqual({ id, members_added: 1, members_removed: 2 });
  expect(JSON.stringify([created, changed])).not.toContain('idp-ann');
});

test('two requests that create one group at once make one', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => create({ displayName: 'Race', externalId: 'g-race', members: of('ann') })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  expect(await find('externalId eq "g-race"')).toEqual(['Race']);
});

test('the first people of a connection, created at once, are all created', async () => {
  const place = await stage.cast.createPlace('crowded', stage.cast.people);
  const first = await startCompany(stage.instance, place.connectionId);
  const names = Array.from({ length: 8 }, (_, index) => `first${index}`);
  const answers = await Promise.all(names.map((name) => first.create(personOf(name))));
  expect(answers.map(({ body }) => body.id)).toEqual(names.map((name) => `oidc|crowded-oidc|idp-${name}`));
});

test('groups that get the same people at once, in different orders, are all filled', async () => {
  const groups = await Promise.all(
    ['W', 'X', 'Y', 'Z'].map(async (name) => (await create({ displayName: `Crowd ${name}` })).body.id as string),
  );
  const answers = await Promise.all(
    groups.map((id, index) =>
      patch(id, { op: 'add', path: 'members', value: index % 2 ? of('ann', 'ben', 'cid') : of('cid', 'ben', 'ann') }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
  for (const id of groups) expect(await membersOf(id)).toHaveLength(3);
});
