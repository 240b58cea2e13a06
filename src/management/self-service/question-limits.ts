/**
 * How often an organization, and the holder of one ticket, may have this server ask name servers and identity providers. Stops them from
 * flooding others in this server's name, and from taking the places for such questions from other customers. Counted in the store, so for
 * all nodes together; admits nobody and changes nothing.
 */
import type { AttemptCounter, AttemptCounters } from '../../ports/attempts.js';
import { ManagementError } from '../api/errors.js';

const WINDOW_SECONDS = 600;
/** Most questions in ten minutes. Correcting a value, and trying it, takes three of them, and a minute. */
const LIMITS = {
  /** Looks for the record of a domain. */
  domain: { ticket: 30, organization: 100 },
  /** Requests to a provider: settings that are saved, tries that begin, answers to tries. */
  provider: { ticket: 40, organization: 120 },
} as const;

const WORDS: Readonly<Record<keyof typeof LIMITS, string>> = {
  domain: 'The records of these domains were looked for',
  provider: 'The identity provider was asked',
};

export interface Asker {
  readonly ticketId?: string;
  readonly organizationId?: string;
}

/** Counts a question for each that is named. Throws 429 where one of them has asked too often. */
export async function countQuestion(
  attempts: Pick<AttemptCounters, 'count'>,
  kind: keyof typeof LIMITS,
  { organizationId, ticketId }: Asker,
  at: Date,
): Promise<void> {
  const counterOf = (of: 'ticket' | 'organization', id: string): AttemptCounter => ({
    key: `question:${kind}:${of}:${id}`,
    limit: LIMITS[kind][of],
    windowSeconds: WINDOW_SECONDS,
  });
  const counters = [
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
