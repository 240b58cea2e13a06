/**
 * Random histories of people whom a directory provisions, deactivates, activates again, moves between groups and deletes, while they sign in:
 * one after another and at the same time. After every step a model of a few lines says who may be in, who is a member and with which roles.
 * Two things at once must come to what one of the two orders comes to: the histories of test/model have these steps too, among all others, but
 * one after another.
 */

import { beforeAll, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import fc from '../support/random.js';
import { useStage } from '../support/stage.js';
import { type Statement, whileHeld } from '../support/while-held.js';
import { ALL_SCOPES, type Company, personOf, startCompany } from './support.js';

const stage = useStage();
let company: Company;
const groups: Record<string, string> = {};

const DOINGS = ['create', 'deactivate', 'activate', 'delete', 'join', 'leave', 'move', 'signIn'] as const;
type Doing = (typeof DOINGS)[number];

/** A person as the model has them. `in` is their group: only Staff lets in, and only Leads gives a role. */
interface Person {
  readonly exists: boolean;
  readonly blocked: boolean;
  readonly groups: readonly string[];
  readonly member: boolean;
}

const NOBODY: Person = { exists: false, blocked: false, groups: [], member: false };

interface Outcome {
  readonly person: Person;
  /** Status of the directory's request, or whether the sign-in got a code. */
  readonly answer: number | 'in' | 'refused';
}

const unlessGone = (person: Person, status: number, changes: Partial<Person>): Outcome =>
  person.exists ? { person: { ...person, ...changes }, answer: status } : { person, answer: 404 };

const add = (names: readonly string[], name: string) => [...new Set([...names, name])].sort();
const without = (names: readonly string[], name: string) => names.filter((item) => item !== name);

/** The model: what each thing comes to, alone. */
const MODEL: Readonly<Record<Doing, (person: Person) => Outcome>> = {
  create: (person) => (person.exists ? { person, answer: 409 } : { person: { ...NOBODY, exists: true }, answer: 201 }),
  deactivate: (person) => unlessGone(person, 200, { blocked: true }),
  activate: (person) => unlessGone(person, 200, { blocked: false }),
  delete: (person) => (person.exists ? { person: NOBODY, answer: 204 } : { person, answer: 404 }),
  join: (person) =>
    person.exists
      ? { person: { ...person, groups: add(person.groups, 'Staff') }, answer: 204 }
      : { person, answer: 400 },
  leave: (person) => ({ person: { ...person, groups: without(person.groups, 'Staff') }, answer: 204 }),
  move: (person) =>
    person.exists
      ? { person: { ...person, groups: add(without(person.groups, 'Staff'), 'Leads') }, answer: 204 }
      : { person, answer: 400 },
  signIn(person) {
    const isIn = person.exists && !person.blocked && (person.member || person.groups.includes('Staff'));
    return isIn ? { person: { ...person, member: true }, answer: 'in' } : { person, answer: 'refused' };
  },
};

const idOf = (name: string) => `oidc|acme-oidc|idp-${name}`;
const change = (group: string, op: object) => company.call('PATCH', `/Groups/${groups[group]}`, { Operations: [op] });
const putInto = (group: string, name: string) =>
  change(group, { op: 'add', path: 'members', value: [{ value: idOf(name) }] });
const takeFrom = (group: string, name: string) =>
  change(group, { op: 'remove', path: `members[value eq "${idOf(name)}"]` });
const setActive = (name: string, value: boolean) => company.patch(idOf(name), { op: 'replace', path: 'active', value });

const DO: Readonly<Record<Doing, (name: string) => Promise<Outcome['answer']>>> = {
  create: async (name) => (await company.create(personOf(name))).status,
  deactivate: async (name) => (await setActive(name, false)).status,
  activate: async (name) => (await setActive(name, true)).status,
  delete: async (name) => (await company.call('DELETE', `/Users/${encodeURIComponent(idOf(name))}`)).status,
  join: async (name) => (await putInto('Staff', name)).status,
  leave: async (name) => (await takeFrom('Staff', name)).status,
  async move(name) {
    const { status } = await putInto('Leads', name);
    if (status === 204) await takeFrom('Staff', name);
    return status;
  },
  async signIn(name) {
    const answer = await stage.visitor().throughSso(name, `${name}@acme.example`);
    expect(answer.status, 'no fault').toBeLessThan(500);
    return answer.url.searchParams.has('code') ? 'in' : 'refused';
  },
};

/** The person as the server has them. */
async function look(name: string): Promise<Person & { readonly roles: readonly string[] }> {
  const { pool } = stage.instance.database;
  const of = async (text: string) => (await pool.query(text, [idOf(name)])).rows as Json[];
  const [user] = await of('select blocked from users where user_id = $1');
  const twins = await pool.query(`select 1 from identities where subject = $1`, [`idp-${name}`]);
  expect(twins.rows.length, 'one person is one user').toBe(user === undefined ? 0 : 1);
  const member = (await of('select 1 from members where user_id = $1')).length > 0;
  const assigned = await of('select 1 from member_roles where user_id = $1');
  expect(assigned, 'a role of a group is never stored with the member').toEqual([]);
  const path = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(idOf(name))}/effective-roles?take=50`;
  const roles = member ? (await stage.instance.api<{ roles: Json[] }>('GET', path)).roles : [];
  const found = await of(`select g.display_name from scim_group_members m join scim_groups g on g.id = m.group_id
    where m.user_id = $1 order by 1`);
  return {
    exists: user !== undefined,
    blocked: user?.blocked === true,
    groups: found.map((row) => String(row.display_name)),
    member,
    roles: roles.map((role) => String(role.name)),
  };
}

async function expectLike(name: string, people: readonly Person[], title: string): Promise<Person> {
  const { roles, ...seen } = await look(name);
  expect(people, title).toContainEqual(seen);
  expect(roles, title).toEqual(seen.member && seen.groups.includes('Leads') ? ['lead'] : []);
  return seen;
}

/** `with` happens at the same time. */
interface Step {
  readonly do: Doing;
  readonly with: Doing | undefined;
}

async function play(name: string, before: Person, step: Step): Promise<Person> {
  if (step.with === undefined) {
    const expected = MODEL[step.do](before);
    expect(await DO[step.do](name), step.do).toBe(expected.answer);
    return expectLike(name, [expected.person], step.do);
  }
  const title = `${step.do} and ${step.with} at once, of ${JSON.stringify(before)}`;
  const answers = await Promise.all([DO[step.do](name), DO[step.with](name)]);
  const [one, other] = [MODEL[step.do](before), MODEL[step.with](before)];
  const oneThenOther = MODEL[step.with](one.person);
  const otherThenOne = MODEL[step.do](other.person);
  const orders = [
    { answers: [one.answer, oneThenOther.answer], person: oneThenOther.person },
    { answers: [otherThenOne.answer, other.answer], person: otherThenOne.person },
  ];
  const fitting = orders.filter((order) => JSON.stringify(order.answers) === JSON.stringify(answers));
  expect(fitting.length, `${title}: ${JSON.stringify(answers)}`).toBeGreaterThan(0);
  return expectLike(
    name,
    fitting.map(({ person }) => person),
    title,
  );
}

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId, { token: { scopes: ALL_SCOPES } });
  for (const displayName of ['Staff', 'Leads'])
    groups[displayName] = (await company.call('POST', '/Groups', { displayName })).body.id;
  await stage.instance.api('POST', '/roles', { name: 'lead' });
  const { id, connectionId } = stage.cast.acme;
  await stage.instance.api('PATCH', `/organizations/${id}/enabled_connections/${connectionId}/scim-group-roles`, {
    scim_group_roles: [{ display_name: 'Leads', roles: ['lead'] }],
  });
  await stage.enablement({
    assign_membership_on_login: true,
    auto_membership_condition: '"Staff" in scim_groups',
  });
});

// `move` is two requests: together with another change it has more than two orders.
const ALONE = DOINGS;
const TOGETHER = DOINGS.filter((doing) => doing !== 'move');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom(...ALONE), with: fc.constant(undefined) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom(...TOGETHER), with: fc.constant('signIn' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom(...TOGETHER), with: fc.constantFrom(...TOGETHER) }) },
);

test('whoever is provisioned, deactivated and moved while they sign in is in exactly when the directory and the condition say so', async () => {
  let histories = 0;
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      const name = `p${++histories}`;
      const email = `${name}@acme.example`;
      stage.cast.people[name] = { sub: `idp-${name}`, email, email_verified: true };
      let person = NOBODY;
      for (const item of [{ do: 'create', with: undefined } as const, ...steps]) {
        person = await play(name, person, item);
        if (person.member) seen.add('member');
        if (person.blocked) seen.add('blocked');
      }
    }),
    { numRuns: 12 },
  );
  // Histories in which nobody ever gets in would show nothing.
  expect([...seen].sort()).toEqual(['blocked', 'member']);
}, 240_000);

test('who is deleted at the moment that a group takes them in is unknown to the group', async () => {
  expect((await company.create(personOf('leaver'))).status).toBe(201);
  const gone: Statement = ['delete from users where user_id = $1', [idOf('leaver')]];
  expect(await whileHeld(stage.instance.database.pool, [gone], () => putInto('Staff', 'leaver'))).toMatchObject({
    status: 400,
    body: { scimType: 'invalidValue' },
  });
});
