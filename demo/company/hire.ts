/**
 * Adds people of Globex to the tenant, each with a password, as in a company without single sign-on. Uses the
 * Management API only: a user import, memberships and roles.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from '@node-rs/argon2';
import type { Operator } from '../operator.js';
import { PASSWORD } from '../people.js';
import { type Employee, listEmployees, MOST_PEOPLE } from './employees.js';

/** The organization and the database of the new people. */
export interface Workplace {
  readonly organizationId: string;
  /** Another organization, of which some of the people are members too. */
  readonly otherId: string | undefined;
  readonly databaseId: string;
  readonly roles: { readonly editor: string; readonly approver: string };
}

/** Members in one request. Auth0 accepts no more. */
const MEMBERS_A_CALL = 10;
/** Users in one import. A file may have 500 kB. */
const USERS_A_FILE = 1_000;
/** Number of simultaneous requests. */
const AT_ONCE = 8;

async function forAll<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const next = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

function inParts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_none, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Returns the user ids of the organization's members. */
export async function listMembers(operator: Operator, organizationId: string): Promise<readonly string[]> {
  const found: string[] = [];
  let from: string | undefined;
  do {
    const path = `/organizations/${organizationId}/members?take=100${from === undefined ? '' : `&from=${encodeURIComponent(from)}`}`;
    const page = await operator.call<{ members: { user_id: string }[]; next?: string }>('GET', path);
    found.push(...page.members.map(({ user_id }) => user_id));
    from = page.next;
  } while (from !== undefined);
  return found;
}

/** Imports the users and waits for the end of the job. Does not change users who exist already. */
async function importUsers(operator: Operator, databaseId: string, people: readonly Employee[]): Promise<void> {
  // All people have the same hash: they share a password, and each hash would take a tenth of a second.
  const value = await hash(PASSWORD);
  const users = people.map(({ userId, email, name, kind }) => ({
    user_id: userId,
    email,
    name,
    email_verified: kind !== 'unverified',
    blocked: kind === 'blocked',
    custom_password_hash: { algorithm: 'argon2', hash: { value } },
  }));
  const form = new FormData();
  form.set('connection_id', databaseId);
  form.set('send_completion_email', 'false');
  form.set('users', new Blob([JSON.stringify(users)], { type: 'application/json' }), 'users.json');
  const { id } = await operator.send<{ id: string }>('/jobs/users-imports', form);
  for (;;) {
    const { status } = await operator.call<{ status: string }>('GET', `/jobs/${id}`);
    if (status === 'completed') return;
    if (status === 'failed') throw new Error(`the import of ${people.length} users failed`);
    await sleep(100);
  }
}

/**
 * Makes the first `count` employees members with roles, unless they are already. Passes their number so far to
 * `onProgress`.
 */
export async function hirePeople(
  operator: Operator,
  place: Workplace,
  count: number,
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  if (count > MOST_PEOPLE) throw new Error(`Globex has at most ${MOST_PEOPLE} people`);
  const there = new Set(await listMembers(operator, place.organizationId));
  const missing = listEmployees(count).filter(({ userId }) => !there.has(userId));
  for (const part of inParts(missing, USERS_A_FILE)) await importUsers(operator, place.databaseId, part);
  let done = count - missing.length;
  const { members } = operator.sdk.organizations;
  for (const part of inParts(missing, MEMBERS_A_CALL)) {
    await members.create(place.organizationId, { members: part.map(({ userId }) => userId) });
    await forAll(part, async ({ userId, number, kind }) => {
      const roles = number % 5 === 0 ? [place.roles.editor, place.roles.approver] : [place.roles.editor];
      await members.roles.assign(place.organizationId, userId, { roles });
      if (kind === 'elsewhere' && place.otherId !== undefined)
        await members.create(place.otherId, { members: [userId] });
    });
    done += part.length;
    onProgress(done);
  }
}

/**
 * Deletes the accounts of all members of the organization: Globex' people are members of the demo's organizations only.
 */
export async function dismissPeople(operator: Operator, organizationId: string): Promise<void> {
  const all = await listMembers(operator, organizationId);
  await forAll(all, (userId) => operator.sdk.users.delete(userId));
}
