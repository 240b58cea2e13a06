/**
 * Mails a code as a second factor (Auth0's template `mfa_oob_code`). Only a posted form or call asks for one: a link that
 * a mail scanner or a browser fetches ahead sends nothing. The code itself is in the mail alone; the caller keeps its
 * hash.
 */
import { mailBrandOf } from '../domain/look/brand.js';
import type { LanguageWish } from '../domain/look/languages.js';
import { toMailFacts } from '../domain/mail/mail-facts.js';
import type { Email } from '../domain/people/email.js';
import type { Client, Organization, Tenant } from '../domain/tenant.js';
import { addSeconds } from '../kernel/clock.js';
import { type Entropy, newLogId, newNumericCode, newSecret } from '../kernel/ids.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { LogEntry } from '../ports/ledger.js';
import type { LoggedOutbox } from '../ports/mailer.js';
import { countAttempt, type KnownDevice } from './attempt-limits.js';
import type { MailTarget, SentCode } from './factor-stages.js';
import { FACTOR_CODE_MINUTES } from './mail-factor.js';
import { hashCode } from './own-proof.js';

export interface FactorMailDeps {
  readonly origin: string;
  readonly attempts: AttemptCounters;
  readonly outbox: LoggedOutbox;
  readonly entropy: Entropy;
}

export interface FactorMail {
  readonly to: MailTarget;
  readonly userId: string;
  readonly at: Date;
  readonly from: {
    readonly ip: string;
    readonly userAgent: string | undefined;
    readonly device?: KnownDevice | undefined;
  };
  /** Where the person signs in: the mail has its look. */
  readonly place: {
    readonly tenant: Tenant;
    readonly organization?: Organization | undefined;
    readonly client?: Pick<Client, 'name' | 'clientId'> | undefined;
  };
  readonly wish?: LanguageWish | undefined;
  /** Set when the code proves an address that is being added. */
  readonly reason?: 'set_up';
  /** Further lines that are stored with the mail, or not at all. */
  readonly log?: readonly LogEntry[];
}

/** Counts a mail for the address and for the account. False when one of the limits is reached. */
async function isWithinLimits({ attempts }: FactorMailDeps, { to, userId, at, from }: FactorMail): Promise<boolean> {
  const { ip, device } = from;
  for (const email of [to.address, userId]) {
    const counted = await countAttempt(attempts, 'factor-mail', { email, ip, userId, device }, at);
    if (!counted.allowed) return false;
  }
  return true;
}

/**
 * Mails a code of six digits, valid for five minutes. Returns what the caller keeps sealed to check the answer; undefined
 * when too many were mailed to the address or for the account, and then none was. Throws {@link Fault}.
 */
export async function mailFactorCode(deps: FactorMailDeps, mail: FactorMail): Promise<SentCode | undefined> {
  if (!(await isWithinLimits(deps, mail))) return undefined;
  const { entropy, origin } = deps;
  const { to, userId, at, from, place, wish, reason, log = [] } = mail;
  const codeId = newSecret(entropy);
  const code = newNumericCode(entropy);
  const { tenant, organization, client } = place;
  const model = {
    ...{ brand: mailBrandOf({ tenant, organization }, origin), code, minutes: FACTOR_CODE_MINUTES, ip: from.ip },
    facts: toMailFacts({ organization, client }),
    ...(wish && { wish }),
    ...(reason && { reason }),
  };
  const sent: LogEntry = {
    ...{ logId: newLogId(entropy, at), date: at, type: 'gd_send_email', description: 'A code was mailed', userId },
    ...(client && client.clientId !== '' && { clientId: client.clientId }),
    ...(organization && { organizationId: organization.id }),
    ip: from.ip,
    ...(from.userAgent !== undefined && { userAgent: from.userAgent.slice(0, 512) }),
    details: { authenticator: { id: to.id, type: 'email' } },
    hasProof: true,
  };
  const letter = { id: newSecret(entropy), to: to.address as Email, template: 'factor_code', model } as const;
  await deps.outbox.enqueueLogged(letter, [sent, ...log], at);
  const expiresAt = addSeconds(at, FACTOR_CODE_MINUTES * 60).getTime();
  return { ...to, codeId, codeHash: hashCode(codeId, code), expiresAt };
}
