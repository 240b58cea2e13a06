/** The SCIM endpoint as a directory uses it (RFC 7644): create, read, find, replace, change, delete, with the answers of the RFC. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';
import { type Company, personOf, startCompany } from './support.js';

const stage = useStage();
let company: Company;

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId);
});

const userOf = (id: string) => stage.instance.api('GET', `/users/${encodeURIComponent(id)}`);
const at = (id: string) => `/Users/${encodeURIComponent(id)}`;

describe('create', () => {
  test('makes a user who waits for their first sign-in: no membership, no verified address', async () => {
    const answer = await company.create(personOf('nora', { password: 'Correct-horse-9-battery' }));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
    expect(answer.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: 'oidc|acme-oidc|idp-nora',
      userName: 'nora@acme.example',
      externalId: 'idp-nora',
      active: true,
      meta: { resourceType: 'User' },
    });
    expect(answer.headers.get('location')).toBe(answer.body.meta.location);
    expect(answer.body).not.toHaveProperty('password');
    const user = await userOf(answer.body.id);
    expect(user).toMatchObject({
      email: 'nora@acme.example',
      email_verified: false,
      name: 'nora of the directory',
      given_name: 'nora',
      family_name: 'Directory',
      app_metadata: { external_id: 'idp-nora' },
      identities: [{ provider: 'oidc', user_id: 'acme-oidc|idp-nora', connection: 'acme-oidc' }],
    });
    expect(await stage.instance.api('GET', `/users/${encodeURIComponent(answer.body.id)}/organizations`)).toEqual([]);
    const { rows } = await stage.instance.database.pool.query('select scim::text from identities where scim_id = $1', [
      answer.body.id,
    ]);
    expect(rows[0].scim).not.toContain('battery');
  });

  test.each([
    ['the same subject', { userName: 'other@acme.example' }],
    ['the same name in other letters', { userName: 'ONCE@acme.example', externalId: 'idp-another' }],
  ])('a second one with %s is 409 uniqueness and leaves nothing', async (_title, changes) => {
    await company.create(personOf('once'));
    const before = await stage.instance.snapshot();
    const answer = await company.create(personOf('once', changes));
    expect([answer.status, answer.body.scimType]).toEqual([409, 'uniqueness']);
    const after = await stage.instance.snapshot();
    for (const table of ['users', 'identities', 'user_id_prefixes']) expect(after[table]).toEqual(before[table]);
  });

  test.each([
    ['no userName', { userName: undefined }],
    ['no external id', { externalId: undefined }],
    ['an external id that is no subject', { externalId: 'dan\u00e4' }],
    ['a name of 256 characters', { userName: 'x'.repeat(256) }],
    ['a NUL', { displayName: 'a\0b' }],
    ['half a character', { displayName: '\ud800' }],
    ['emails that are no list', { emails: 'nobody@acme.example' }],
    ['an active that is neither', { active: 'perhaps' }],
  ])('with %s is 400 invalidValue', async (_title, changes) => {
    const answer = await company.create(personOf('wrong', changes));
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue']);
    expect(answer.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
    expect((await company.find('externalId eq "idp-wrong"')).body.totalResults).toBe(0);
  });
});

describe('find', () => {
  beforeAll(async () => {
    for (const name of ['fay', 'finn', 'flo']) await company.create(personOf(name));
  });

  test.each([
    ['userName eq "FAY@acme.example"', ['idp-fay']],
    ['externalId eq "idp-finn"', ['idp-finn']],
    ['externalId eq "IDP-FINN"', []],
    ['id eq "oidc|acme-oidc|idp-flo"', ['idp-flo']],
    ['emails.value eq "flo@acme.example"', ['idp-flo']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName Eq "flo@acme.example"', ['idp-flo']],
    ['userName eq "fay@acme.example" or externalId eq "idp-finn"', ['idp-fay', 'idp-finn']],
    ['userName eq "fay@acme.example" and externalId eq "idp-finn"', []],
    ['userName eq "fay@acme.example" or userName eq "finn@acme.example" and externalId eq "idp-flo"', ['idp-fay']],
    ['(userName eq "fay@acme.example" or userName eq "finn@acme.example") and externalId eq "idp-finn"', ['idp-finn']],
    ['userName eq "x\\" or 1=1 --"', []],
    [`userName eq "' or '1'='1"`, []],
  ])('%s', async (filter, found) => {
    const { status, body } = await company.find(filter);
    expect(status).toBe(200);
    expect(body.Resources.map((item: { externalId: string }) => item.externalId)).toEqual(found);
    expect([body.totalResults, body.itemsPerPage]).toEqual([found.length, found.length]);
  });

  test.each([
    'userName',
    'userName eq fay',
    'userName eq "fay',
    'userName sw "fay"',
    'password eq "x"',
    'constructor eq "x"',
    'userName eq "a" and',
    '(userName eq "a"',
    'userName eq "a" userName eq "b"',
    'userName eq "a\\u0000"',
    `${'('.repeat(30)}userName eq "a"${')'.repeat(30)}`,
    Array.from({ length: 21 }, () => 'userName eq "a"').join(' or '),
  ])('%s is 400 invalidFilter', async (filter) => {
    const { status, body } = await company.find(filter);
    expect([status, body.scimType]).toEqual([400, 'invalidFilter']);
  });

  test('in pages that count from 1', async () => {
    const { body } = await company.call('GET', '/Users?startIndex=1&count=2');
    expect(body.Resources).toHaveLength(2);
    const { totalResults } = body;
    const last = (await company.call('GET', `/Users?startIndex=${totalResults}&count=2`)).body;
    expect([last.startIndex, last.itemsPerPage, last.totalResults]).toEqual([totalResults, 1, totalResults]);
    const none = (await company.call('GET', '/Users?startIndex=-5&count=0')).body;
    expect([none.startIndex, none.Resources, none.totalResults]).toEqual([1, [], totalResults]);
    expect((await company.call('GET', '/Users?count=many')).status).toBe(400);
  });

  test('somebody by their id, and nobody by an id that is none', async () => {
    const found = await company.call('GET', at('oidc|acme-oidc|idp-fay'));
    expect([found.status, found.body.userName]).toEqual([200, 'fay@acme.example']);
    for (const id of ['nobody', 'oidc|acme-oidc|', 'auth0|x', '\0']) {
      expect((await company.call('GET', at(id))).status, id).toBe(404);
      expect((await company.call('PUT', at(id), personOf('nobody'))).status, id).toBe(404);
      expect((await company.patch(id, { op: 'replace', path: 'active', value: false })).status, id).toBe(404);
      expect((await company.call('DELETE', at(id))).status, id).toBe(404);
    }
  });
});

describe('change', () => {
  let id: string;
  beforeAll(async () => {
    id = (await company.create(personOf('pat', { title: 'Clerk' }))).body.id;
  });

  test('PUT replaces the data, keeps what stands at the account alone', async () => {
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(id)}`, { app_metadata: { plan: 'gold' } });
    const answer = await company.call('PUT', at(id), personOf('pat', { displayName: 'Pat', active: undefined }));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, displayName: 'Pat', active: true });
    expect(answer.body).not.toHaveProperty('title');
    const user = await userOf(id);
    expect([user.name, user.app_metadata]).toEqual(['Pat', { external_id: 'idp-pat', plan: 'gold' }]);
  });

  test('PATCH with and without a path, one operation after the other', async () => {
    const answer = await company.patch(
      id,
      { op: 'replace', path: 'name.familyName', value: 'Patched' },
      { op: 'Replace', value: { displayName: 'Pat P.', 'name.givenName': 'Patricia', groups: ['x'] } },
      { op: 'add', path: 'emails', value: [{ value: 'home@acme.example', type: 'home' }] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@acme.example' },
      { op: 'add', path: 'phoneNumbers[type eq "mobile"].value', value: '+49 1' },
      { op: 'add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', value: 'Sales' },
      { op: 'add', path: 'nickName', value: 'Patty' },
      { op: 'remove', path: 'nickName' },
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      displayName: 'Pat P.',
      name: { givenName: 'Patricia', familyName: 'Patched' },
      emails: [
        { value: 'new@acme.example', type: 'work', primary: true },
        { value: 'home@acme.example', type: 'home' },
      ],
    });
    expect(answer.body).not.toHaveProperty('nickName');
    const user = await userOf(id);
    expect(user).toMatchObject({ email: 'new@acme.example', email_verified: false, given_name: 'Patricia' });
    expect(user.app_metadata).toMatchObject({ department: 'Sales', mobile_phone_number: '+49 1', plan: 'gold' });
  });

  test.each([
    ['invalidPath', { op: 'replace', path: 'activ e', value: false }],
    ['invalidPath', { op: 'replace', path: '', value: false }],
    ['invalidPath', { op: 'replace', path: 'roles[', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'roles[primary]', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'roles[primary eq "x]', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'roles[primary eq "x"]value', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'active.value', value: false }],
    ['invalidPath', { op: 'replace', path: 'active.anything', value: false }],
    ['invalidPath', { op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:User' }],
    ['invalidPath', { op: 'replace', path: 'emails[type eq "work" and value co "x"].value', value: 'x@acme.example' }],
    ['invalidValue', { op: 'add', path: 'roles' }],
    ['invalidSyntax', { op: 'move', path: 'roles', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'userName[type eq "x"]', value: 'x' }],
    ['noTarget', { op: 'remove' }],
    ['noTarget', { op: 'replace', path: 'emails[type eq "other"].value', value: 'x@acme.example' }],
    ['invalidSyntax', { op: 'move', path: 'active', value: false }],
    ['invalidValue', { op: 'replace', path: 'active', value: 'no' }],
    ['invalidValue', { op: 'remove', path: 'userName' }],
    ['mutability', { op: 'replace', path: 'externalId', value: 'idp-dana' }],
  ])('PATCH that cannot be done is 400 %s, and nothing of it is done', async (scimType, operation) => {
    const before = (await company.call('GET', at(id))).body;
    const answer = await company.patch(id, { op: 'replace', path: 'displayName', value: 'Half' }, operation);
    expect([answer.status, answer.body.scimType]).toEqual([400, scimType]);
    expect((await company.call('GET', at(id))).body).toEqual(before);
  });

  test('a name that somebody else has is 409', async () => {
    await company.create(personOf('taken'));
    const answer = await company.patch(id, { op: 'replace', path: 'userName', value: 'Taken@acme.example' });
    expect([answer.status, answer.body.scimType]).toEqual([409, 'uniqueness']);
  });

  test('DELETE removes the person; every later call is 404', async () => {
    const gone = (await company.create(personOf('gone'))).body.id;
    expect((await company.call('DELETE', at(gone))).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await company.call(method, at(gone))).status).toBe(404);
    expect((await company.patch(gone, { op: 'replace', path: 'active', value: true })).status).toBe(404);
    await stage.instance.api('GET', `/users/${encodeURIComponent(gone)}`, undefined, 404);
    expect((await company.create(personOf('gone'))).status).toBe(201);
  });
});

test('what is supported is described, and nothing else is there', async () => {
  const { status, body } = await company.call('GET', '/ServiceProviderConfig');
  expect([status, body.patch.supported, body.bulk.supported, body.etag.supported, body.sort.supported]).toEqual([
    200,
    true,
    false,
    true,
    true,
  ]);
  const nowhere = await company.call('GET', '/Bulk');
  expect([nowhere.status, nowhere.body.status]).toEqual([404, '404']);
});

test('each write leaves one line in the log, a refused one too, without the data of a person', async () => {
  await company.create(personOf('line'));
  await company.create(personOf('line'));
  const lines = (await stage.logs()).filter((line) => line.type === 'sscim' || line.type === 'fscim').slice(0, 2);
  expect(lines.map((line) => [line.type, (line.details.response as { statusCode: number }).statusCode])).toEqual([
    ['fscim', 409],
    ['sscim', 201],
  ]);
  expect(lines[1]?.user_id).toBe('oidc|acme-oidc|idp-line');
  expect(JSON.stringify(lines.map((line) => line.details))).not.toContain('line@acme.example');
});
