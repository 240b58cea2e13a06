/** Which subjects of a directory a plan uses, by the strategy of the connection, and what it says where it uses none. */
import { describe, expect, test } from 'vitest';
import type { TenantKind } from '../../../src/tenant-tools/rollout/classify.js';
import { parseDirectory } from '../../../src/tenant-tools/rollout/directory-file.js';
import { fitSubjects, subjectRulesOf } from '../../../src/tenant-tools/rollout/subject-rules.js';

const OID = '3f2a1b00-9c8d-4e7f-8a6b-5c4d3e2f1a0b';
const TENANT = { tenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47' };
const MANY = { useCommonEndpoint: true };

function planned(
  kind: TenantKind,
  strategy: string,
  options: Readonly<Record<string, unknown>>,
  ...subjects: string[]
) {
  const rules = subjectRulesOf({ name: 'acme', strategy, options }, kind);
  const lines = subjects.map((subject, n) => `p${n}@acme.example,${subject}`);
  const { entries, bad } = fitSubjects(parseDirectory(['email,subject', ...lines].join('\n')).entries, rules);
  return { notes: rules.notes.join(' '), subjects: [...entries.values()].map(({ subject }) => subject), bad };
}

describe('a subject that tokens bring', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['oidc', {}, 'anything', 'anything'],
    ['waad', TENANT, OID, OID],
    ['waad', TENANT, OID.toUpperCase(), OID],
    ['waad', { ...TENANT, userid_attribute: 'sub' }, 'AAAAAPairwise_0-1', 'AAAAAPairwise_0-1'],
    ['google-apps', { tenant_domain: 'acme.example' }, '110248495921238986420', '110248495921238986420'],
  ])('%s %j: %s', (strategy, options, given, taken) => {
    expect(planned('vestibule', strategy, options, given)).toEqual({ notes: '', subjects: [taken], bad: [] });
  });
});

describe('a subject of another kind is a bad line: it would be prepared for nobody', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['waad', TENANT, 'dana@acme.example', 'object id'],
    ['waad', TENANT, '110248495921238986420', 'object id'],
    ['waad', { ...TENANT, userid_attribute: 'sub' }, OID, 'leave the column out'],
    ['google-apps', { tenant_domain: 'acme.example' }, 'dana@acme.example', 'not an address'],
  ])('%s %j: %s', (strategy, options, given, says) => {
    const { bad } = planned('vestibule', strategy, options, given);
    expect(bad).toEqual([{ line: 2, problem: expect.stringContaining(says) }]);
  });

  test('one object id in two spellings is one subject twice', () => {
    const { bad } = planned('vestibule', 'waad', TENANT, OID, OID.toUpperCase());
    expect(bad).toEqual([{ line: 3, problem: 'the subject stands in line 2 already' }]);
  });
});

describe('where no subject names one person, none is used, and the plan says why', () => {
  test.each<[TenantKind, string, Readonly<Record<string, unknown>>, string]>([
    ['vestibule', 'waad', MANY, 'prepared by their address'],
    ['auth0', 'waad', MANY, 'nobody can be prepared'],
    ['auth0', 'google-apps', { tenant_domain: 'acme.example' }, 'no inbound SCIM for the strategy google-apps'],
    ['auth0', 'adfs', {}, 'no inbound SCIM for the strategy adfs'],
  ])('%s, %s', (kind, strategy, options, says) => {
    const { notes, subjects, bad } = planned(kind, strategy, options, OID);
    expect([subjects, bad]).toEqual([[undefined], []]);
    expect(notes).toContain(says);
  });
});
