/**
 * The factors of a person, for the endpoints of second factors: all of them, those that count where the person comes
 * from, and whether they may set one up. Reads; decides only what the login decides by the same rules (login/challenge.ts).
 */
import { mayBeCompanyOfMany } from '../../../domain/factors/company-session.js';
import { type Factor, type FactorKind, factorsAcceptedBy, settingOf } from '../../../domain/factors/factor.js';
import { mailBeside } from '../../../login/mail-factor.js';
import type { PendingFactor } from '../../../ports/factor-store.js';
import type { LoginTarget } from '../../../ports/login-store.js';
import type { OAuthDependencies } from '../dependencies.js';

/** Time for which a factor that was not confirmed can be confirmed: that of an `mfa_token`. */
export const PENDING_MS = 600_000;

/** The person of a request, and where they come from. */
export interface Party {
  readonly userId: string;
  readonly clientId: string;
  readonly organizationId: string | undefined;
  /** The connection of the login; undefined when the token does not tell. */
  readonly connectionId: string | undefined;
  /** The session of an access token, by which its connection is found. */
  readonly sessionId?: string | undefined;
}

export interface FactorsOf {
  readonly target: LoginTarget;
  /** All confirmed factors. */
  readonly own: readonly Factor[];
  /** Those that count here. */
  readonly usable: readonly Factor[];
  /** The addresses that a code may be mailed to; empty while the tenant or organization accepts none. */
  readonly mail: readonly Factor[];
  /** All confirmed addresses of the account; of a login by a provider without those of the provider. */
  readonly addresses: readonly Factor[];
  readonly pending: PendingFactor | undefined;
  /** Version of the account's factors. */
  readonly revision: number;
  readonly accepts: readonly string[];
  /**
   * False for a company's session of an account with another way in (domain/factors/company-session.ts), and for a token
   * whose session has ended.
   */
  readonly mayChange: boolean;
  /** True for a token whose session has ended. */
  readonly hasEnded: boolean;
  /** When the newest factor was confirmed. */
  readonly confirmedAt: Date | undefined;
}

/** Reads the factors of a person; undefined when the application or the tenant is gone. */
export async function readFactors(
  { reads, factors }: Pick<OAuthDependencies, 'reads' | 'factors'>,
  { userId, clientId, organizationId, connectionId, sessionId }: Party,
  at: Date,
): Promise<FactorsOf | undefined> {
  const [target, ground, { pending, ways, confirmedAt, connectionId: ofSession }] = await Promise.all([
    reads.findTarget({ clientId, ...(organizationId !== undefined && { organization: organizationId }) }),
    reads.findFactors({ userId, connectionId: connectionId ?? '' }),
    factors.findSetup({ userId, madeAfter: new Date(at.getTime() - PENDING_MS), sessionId, at }),
  ]);
  if (target === undefined) return undefined;
  const { factors: own } = ground;
  // Attack: who is signed out by a new password, or by the owner of a stolen account, sets up a factor by a token that is
  // still valid for minutes.
  const hasEnded = sessionId !== undefined && ofSession === undefined;
  const accepts = factorsAcceptedBy(target.tenant, target.organization);
  const usable = own.filter(({ kind }) => accepts.includes(settingOf(kind)));
  return {
    target,
    own,
    usable,
    // Attack: without the connection of the login, nothing tells whether the mailbox set the password.
    mail: connectionId === undefined ? [] : mailBeside(accepts, ground, usable),
    addresses: ground.mail,
    revision: ground.revision,
    pending,
    confirmedAt,
    accepts,
    hasEnded,
    mayChange: !hasEnded && !mayBeCompanyOfMany(ways, connectionId ?? ofSession),
  };
}

/** The kinds that an application can ask for by itself. The others need a page of this server. */
export const CODE_KINDS: readonly FactorKind[] = ['otp', 'recovery-code'];
