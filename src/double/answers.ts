/**
 * Removes this server's additions from answers of the Management API, that is, properties that no Auth0 tenant shows.
 */
import type { Reply, Wire } from '../management/api/operation.js';

/** Names of additions. They are removed at any depth: in an item, its enabled connections or its identities. */
const ADDITIONS: ReadonlySet<string> = new Set([
  'authorization_response_iss',
  'auto_membership_condition',
  'break_glass',
  'came_without',
  'discovery',
  'expected_email',
  'link_existing_members',
  'managed_by_organization',
  'membership_evaluation',
  'mfa',
  'mfa_factors',
  'needs_organization',
  'opened',
  'pilot_emails',
  'options_revision',
  'refusals',
  'sso_rollout',
  'warnings',
]);

/** `blocked` is an addition on an organization, unlike on a user: Auth0 cannot block organizations. */
const OF_ORGANIZATION: ReadonlySet<string> = new Set([...ADDITIONS, 'blocked']);
/** Properties that are additions on a discovery domain: Auth0 does not have those about its proof. */
const OF_DOMAIN: ReadonlySet<string> = new Set([
  ...ADDITIONS,
  'proof',
  'verified_at',
  'checked_at',
  'expires_at',
  'check',
]);
const OF_IDENTITY: ReadonlySet<string> = new Set([...ADDITIONS, 'status']);
/** The details of a log line that Auth0 has too. All others are removed. */
const DETAILS_OF_LOG: ReadonlySet<string> = new Set(['invitation', 'reason', 'request', 'response']);

function without(item: Wire, names: ReadonlySet<string>): Wire {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.has(name)));
}

function only(item: Wire, names: ReadonlySet<string>): Wire {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

const listIn = (item: Wire, name: string): readonly Wire[] | undefined =>
  Array.isArray(item[name]) ? (item[name] as Wire[]) : undefined;

function bare(key: string, item: Wire): Wire {
  if (key.endsWith(' /logs') || key.includes(' /logs/'))
    return { ...item, details: only((item.details ?? {}) as Wire, DETAILS_OF_LOG) };
  if (key.includes('/discovery-domains')) return without(item, OF_DOMAIN);
  if (key.includes('/identities')) return without(item, OF_IDENTITY);
  const plain = without(item, key.includes('/organizations') ? OF_ORGANIZATION : ADDITIONS);
  const identities = listIn(plain, 'identities');
  const connections = listIn(plain, 'enabled_connections');
  const triggers = listIn(plain, 'triggers');
  return {
    ...plain,
    ...(identities && { identities: identities.map((identity) => without(identity, OF_IDENTITY)) }),
    ...(connections && { enabled_connections: connections.map((connection) => without(connection, ADDITIONS)) }),
    ...(triggers && { triggers: triggers.filter(({ id }) => id !== 'organization-admission') }),
  };
}

/** Applies `change` to each item of an answer. */
export function mapReply(reply: Reply, change: (item: Wire) => Wire): Reply {
  const { body, page } = reply;
  return {
    ...reply,
    ...(page && { page: { ...page, items: page.items.map(change) } }),
    ...(Array.isArray(body) && { body: (body as Wire[]).map(change) }),
    ...(typeof body === 'object' && body !== null && !Array.isArray(body) && { body: change(body as Wire) }),
  };
}

/** Returns the answer of an operation without the properties that Auth0 does not have. */
export function withoutAdditions(key: string, reply: Reply): Reply {
  return mapReply(reply, (item) => bare(key, item));
}
