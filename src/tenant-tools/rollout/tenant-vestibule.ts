/**
 * The rollout's operations on Vestibule, whose additions to Auth0's API read people and prepare identities a thousand
 * at a time. A prepared identity is an expected one: a login binds it when it is proved, by the linking rule's own
 * steps. Writes only what a plan names.
 */
import type { FactorKind } from '../../domain/factors/factor.js';
import type { FactorRule } from '../../domain/factors/factor-effect.js';
import { type Json, RemoteError } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import type { Entry, Journal } from './journal.js';
import type { IdentityThere, Person } from './person.js';
import type { PlanPerson } from './plan-file.js';
import { OTHER_IDENTITY, type RolloutTenant, type Subject, type Target, type UsedDecision } from './tenant.js';
import { removeUsedIdentity, undoLinked } from './used-identity.js';

const PAGE = 1_000;

function toIdentity(identities: unknown, connectionId: string): IdentityThere | undefined {
  const found = (identities as Json[] | undefined)?.find((identity) => identity.connection_id === connectionId);
  if (found === undefined) return undefined;
  return {
    status: found.status === 'expected' ? 'expected' : 'bound',
    subject: typeof found.user_id === 'string' ? found.user_id : undefined,
    expectedEmail: typeof found.expected_email === 'string' ? found.expected_email : undefined,
  };
}

/** Identities that no company speaks for. */
const OWN_PROVIDERS: ReadonlySet<unknown> = new Set(['auth0', 'email', 'sms']);

/** Returns the person's factors; undefined where an earlier version of the server tells none. */
function toFactors({ second_factors: has, has_password: hasPassword, identities }: Json, connectionId: string) {
  if (!Array.isArray(has)) return undefined;
  const others = ((identities ?? []) as readonly Json[]).some(
    (one) => one.status === 'bound' && one.connection_id !== connectionId && !OWN_PROVIDERS.has(one.provider),
  );
  return { has: has as readonly FactorKind[], hasOtherWaysIn: hasPassword === true || others };
}

function isThere(connections: unknown, connectionId: string): boolean {
  return Array.isArray(connections) && connections.includes(connectionId);
}

function toPerson(item: Json, connectionId: string): Person {
  const member = (item.member ?? {}) as Json;
  const roles = Array.isArray(member.roles) ? (member.roles as Json[]).map((role) => String(role.id)).sort() : [];
  return {
    userId: String(item.user_id),
    email: typeof item.email === 'string' ? item.email : undefined,
    emailVerified: item.email_verified === true,
    name: typeof item.name === 'string' ? item.name : undefined,
    blocked: item.blocked === true,
    hasPassword: item.has_password === true,
    breakGlass: member.break_glass === true,
    usedBefore: typeof member.own_proof_at === 'string',
    otherOrganizations: Number(item.other_organizations ?? 0),
    sameAddressMembers: Number(item.same_address_members ?? 0),
    sameAddressThere: isThere(item.same_address_connections, connectionId),
    roles,
    identity: toIdentity(item.identities, connectionId),
    factors: toFactors(item, connectionId),
  };
}

type Result = { readonly user_id: string; readonly result: string; readonly detail?: string };

/**
 * Sends a bulk call, repeated while its result is unknown: both calls may be repeated, since each result reports the
 * current state.
 */
async function callInBulk(remote: RemoteTenant, path: string, body: unknown): Promise<readonly Result[]> {
  const answer = (await remote.ask(path, body)) as { results?: unknown } | undefined;
  if (Array.isArray(answer?.results)) return answer.results as Result[];
  throw new RemoteError('unknown', `POST ${path} was answered without results.`);
}

/** Reads people by id, so that a continued run with a tenth to do reads only a tenth. */
async function* findByIds(remote: RemoteTenant, path: string, ids: readonly string[]) {
  for (let at = 0; at < ids.length; at += PAGE) {
    const answer = (await remote.ask(path, { user_ids: ids.slice(at, at + PAGE) })) as { people?: unknown } | undefined;
    if (!Array.isArray(answer?.people)) throw new RemoteError('unknown', `POST ${path} was answered without people.`);
    yield answer.people as readonly Json[];
  }
}

const REASONS: Readonly<Record<string, string>> = {
  not_a_member: 'is no member of the organization any more',
  unknown_user: 'the account is gone',
  has_identity: 'has an identity at the connection by now',
  taken: 'the subject or address is expected for, or bound to, another account',
  invalid: 'the tenant takes this subject or address for invalid',
};

/**
 * Results that show that the tenant has nothing of this plan for the person, if this was the first attempt. An earlier
 * attempt may have prepared the identity. After `has_identity` the person may have signed in by it since; after the
 * other refusals it may still exist.
 */
const NOTHING_MADE: ReadonlySet<string> = new Set(['has_identity', 'taken', 'invalid']);

