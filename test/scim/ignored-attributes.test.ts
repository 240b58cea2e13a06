/**
 * A directory that deactivates somebody beside attributes that are not stored: the person is inactive afterwards,
 * whatever else is in the request. Attack: somebody who has left keeps their access because of a custom attribute.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';
import { type Company, personOf, startCompany } from './support.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CUSTOM = 'urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

const stage = useStage();
let company: Company;
let made = 0;

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId);
});

async function createLeaver(): Promise<string> {
  made += 1;
  return (await company.create(personOf(`leaver${made}`))).body.id;
}

const lastDetails = async () => (await stage.logs()).find(({ type }) => type === 'sscim')?.details;

describe('the person is inactive, and the log names what was ignored', () => {
  const off = { op: 'Replace', path: 'active', value: 'False' };
  test.each<readonly [name: string, operations: readonly object[], ignored: readonly string[]]>([
    [
      'a role of Entra, by its documented mapping',
      [{ op: 'Add', path: 'roles[primary eq "True"].value', value: 'Admin' }, off],
      ['roles.value'],
    ],
    ['all roles', [{ op: 'replace', path: 'roles', value: [{ primary: false, value: 'User' }] }, off], ['roles']],
    [
      'a custom extension of Entra',
      [{ op: 'Add', path: `${CUSTOM}:CustomAttribute`, value: '701984' }, off],
      [`${CUSTOM}:CustomAttribute`],
    ],
    [
      'a custom extension, whole',
      [{ op: 'replace', path: CUSTOM, value: { a: { b: [1, true, null] } } }, off],
      [CUSTOM],
    ],
    [
      'an unknown part of the enterprise extension',
      [{ op: 'add', path: `${ENTERPRISE}:floor`, value: 3 }, off],
      [`${ENTERPRISE}:floor`],
    ],
    ['entitlements, removed', [{ op: 'remove', path: 'entitlements[value eq "secret-1"]' }, off], ['entitlements']],
    [
      'an unknown part of a stored attribute',
      [{ op: 'add', path: 'name.nick', value: 'secret-1' }, off],
      ['name.nick'],
    ],
    [
      'an unknown part of a list’s item',
      [{ op: 'add', path: 'emails[type eq "work"].verified', value: true }, off],
      ['emails.verified'],
    ],
    [
      'a filter over a part that is not stored',
      [{ op: 'replace', path: 'emails[rank eq "secret-1"].value', value: 'x' }, off],
      ['emails.value'],
    ],
    ['attributes that only the server writes', [{ op: 'replace', path: 'id', value: 'secret-1' }, off], ['id']],
    ['a password', [{ op: 'replace', path: 'password', value: 'secret-1' }, off], ['password']],
    [
      'one operation without a path, as Okta sends it',
      [{ op: 'replace', value: { active: false, department2: 'secret-1', [CUSTOM]: { a: 1 } } }],
      ['department2', CUSTOM],
    ],
    ['below the URN of the schema', [{ op: 'replace', value: { [CORE]: { active: false } } }], []],
    ['by the path of the schema', [{ op: 'replace', path: CORE, value: { active: false } }], []],
    ['by the whole name', [{ op: 'replace', path: `${CORE}:active`, value: false }], []],
    ['by the whole name with a point', [{ op: 'replace', path: `${CORE}.active`, value: false }], []],
    [
      'beside stored attributes without a value',
      [
        { op: 'replace', path: 'emails', value: null },
        { op: 'replace', path: 'name', value: null },
        { op: 'add', path: 'title', value: null },
        off,
      ],
      [],
    ],
    [
      'beside a manager as a list',
      [{ op: 'Add', path: `${ENTERPRISE}:manager`, value: [{ $ref: 'x', value: 'chief' }] }, off],
      [],
    ],
    [
      'beside the primary address, by a text',
      [{ op: 'Replace', path: 'emails[primary eq "True"].value', value: 'other@acme.example' }, off],
      [],
    ],
  ])('%s', async (_name, operations, ignored) => {
    const id = await createLeaver();
    const answer = await company.patch(id, ...(operations as { op: string }[]));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body.active).toBe(false);
    const user = await stage.instance.api('GET', `/users/${encodeURIComponent(id)}`);
    expect(user.blocked).toBe(true);
    const details = await lastDetails();
    expect(details?.ignored_attributes ?? []).toEqual(ignored);
    expect(JSON.stringify(details)).not.toContain('secret-1');
  });
});

test('what PATCH ignores is what PUT ignores', async () => {
  const extra = {
    roles: [{ value: 'Admin' }],
    [CUSTOM]: { CustomAttribute: '1' },
    entitlements: 'x',
    password: 'secret',
  };
  const byPut = await createLeaver();
  const put = await company.call('PUT', `/Users/${encodeURIComponent(byPut)}`, {
    ...personOf(`leaver${made}`),
    title: 'Clerk',
    ...extra,
  });
  const byPatch = await createLeaver();
  const operations = Object.entries({ title: 'Clerk', ...extra }).map(([path, value]) => ({
    op: 'replace',
    path,
    value,
  }));
  const patched = await company.patch(byPatch, ...operations);
  const withoutNames = (body: Record<string, unknown>) => Object.keys(body).sort();
  expect(withoutNames(patched.body)).toEqual(withoutNames(put.body));
  expect(patched.body.title).toBe('Clerk');
});

test('the log names at most 20 ignored attributes, with at most 128 characters each', async () => {
  const id = await createLeaver();
  const operations = Array.from({ length: 40 }, (_, index) => ({
    op: 'add',
    path: `urn:example:${'x'.repeat(200)}:User:a${index}`,
    value: 1,
  }));
  expect((await company.patch(id, ...operations)).status).toBe(200);
  const names = (await lastDetails())?.ignored_attributes as string[];
  expect([names.length, Math.max(...names.map(({ length }) => length))]).toEqual([20, 128]);
});

// Attack: somebody who has left stays active, and the answer says that all was done.
describe('a path to an attribute that decides is never ignored', () => {
  test.each<
    readonly [name: string, operation: { readonly op: string; readonly path?: string; readonly value?: unknown }]
  >([
    [
      'active of another schema',
      { op: 'replace', path: 'urn:ietf:params:scim:schemas:core:1.0:User:active', value: false },
    ],
    ['active of the enterprise extension', { op: 'replace', path: `${ENTERPRISE}:active`, value: false }],
    ['active of another schema, in another case', { op: 'replace', path: `${CUSTOM}:Active`, value: false }],
    ['a part of active', { op: 'replace', path: `${CUSTOM}:active.value`, value: false }],
    ['userName of another schema', { op: 'replace', path: `${CUSTOM}:userName`, value: 'x' }],
    ['externalId of another schema', { op: 'remove', path: `${CUSTOM}:externalId` }],
    ['a part of active, without a path', { op: 'replace', value: { 'active.value': false } }],
    ['active of another schema, without a path', { op: 'replace', value: { [`${CUSTOM}:active`]: false } }],
    ['a malformed name, without a path', { op: 'replace', value: { 'active[': false } }],
  ])('%s', async (_name, operation) => {
    const id = await createLeaver();
    const answer = await company.patch(id, operation);
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidPath']);
  });
});
