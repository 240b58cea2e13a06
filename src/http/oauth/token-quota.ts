/**
 * Counts the tokens that applications get for themselves, where an application or an organization has a quota
 * (Auth0's `token_quota`). The counters are shared by all nodes. Without a quota nothing is counted. Attack: an
 * application without a cache, or a stolen secret, asks for tokens without an end. The machine client of the
 * environment has no quota. Attack: a client with only `update:clients` or `update:tenant_settings` sets one, and the
 * operator's scripts get no tokens.
 */
import { type QuotaBucket, toBuckets } from '../../domain/companies/token-quota.js';
import { assert } from '../../kernel/assert.js';
import type { Clock } from '../../kernel/clock.js';
import type { AttemptCounter, AttemptCounters } from '../../ports/attempts.js';
import type { GrantOrganization, MachineGrant } from '../../ports/token-store.js';
import { OAuthRefusal } from './refusals.js';

type Whose = 'client' | 'organization';

interface Counted extends QuotaBucket {
  readonly whose: Whose;
  readonly key: string;
}

/** Auth0's headers with the state of a quota: the client's, and the organization's. */
const HEADERS: Readonly<Record<Whose, string>> = {
  client: 'auth0-client-quota-limit',
  organization: 'auth0-organization-quota-limit',
};
const NAMES: Readonly<Record<Whose, string>> = { client: 'Client', organization: 'Organization' };
const SPANS: Readonly<Record<QuotaBucket['name'], string>> = { per_hour: 'hour', per_day: 'day' };

/** The state of quotas for the answer: `b=per_hour;q=10;r=7;t=3540` for each bucket, as on Auth0. */
function toHeaders(buckets: readonly (Counted & { readonly left: number })[]): Readonly<Record<string, string>> {
  const of = (whose: Whose) =>
    buckets
      .filter((bucket) => bucket.whose === whose)
      .map(({ name, most, left, secondsLeft }) => `b=${name};q=${most};r=${left};t=${secondsLeft}`)
      .join(',');
  const all = [
    [HEADERS.client, of('client')],
    [HEADERS.organization, of('organization')],
  ] as const;
  return Object.fromEntries(all.filter(([, value]) => value !== ''));
}

export interface QuotaAnswer {
  /** Undefined when the token is within the quotas. */
  readonly refusal?: OAuthRefusal;
  readonly headers: Readonly<Record<string, string>>;
}

function toRefusal({ whose, name, most, secondsLeft }: Counted, organizationId: string | undefined): OAuthRefusal {
  const description = `${NAMES[whose]} token quota exceeded: ${most} per ${SPANS[name]}. Try again in ${secondsLeft} seconds.`;
  const evidence = {
    check: 'grant.quota',
    ...(organizationId !== undefined && { organizationId }),
    facts: { quota_of: whose, bucket: name, most },
  } as const;
  return new OAuthRefusal(429, 'access_denied', description, evidence, secondsLeft);
}

interface QuotaDeps {
  readonly attempts: Pick<AttemptCounters, 'count' | 'findFirstFull'>;
  readonly clock: Clock;
  /** The client that VESTIBULE_MANAGEMENT_CLIENT_ID names. */
  readonly environmentClientId?: string | undefined;
}

type Quotas = Pick<MachineGrant, 'client' | 'quotas'>;

/** Returns the counters for a token, the application's first. None for the client of the environment. */
function listBuckets(
  { environmentClientId }: QuotaDeps,
  { client, quotas }: Quotas,
  organization: GrantOrganization | undefined,
  now: Date,
): readonly Counted[] {
  if (client.clientId === environmentClientId) return [];
  const counted = (whose: Whose, id: string, buckets: readonly QuotaBucket[]): readonly Counted[] =>
    buckets.map((bucket) => ({ ...bucket, whose, key: `token-quota:${whose}:${id}:${bucket.name}:${bucket.span}` }));
  return [
    ...counted('client', client.clientId, toBuckets(quotas.client, now)),
    ...(organization ? counted('organization', organization.id, toBuckets(quotas.organization, now)) : []),
  ];
}

const toCounters = (buckets: readonly Counted[]): readonly AttemptCounter[] =>
  buckets.map(({ key, most, secondsLeft }) => ({ key, limit: most, windowSeconds: secondsLeft }));

function refuseFull(
  buckets: readonly Counted[],
  place: number,
  organization: GrantOrganization | undefined,
): Required<QuotaAnswer> {
  const full = buckets[place];
  assert(full, 'the counter that is full is one of those that were given');
  return { refusal: toRefusal(full, organization?.id), headers: toHeaders([{ ...full, left: 0 }]) };
}

/**
 * Returns the refusal if a quota is used up already. Counts nothing. Attack: an application that goes on asking keeps
 * the tenant's Actions busy for tokens that it does not get.
 */
export async function findUsedUp(
  deps: QuotaDeps,
  grant: Quotas,
  organization: GrantOrganization | undefined,
): Promise<Required<QuotaAnswer> | undefined> {
  const now = deps.clock.now();
  const buckets = listBuckets(deps, grant, organization, now);
  if (buckets.length === 0) return undefined;
  const full = await deps.attempts.findFirstFull(toCounters(buckets), now);
  return full && refuseFull(buckets, full.place, organization);
}

/** Counts one token for the application, and for the organization of the token. A refused token is not counted. */
export async function countToken(
  deps: QuotaDeps,
  grant: Quotas,
  organization: GrantOrganization | undefined,
): Promise<QuotaAnswer> {
  const now = deps.clock.now();
  const buckets = listBuckets(deps, grant, organization, now);
  if (buckets.length === 0) return { headers: {} };
  const outcome = await deps.attempts.count(toCounters(buckets), now);
  if (!outcome.within) return refuseFull(buckets, outcome.place, organization);
  const left = buckets.map((bucket, index) => ({ ...bucket, left: bucket.most - (outcome.counts[index] ?? 0) }));
  return { headers: toHeaders(left) };
}
