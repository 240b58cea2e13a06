/**
 * Puts people of Globex into the tenant, with a password each, as a company has them that so far had no single sign-on. Through the
 * Management API alone: an import of users, memberships, roles.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from '@node-rs/argon2';
import type { Operator } from '../operator.js';
import { PASSWORD } from '../people.js';
import { type Employee, listEmployees, MOST_PEOPLE } from './employees.js';

/** Where they are hired. */
export interface Workplace {
  readonly organizationId: string;
  /** Another organization, of which some are members, too. */
  readonly otherId: string | undefined;
  readonly databaseId: string;
  readonly roles: { readonly editor: string; readonly approver: string };
}

/** Auth0 takes so many members a call. */
const MEMBERS_A_CALL = 10;
/** Users of one import; a file may have 500 kB. */
const USERS_A_FILE = 1_000;
/** Calls under way at once. */
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

/** User ids of the organization's members. */
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

/** Imports the users, and waits for the end of the job. Users who exist already stay as they are. */
async function importUsers(operator: Operator, databaseId: string, people: readonly Employee[]): Promise<void> {
  // One hash for all: the demo's people share a password, and each hash takes a tenth of a second.
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

/** Makes the first `count` employees members with roles, as far as they are not yet. `onProgress` is told how many are. */
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

/** Removes every account of the organization's members: Globex' people are members of nothing that is not the demo's. */
export async function dismissPeople(operator: Operator, organizationId: string): Promise<void> {
  const all = await listMembers(operator, organizationId);
  await forAll(all, (userId) => operator.sdk.users.delete(userId));
}
