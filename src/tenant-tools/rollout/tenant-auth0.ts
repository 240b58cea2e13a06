/**
 * The rollout's operations on Auth0. `POST /users` cannot create an enterprise identity. So inbound SCIM creates it,
 * with the identity provider's own subject, and it is linked to the existing account as a secondary one; the account
 * keeps its id, memberships and roles. facts.ts lists the facts relied on, each with the check that detects when it
 * does not hold. Writes only what a plan names.
 */
import type { Clock } from '../../kernel/clock.js';
import { type Json, RemoteError } from '../remote/exchange.js';
import type { Endpoint, RemoteTenant } from '../remote/tenant.js';
import type { Journal } from './journal.js';
import type { Person } from './person.js';
import type { PlanPerson } from './plan-file.js';
import { createScimAccess, type ScimAccess } from './scim-access.js';
import { OTHER_IDENTITY, type RolloutTenant, type Subject, type Target, type UsedDecision } from './tenant.js';
import type { Changed } from './totals.js';
import { until } from './until.js';
import { deleteBare, findIdentityThere, findIdentityToUndo, removeUsedIdentity, undoLinked } from './used-identity.js';

const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

function identitiesOf(user: Json): readonly Json[] {
  return Array.isArray(user.identities) ? (user.identities as Json[]) : [];
}

