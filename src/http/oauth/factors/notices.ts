/**
 * The lines of the log and the mails to the account's owner about changes of second factors at the token endpoint. They
 * are stored with the change.
 */
import { countsAlone, type FactorKind } from '../../../domain/factors/factor.js';
import { methodOf } from '../../../domain/factors/new-factor.js';
import type { Email } from '../../../domain/people/email.js';
import { newLogId } from '../../../kernel/ids.js';
import { type FactorMailDeps, type FactorNotice, factorMails } from '../../../login/factor-mail.js';
import type { LogEntry } from '../../../ports/ledger.js';
import type { OutgoingMail } from '../../../ports/mailer.js';
import type { OAuthDependencies } from '../dependencies.js';
import type { FactorsOf, Party } from './ground.js';

/** Auth0's type codes of log lines about factors, with a description. */
const LINES = {
  gd_start_enroll: 'A second factor is being set up',
  gd_enrollment_complete: 'A second factor was added',
  gd_unenroll: 'A second factor was removed',
  gd_recovery_succeed: 'A recovery code was used',
} as const;

/** The sender of the request. */
export interface From {
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/** Returns the line about a factor. */
export function factorLine(
  { entropy }: Pick<OAuthDependencies, 'entropy'>,
  type: keyof typeof LINES,
  { userId, clientId, organizationId, connectionId }: Party,
  factor: { readonly id: string; readonly kind: FactorKind },
  { ip, userAgent, at }: From & { readonly at: Date },
): LogEntry {
  return {
    logId: newLogId(entropy, at),
    date: at,
    type,
    description: LINES[type],
    ...{ userId, clientId, ip },
    ...(organizationId !== undefined && { organizationId }),
    ...(connectionId !== undefined && { connectionId }),
    ...(userAgent !== undefined && { userAgent }),
    details: { authenticator: { id: factor.id, type: methodOf(factor.kind) } },
    hasProof: true,
  };
}

/**
 * Returns the mail to the owner of the account; none for an account without an address. `own`: its confirmed factors
 * before the change.
 */
export function factorMail(
  { entropy, origin, ticketBox }: FactorMailDeps,
  { to, userId }: { readonly to: Email | undefined; readonly userId: string },
  { target: { organization, tenant, client }, own }: Pick<FactorsOf, 'target' | 'own'>,
  notice: FactorNotice,
  { ip, at }: { readonly ip: string; readonly at: Date },
): readonly OutgoingMail[] {
  const stoppable = own.some(countsAlone) ? undefined : userId;
  const place = { organization, tenant, client };
  return factorMails({ entropy, origin, ticketBox }, { to, place, at, ip, stoppable }, [notice]);
}
