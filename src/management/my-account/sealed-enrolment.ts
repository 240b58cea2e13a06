/**
 * The sealed text of an enrolment that is not finished: the browser or the application keeps it, and this server stores
 * nothing. Opens only for the person, the session and the ticket for which it was made.
 */
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { OpenedTicket } from './person.js';

const CONTEXT = 'own-enrolment';
const ENROLMENT_MS = 10 * 60_000;

/** The fields of an enrolment, all texts. */
export type SealedEnrolment = Readonly<Record<string, string>>;

/** The person, and the session or the ticket by which they came. */
interface Holder {
  readonly userId: string;
  readonly sessionId: string | undefined;
  readonly ticket?: Pick<OpenedTicket, 'ticketHash'>;
}

const ticketIdOf = ({ ticket }: Holder): string => ticket?.ticketHash.toString('hex') ?? '';

/** Returns the sealed text, valid for ten minutes. `revision`: version of the account's factors. */
export function sealEnrolment(
  box: SecretBox,
  holder: Holder,
  revision: number,
  fields: SealedEnrolment,
  at: Date,
): string {
  const { userId, sessionId = '' } = holder;
  const end = String(at.getTime() + ENROLMENT_MS);
  const common = { u: userId, s: sessionId, r: String(revision), t: ticketIdOf(holder), e: end };
  return sealToken(box, { ...common, ...fields }, CONTEXT);
}

/** Returns the content of a sealed enrolment of this session or ticket, also of one that has expired. */
export function readEnrolment(box: SecretBox, holder: Holder, sealed: string): SealedEnrolment | undefined {
  const fields = openToken(box, sealed, CONTEXT);
  // Attack: the enrolment of another person, session or ticket, so that they set up a factor of the attacker's.
  if (fields === undefined || fields.u !== holder.userId || fields.s !== (holder.sessionId ?? '')) return undefined;
  return (fields.t ?? '') === ticketIdOf(holder) ? fields : undefined;
}

/** True while the enrolment is valid. */
export const isInTime = ({ e }: SealedEnrolment, at: Date): boolean => Number(e) > at.getTime();