/** Strips the connection from a shown subject: Auth0 shows `connection|subject`. */
function toSubject(target: Target, shown: unknown): string | undefined {
  const text = typeof shown === 'string' ? shown : undefined;
  const prefix = `${target.connectionName}|`;
  return text?.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function hasIdentityThere(user: Json, target: Target): boolean {
  return identitiesOf(user).some((identity) => identity.connection === target.connectionName);
}

interface Details {
  readonly user: Json;
  readonly sameAddress: readonly Json[];
  readonly organizations: readonly string[];
}

function toPerson(
  member: Json,
  { user, sameAddress, organizations }: Details,
  target: Target,
  members: ReadonlySet<string>,
): Person {
  const there = identitiesOf(user).find((identity) => identity.connection === target.connectionName);
  const roles = Array.isArray(member.roles) ? (member.roles as Json[]).map((role) => String(role.id)).sort() : [];
  const others = sameAddress.filter((other) => other.user_id !== user.user_id);
  return {
    userId: String(user.user_id),
    email: typeof user.email === 'string' ? user.email : undefined,
    emailVerified: user.email_verified === true,
    name: typeof user.name === 'string' ? user.name : undefined,
    blocked: user.blocked === true,
    hasPassword: identitiesOf(user).some((identity) => identity.provider === 'auth0'),
    breakGlass: false,
    usedBefore: Number(user.logins_count ?? 0) > 0,
    otherOrganizations: organizations.filter((id) => id !== target.organizationId).length,
    sameAddressMembers: others.filter((other) => members.has(String(other.user_id))).length,
    sameAddressThere: others.some((other) => hasIdentityThere(other, target)),
    roles,
    identity: there && { status: 'bound', subject: toSubject(target, there.user_id), expectedEmail: undefined },
  };
}

async function listOrganizationsOf(remote: Endpoint, userId: string): Promise<readonly string[]> {
  const list = (await remote.get(`/users/${encodeURIComponent(userId)}/organizations?per_page=100`)) as Json[];
  return list.map((organization) => String(organization.id));
}

/** Reads facts about one member that the list of members lacks; undefined for one who is gone. */
async function readDetails(remote: Endpoint, member: Json): Promise<Details | undefined> {
  const userId = String(member.user_id);
  const email = typeof member.email === 'string' ? member.email : undefined;
  const sameAddress =
    email === undefined ? [] : ((await remote.get(`/users-by-email?email=${encodeURIComponent(email)}`)) as Json[]);
  const user =
    sameAddress.find((other) => other.user_id === userId) ??
    ((await remote.find(`/users/${encodeURIComponent(userId)}`)) as Json | undefined);
  if (user === undefined) return undefined;
  return { user, sameAddress, organizations: await listOrganizationsOf(remote, userId) };
}

const MEMBERS = 'members?fields=user_id,email,roles';

async function* readPeople(remote: RemoteTenant, target: Target, isAsked: (userId: string) => boolean) {
  const path = `/organizations/${encodeURIComponent(target.organizationId)}/${MEMBERS}`;
  const pages: (readonly Json[])[] = [];
  for await (const page of remote.pages(path, 'members')) pages.push(page);
  const members = new Set(pages.flat().map((member) => String(member.user_id)));
  for (const page of pages) {
    const asked = page.filter((member) => isAsked(String(member.user_id)));
    // The tenant's pace decides how many of these run at once.
    const found = await Promise.all(asked.map((member) => readDetails(remote, member)));
    yield asked.flatMap((member, index) => {
      const details = found[index];
      return details === undefined ? [] : [toPerson(member, details, target, members)];
    });
  }
}

type ScimUser = { readonly id: string };

async function findScimUser(scim: Endpoint, attribute: string, subject: string): Promise<ScimUser | undefined> {
  const filter = encodeURIComponent(`${attribute} eq "${subject.replace(/["\\]/g, '\\$&')}"`);
  const body = (await scim.get(`/Users?filter=${filter}`)) as Json;
  const [first] = Array.isArray(body.Resources) ? (body.Resources as Json[]) : [];
  return typeof first?.id === 'string' ? { id: first.id } : undefined;
}

function toScimUser(attribute: string, subject: string, now: Person): Json {
  return {
    schemas: [USER_SCHEMA],
    userName: attribute === 'userName' ? subject : now.email,
    externalId: subject,
    active: true,
    ...(now.name === undefined ? {} : { displayName: now.name }),
    emails: [{ value: now.email, type: 'work', primary: true }],
  };
}

/** Finds or creates the SCIM user of this person. */
async function ensureScimUser(scim: Endpoint, attribute: string, { plan, now }: Subject): Promise<ScimUser> {
  const subject = subjectOf(plan);
  let found: ScimUser | undefined;
  await until(
    scim,
    async () => {
      found = await findScimUser(scim, attribute, subject);
      return found !== undefined;
    },
    async () => {
      const made = (await scim.send('POST', '/Users', toScimUser(attribute, subject, now))) as Json;
      found = typeof made.id === 'string' ? { id: made.id } : undefined;
    },
  );
  if (found === undefined) throw new RemoteError('unknown', 'SCIM answered the new user without an id.');
  return found;
}

/**
 * Creates the SCIM user for `subject`; journals `expected`, the id that the user should get. Returns undefined if the
 * user existed before the first attempt. It is then somebody's own account, and a link to the person's account would
 * permanently remove its memberships and metadata.
 */
async function makeScimUser(
  { endpoint, attribute }: ReturnType<ScimAccess['current']>,
  subject: Subject,
  expected: string,
  journal: Journal,
): Promise<ScimUser | undefined> {
  const { user_id: userId } = subject.plan;
  const note = (made: string | null) => journal.append({ ids: [userId], mark: 'begun', data: { made } });
  const isOurs = typeof journal.standing(userId)?.data.made === 'string';
  if (!isOurs && (await findScimUser(endpoint, attribute, subjectOf(subject.plan))) !== undefined) return undefined;
  // Journaled before the request: the answer may be lost, and a rollback has to know which account to look for.
  if (!isOurs) await note(expected);
  try {
    return await ensureScimUser(endpoint, attribute, subject);
  } catch (error) {
    if (!isOurs && error instanceof RemoteError && error.end === 'refused') await note(null);
    throw error;
  }
}

function subjectOf(plan: PlanPerson): string {
  return plan.prepare !== undefined && 'subject' in plan.prepare ? plan.prepare.subject : '';
}

/**
 * True when the log has a sign-in of this account by the connection. No identity of the account led there before the
 * link, so no time has to be compared.
 */
async function hasSignedInThere(remote: Endpoint, target: Target, userId: string): Promise<boolean> {
  const quoted = userId.replace(/["\\]/g, '\\$&');
  const q = encodeURIComponent(`type:s AND user_id:"${quoted}"`);
  const lines = (await remote.get(`/logs?q=${q}&sort=date:-1&per_page=100`)) as readonly Json[];
  return lines.some((line) => line.connection === target.connectionName || line.connection_id === target.connectionId);
}

/** Links the account that SCIM created to `userId`, as a secondary identity. */
async function link(remote: RemoteTenant, target: Target, userId: string, scimId: string): Promise<void> {
  const id = scimId.slice(target.strategy.length + 1);
  await until(
    remote,
    async () => (await findIdentityThere(remote, target, userId)) !== undefined,
    () =>
      remote.send('POST', `/users/${encodeURIComponent(userId)}/identities`, {
        provider: target.strategy,
        user_id: id,
      }),
  );
}

const OTHER_ACCOUNT =
  'the subject has an account of its own at the connection: look at it, it would lose what it holds';

/**
 * Unknown on Auth0: a link by the guard and one by an operator are the same request, and the identity stores nothing of
 * either.
 */
const isOwnLink = async (): Promise<undefined> => undefined;

/** Unknown on Auth0: it tells the factors of one person at a time. */
const readFactorRule = async (): Promise<undefined> => undefined;

/** Creates the operations on the tenant of `remote`, for one organization and connection. */
export function createAuth0Tenant(remote: RemoteTenant, target: Target, clock: Clock): RolloutTenant {
  const access = createScimAccess(remote, target, clock);
  const isPlanned = (plan: PlanPerson, there: { readonly userId: string }): boolean =>
    toSubject(target, there.userId) === subjectOf(plan);

  const prepareOne = async (subject: Subject, journal: Journal): Promise<void> => {
    const { user_id: userId } = subject.plan;
    const isFirst = journal.standing(userId)?.touched !== true;
    const leave = (note: string) =>
      journal.append({ ids: [userId], mark: 'skipped', note, ...(isFirst ? { nothing: true } : {}) });
    await journal.append({ ids: [userId], mark: 'begun' });
    try {
      const there = await findIdentityThere(remote, target, userId);
      if (there !== undefined && !isPlanned(subject.plan, there)) return await leave(OTHER_IDENTITY);
      if (there === undefined) {
        const expected = `${target.strategy}|${target.connectionName}|${subjectOf(subject.plan)}`;
        const scim = await makeScimUser(access.current(), subject, expected, journal);
        if (scim === undefined) return await leave(OTHER_ACCOUNT);
        if (scim.id !== expected) {
          const note = `SCIM made ${scim.id}, and the sign-in would be ${expected}: user_id_attribute is another attribute`;
          return await journal.append({ ids: [userId], mark: 'failed', note, data: { made: scim.id } });
        }
        await link(remote, target, userId, scim.id);
      }
      await journal.append({ ids: [userId], mark: 'done' });
    } catch (error) {
      if (!(error instanceof RemoteError) || error.end === 'unknown') throw error;
      await journal.append({ ids: [userId], mark: 'failed', note: error.message });
    }
  };

  const undoOne = async (plan: Changed, journal: Journal): Promise<void> => {
    const { user_id: userId } = plan;
    await journal.append({ ids: [userId], mark: 'undoing' });
    const made = journal.standing(userId)?.data.made;
    const there = await findIdentityToUndo(remote, target, userId);
    const isOther = there !== undefined && !isPlanned(plan, there);
    // The identity is a separate account: never linked, or unlinked again. Deleted before the journal says `undone`.
    const isApart = typeof made === 'string' && made !== userId && (there === undefined || isOther);
    const isDeleted = !isApart || (await deleteBare(remote, made));
    if (!isOther) await removeUsedIdentity(remote, target, userId, journal);
    else if (isDeleted) await journal.append({ ids: [userId], mark: 'kept', note: OTHER_IDENTITY });
    if (isDeleted) return;
    const note = `is as before; the account ${made}, which SCIM made, holds more by now and stays`;
    await journal.append({ ids: [userId], mark: 'undone', note });
  };

  return {
    kind: 'auth0',
    remote,
    batch: 8,
    readFactorRule,
    people: (wanted, except) =>
      readPeople(remote, target, (id) => wanted?.has(id) !== false && except?.has(id) !== true),
    open: (journal) => access.open(journal),
    close: (journal) => access.close(journal),
    isPrepared: ({ plan, now }) => now.identity !== undefined && now.identity.subject === subjectOf(plan),
    async prepare(subjects, journal) {
      await access.renew(journal);
      // Waits for all before the first failure is thrown: nothing may be written after the journal is closed.
      const ends = await Promise.allSettled(subjects.map((subject) => prepareOne(subject, journal)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    isOwnLink,
    undoLinked: (plans, journal, used) => undoLinked(remote, target, plans, journal, { used, isOwnLink }),
    async undo(plans, journal, used: UsedDecision) {
      for (const plan of plans) {
        const { user_id: userId } = plan;
        const signedIn = await hasSignedInThere(remote, target, userId);
        if (signedIn && used === undefined) continue;
        // An identity that an earlier run has unlinked cannot be kept.
        if (signedIn && used === 'keep' && journal.standing(userId)?.data.unlinked === undefined) {
          await journal.append({ ids: [userId], mark: 'kept', note: 'signed in by SSO meanwhile' });
          continue;
        }
        await undoOne(plan, journal);
      }
    },
  };
}
