/**
 * Limits how often an organization, or the holder of a set-up ticket, makes this server query name servers and identity
 * providers, or send invitations. So they cannot flood others in this server's name, or crowd out other customers'
 * queries. Counted in the store, for all nodes together. Permits nothing by itself.
 */
import type { AttemptCounter, AttemptCounters } from '../../ports/attempts.js';
import { ManagementError } from '../api/errors.js';

const WINDOW_SECONDS = 600;
/**
 * Maximum number of queries in ten minutes. A customer who corrects and tests a value needs about three, within a
 * minute.
 */
const LIMITS = {
  /** Queries for a domain's DNS record. */
  domain: { ticket: 30, organization: 100, address: 0 },
  /** Requests to an identity provider: settings saved, tests started, answers to tests. */
  provider: { ticket: 40, organization: 120, address: 0 },
  /** People whom members of an organization invite (My Organization API). Only they have an address. No ticket invites. */
  invitation: { ticket: 0, organization: 100, address: 10 },
} as const;

const WORDS: Readonly<Record<keyof typeof LIMITS, string>> = {
  domain: 'The records of these domains were looked for',
  provider: 'The identity provider was asked',
  invitation: 'People were invited',
};

export interface Asker {
  readonly ticketId?: string;
  readonly organizationId?: string;
  /** The address that the organization mails. Counted for each organization, so that none uses up another's limit. */
  readonly address?: string | undefined;
}

/**
 * Counts a query for the address, the ticket and the organization, as far as given. Throws 429 when one is over its
 * limit.
 */
export async function countQuestion(
  attempts: Pick<AttemptCounters, 'count'>,
  kind: keyof typeof LIMITS,
  { organizationId, ticketId, address }: Asker,
  at: Date,
): Promise<void> {
  const counterOf = (of: 'address' | 'ticket' | 'organization', id: string): AttemptCounter => ({
    key: `question:${kind}:${of}:${id}`,
    limit: LIMITS[kind][of],
    windowSeconds: WINDOW_SECONDS,
  });
  const counters = [
    ...(address === undefined ? [] : [counterOf('address', `${organizationId} ${address}`)]),
    ...(ticketId === undefined ? [] : [counterOf('ticket', ticketId)]),
    ...(organizationId === undefined ? [] : [counterOf('organization', organizationId)]),
  ];
  const counted = await attempts.count(counters, at);
  if (counted.within) return;
  const minutes = Math.max(1, Math.ceil((counted.endsAt.getTime() - at.getTime()) / 60_000));
  throw new ManagementError(
    429,
    `${WORDS[kind]} too often in a short time, so this server stops for a while. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then go ` +
      'on where you were: nothing is lost.',
    'too_many_requests',
  );
}
