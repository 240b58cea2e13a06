/**
 * Vestibule: people are read and identities prepared a thousand at a time, by additions to Auth0's API. A prepared identity is an expected
 * one: the login binds it when it is proved, by the linking rule's own steps. Writes only what a plan names.
 */
import { type Json, RemoteError } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import type { Entry, Journal, Mark } from './journal.js';
import type { IdentityThere, Person } from './person.js';
import type { PlanPerson } from './plan-file.js';
import type { RolloutTenant, Subject, Target, UsedDecision } from './tenant.js';
import { removeUsedIdentity } from './used-identity.js';

const PAGE = 1_000;
const TRIES = 8;

function toIdentity(identities: unknown, connectionId: string): IdentityThere | undefined {
  const found = (identities as Json[] | undefined)?.find((identity) => identity.connection_id === connectionId);
  if (found === undefined) return undefined;
  return {
    status: found.status === 'expected' ? 'expected' : 'bound',
    subject: typeof found.user_id === 'string' ? found.user_id : undefined,
    expectedEmail: typeof found.expected_email === 'string' ? found.expected_email : undefined,
  };
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
    usedBefore: typeof member.first_used_at === 'string',
    otherOrganizations: Number(item.other_organizations ?? 0),
    sameAddressMembers: Number(item.same_address_members ?? 0),
    sameAddressThere: isThere(item.same_address_connections, connectionId),
    roles,
    identity: toIdentity(item.identities, connectionId),
  };
}

type Result = { readonly user_id: string; readonly result: string; readonly detail?: string };

/** A bulk call, repeated while its end is unknown: both calls may be repeated, since each result says what stands. */
async function callUntilKnown(remote: RemoteTenant, path: string, body: unknown): Promise<readonly Result[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = (await remote.ask(path, body)) as { results?: unknown } | undefined;
      if (Array.isArray(answer?.results)) return answer.results as Result[];
      throw new RemoteError('unknown', `POST ${path} was answered without results.`);
    } catch (error) {
      if (!(error instanceof RemoteError) || error.end === 'refused' || attempt >= TRIES) throw error;
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  not_a_member: 'is no member of the organization any more',
  unknown_user: 'the account is gone',
  has_identity: 'has an identity at the connection by now',
  taken: 'the subject or address is expected for, or bound to, another account',
  invalid: 'the tenant takes this subject or address for invalid',
};

/** Groups results by mark and reason, so that a thousand people are a few lines of the journal. */
function toEntries(results: readonly Result[], toMark: (result: Result) => [Mark, string | undefined]): Entry[] {
  const groups = new Map<string, { mark: Mark; note: string | undefined; ids: string[] }>();
  for (const result of results) {
    const [mark, note] = toMark(result);
    const key = `${mark} ${note ?? ''}`;
    const group = groups.get(key) ?? { mark, note, ids: [] };
    group.ids.push(result.user_id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ mark, note, ids }) => ({ ids, mark, ...(note === undefined ? {} : { note }) }));
}

function toWanted({ user_id, prepare }: PlanPerson) {
  return { user_id, ...prepare };
}

/** The tenant behind `remote`, for one organization and connection. */
export function createVestibuleTenant(remote: RemoteTenant, target: Target): RolloutTenant {
  const organization = `/organizations/${encodeURIComponent(target.organizationId)}`;
  async function* people(wanted?: ReadonlySet<string>): AsyncGenerator<readonly Person[]> {
    for await (const page of remote.pages(`${organization}/people`, 'people', PAGE)) {
      const found = page.map((item) => toPerson(item, target.connectionId));
      yield wanted === undefined ? found : found.filter((person) => wanted.has(person.userId));
    }
  }
  const send = (path: string, plans: readonly PlanPerson[]) =>
    callUntilKnown(remote, `${organization}/expected-identities${path}`, {
      connection_id: target.connectionId,
      identities: plans.map(toWanted),
    });
  return {
    kind: 'vestibule',
    remote,
    batch: PAGE,
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
      await journal.append({ ids: subjects.map(({ plan }) => plan.user_id), mark: 'begun' });
      const results = await send(
        '',
        subjects.map(({ plan }) => plan),
      );
      await journal.append(
        ...toEntries(results, ({ result, detail }) =>
          result === 'created' || result === 'exists'
            ? ['done', undefined]
            : ['skipped', detail ?? REASONS[result] ?? result],
        ),
      );
    },
    async undo(plans, journal: Journal, used: UsedDecision) {
      if (plans.length === 0) return;
      await journal.append({ ids: plans.map(({ user_id }) => user_id), mark: 'undoing' });
      const results = await send('/remove', plans);
      const open = results.filter(({ result }) => result === 'bound' || result === 'other');
      const gone = results.filter(({ result }) => result !== 'bound' && result !== 'other');
      if (gone.length > 0) await journal.append({ ids: gone.map(({ user_id }) => user_id), mark: 'undone' });
      for (const { user_id } of open) {
        if (used === 'keep') await journal.append({ ids: [user_id], mark: 'kept', note: 'signed in by SSO meanwhile' });
        if (used === 'undo') await removeUsedIdentity(remote, target, user_id, journal);
      }
    },
  };
}