function toPrepared({ user_id: id, result, detail }: Result, isFirst: boolean): Entry {
  if (result === 'created' || result === 'exists') return { ids: [id], mark: 'done' };
  const note = detail ?? REASONS[result] ?? result;
  return { ids: [id], mark: 'skipped', note, ...(isFirst && NOTHING_MADE.has(result) ? { nothing: true } : {}) };
}

/** Merges people with the same result into one entry, so that a thousand people are a few lines of the journal. */
function inGroups(entries: readonly Entry[]): Entry[] {
  const groups = new Map<string, Entry & { ids: string[] }>();
  for (const { ids, ...end } of entries) {
    const key = JSON.stringify(end);
    const group = groups.get(key) ?? { ...end, ids: [] };
    group.ids.push(...ids);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Linking rules by which a person's own sign-in links an existing account; somebody else made every other identity. */
const OWN_RULES: ReadonlySet<unknown> = new Set(['own_proof', 'silent']);

async function isLinkedByOwner(remote: RemoteTenant, { connectionId }: Target, userId: string): Promise<boolean> {
  const evidence = (await remote.find(`/users/${encodeURIComponent(userId)}/evidence`)) as Json | undefined;
  const identities = Array.isArray(evidence?.identities) ? (evidence.identities as Json[]) : [];
  const there = identities.filter((identity) => identity.connection_id === connectionId);
  return there.length > 0 && there.every((identity) => OWN_RULES.has(identity.bound_by));
}

function toWanted({ user_id, prepare }: PlanPerson) {
  return { user_id, ...prepare };
}

/** Creates the operations on the tenant of `remote`, for one organization and connection. */
export function createVestibuleTenant(remote: RemoteTenant, target: Target): RolloutTenant {
  const organization = `/organizations/${encodeURIComponent(target.organizationId)}`;
  const pagesOf = (wanted: ReadonlySet<string> | undefined) =>
    wanted === undefined
      ? remote.pages(`${organization}/people`, 'people', PAGE)
      : findByIds(remote, `${organization}/people/find`, [...wanted]);
  async function* people(wanted?: ReadonlySet<string>, except: ReadonlySet<string> = new Set()) {
    for await (const page of pagesOf(wanted)) {
      const asked = page.filter((item) => !except.has(String(item.user_id)));
      yield asked.map((item) => toPerson(item, target.connectionId));
    }
  }
  const send = (path: string, plans: readonly PlanPerson[]) =>
    callInBulk(remote, `${organization}/expected-identities${path}`, {
      connection_id: target.connectionId,
      identities: plans.map(toWanted),
    });
  const isOwnLink = (userId: string) => isLinkedByOwner(remote, target, userId);
  return {
    kind: 'vestibule',
    remote,
    batch: PAGE,
    async readFactorRule() {
      const totals = (await remote.get(`${organization}/people/totals`)) as Json;
      return totals.second_factor as FactorRule | undefined;
    },
    people,
    open: async () => {},
    close: async () => {},
    isPrepared({ plan, now }) {
      const { prepare } = plan;
      if (now.identity === undefined || prepare === undefined) return false;
      return 'subject' in prepare
        ? now.identity.subject === prepare.subject
        : now.identity.status === 'bound' || now.identity.expectedEmail === prepare.expected_email;
    },
    async prepare(subjects: readonly Subject[], journal: Journal) {
      if (subjects.length === 0) return;
      const plans = subjects.map(({ plan }) => plan);
      const again = new Set(plans.map(({ user_id }) => user_id).filter((id) => journal.standing(id)?.touched));
      await journal.append({ ids: plans.map(({ user_id }) => user_id), mark: 'begun' });
      const results = await send('', plans);
      await journal.append(...inGroups(results.map((result) => toPrepared(result, !again.has(result.user_id)))));
    },
    isOwnLink,
    undoLinked: (plans, journal, used) => undoLinked(remote, target, plans, journal, { used, isOwnLink }),
    async undo(plans, journal: Journal, used: UsedDecision) {
      if (plans.length === 0) return;
      await journal.append({ ids: plans.map(({ user_id }) => user_id), mark: 'undoing' });
      const results = await send('/remove', plans);
      // An earlier, interrupted run unlinked the identity: the account that it became may still exist.
      const isHalfDone = ({ user_id: id }: Result) => journal.standing(id)?.data.unlinked !== undefined;
      const open = results.filter((one) => one.result === 'bound' || one.result === 'other' || isHalfDone(one));
      const gone = results.filter((one) => !open.includes(one));
      if (gone.length > 0) await journal.append({ ids: gone.map(({ user_id }) => user_id), mark: 'undone' });
      for (const { user_id: id, result } of open) {
        if (result === 'other') await journal.append({ ids: [id], mark: 'kept', note: OTHER_IDENTITY });
        else if (result !== 'bound' || used === 'undo') await removeUsedIdentity(remote, target, id, journal);
        else if (used === 'keep') await journal.append({ ids: [id], mark: 'kept', note: 'signed in by SSO meanwhile' });
      }
    },
  };
}
