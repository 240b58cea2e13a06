/**
 * Seats whose identity an operator moved, and seats that wait for such a move: a company's IT deleted an account and made it again, so its
 * person comes with a new subject and the old address. Pure; binds nobody. The remedy is for the operator's side alone (log, explain): a page
 * that showed it would tell that the account exists.
 */
import type { ExternalIdentity } from '../domain/people/account.js';
import type { Candidate } from '../ports/login-store.js';
import { type Refusal, refuse } from './refusals.js';
import type { Authenticated } from './stages.js';
import type { Remedy, Trace } from './trace.js';

/** A word of a command for a POSIX shell. Stops an identity provider whose subjects are commands (`$(…)`). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The remedy for a seat that waits for another subject: the expectation is withdrawn, and the right one written. */
function expectAnew({ enablement }: Authenticated, subject: string, member: Candidate): Remedy | undefined {
  const { awaitedSubject, awaitedOfIssuer, account } = member;
  if (awaitedSubject === undefined || awaitedOfIssuer !== undefined) return undefined;
  const { id, name, strategy } = enablement.connection;
  const identities = `/api/v2/users/${encodeURIComponent(account.userId)}/identities`;
  const body = JSON.stringify({ provider: strategy, connection_id: id, user_id: subject });
  return {
    kind: 'expect_subject',
    user_id: account.userId,
    connection_id: id,
    former_subject: awaitedSubject,
    subject,
    call: `DELETE ${identities}/${strategy}/${encodeURIComponent(`${name}|${awaitedSubject}`)}, then POST ${identities} ${body}`,
  };
}

/** The remedy for a stranger with the address of `member`; undefined where the member's seat is bound to no other subject and awaits none. */
export function findRemedy(
  authenticated: Authenticated,
  { issuer, subject, email }: ExternalIdentity,
  member: Candidate,
): Remedy | undefined {
  const { enablement, organization } = authenticated;
  const { boundSubject, boundIssuer, account } = member;
  if (boundSubject === undefined) return expectAnew(authenticated, subject, member);
  if (boundIssuer !== issuer || organization === undefined) return undefined;
  const { id, name, strategy } = enablement.connection;
  const identity = `${strategy}/${encodeURIComponent(`${name}|${boundSubject}`)}`;
  const options = [
    ['--organization', organization.name],
    ['--connection', name],
    ['--subject', subject],
  ];
  return {
    kind: 'move_seat',
    user_id: account.userId,
    connection_id: id,
    former_subject: boundSubject,
    subject,
    call: `POST /api/v2/users/${encodeURIComponent(account.userId)}/identities/${identity}/move ${JSON.stringify({ subject })}`,
    command: [
      'vestibule rollout move-seat',
      quoted(account.email ?? email ?? ''),
      ...options.map(([option, value = '']) => `${option} ${quoted(value)}`),
    ].join(' '),
  };
}

/**
 * The identity of a seat that was moved. Stops the old account, which may have been deleted because somebody else had it: it gets in neither
 * by its subject, nor by the address that it shares with the new one, nor as a newcomer. Only the operator lets it in again.
 */
export function refuseMovedSeat({ subject }: ExternalIdentity, userId: string, trace: Trace): Refusal {
  trace.add('resolve', 'seat_moved', 'refuse', { user_id: userId });
  return refuse('resolve.seat_moved', `the seat of ${userId} was moved away from ${subject}`);
}
