/**
 * Rules for a membership that is bound to one subject or reserved for one. If a company deletes a person's account and
 * creates it again, the person comes with a new subject and the old address, and an operator has to move the
 * membership. Pure; binds nobody. The remedy is only for operators (log, explain): on a page it would tell that the
 * account exists.
 */
import type { ExternalIdentity } from '../domain/people/account.js';
import type { Candidate } from '../ports/login-store.js';
import { type Refusal, refuse } from './refusals.js';
import type { Authenticated } from './stages.js';
import type { Remedy, Trace } from './trace.js';

/** Quotes a word for a POSIX shell. Attack: an identity provider sends subjects that are commands (`$(…)`). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Returns how an operator can admit the person if the membership is reserved for another subject: delete that
 * pre-provisioned identity and create one for this subject.
 */
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

/**
 * Returns how an operator can admit a stranger who has the address of `member`. Undefined when the membership is
 * neither bound to another subject nor reserved for one.
 */
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
 * Refuses the identity that had a membership before an operator moved it away. The company may have deleted that
 * account because an intruder used it. So its subject is refused everywhere: as a member, by its address, and as a
 * newcomer. Only the operator can admit it again.
 */
export function refuseMovedSeat({ subject }: ExternalIdentity, userId: string, trace: Trace): Refusal {
  trace.add('resolve', 'seat_moved', 'refuse', { user_id: userId });
  return refuse('resolve.seat_moved', `the membership of ${userId} was moved away from ${subject}`);
}
