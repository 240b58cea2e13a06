/**
 * The dependencies of the OAuth endpoints: ports, and functions of the pages and of the browser's session. The
 * composition root supplies them.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserSession } from '../../domain/people/account.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { GroundedActionDeps } from '../../login/tenant-code/run-trigger.js';
import type { AttemptCounters } from '../../ports/attempts.js';
import type { FactorChecks } from '../../ports/factor-checks.js';
import type { FactorStore } from '../../ports/factor-store.js';
import type { Ledger } from '../../ports/ledger.js';
import type { LoginReads } from '../../ports/login-store.js';
import type { LoggedOutbox } from '../../ports/mailer.js';
import type { OpaqueTokens, TokenIssuer } from '../../ports/token-issuer.js';
import type { TokenStore } from '../../ports/token-store.js';
import type { FederatedLogout } from '../browser/federated-logout.js';
import type { RememberedInvitations } from '../browser/opened-invitation.js';
import type { RefusedLogins } from '../browser/refused-logins.js';
import type { SendPage } from './authorization-answer.js';
import type { SecretGuesses } from './secret-guesses.js';

/** A session that can be revoked here and, if an identity provider started it, at that provider too. */
export type EndableSession = Pick<BrowserSession, 'userId' | 'sessionId'> &
  Partial<Pick<BrowserSession, 'connectionId' | 'idpSession'>>;

/** The functions of the browser's session that a logout needs. */
export interface LogoutSession {
  /** Finds the session of this browser. */
  find(request: FastifyRequest): Promise<EndableSession | undefined>;
  /** Revokes the session in the store and clears the cookie; does nothing without a session. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

export interface OAuthDependencies {
  /** Origin without a trailing slash; the issuer is this plus `/`. */
  readonly origin: string;
  readonly store: TokenStore;
  readonly issuer: TokenIssuer;
  readonly opaque: OpaqueTokens;
  readonly ledger: Ledger;
  readonly secretGuesses: SecretGuesses;
  /** The machine client of the server's environment (VESTIBULE_MANAGEMENT_CLIENT_ID), which no quota limits. */
  readonly environmentClientId?: string | undefined;
  /** Counts the tokens of quotas, and the answers to second factors. */
  readonly attempts: AttemptCounters;
  readonly clock: Clock;
  /** The second factors of accounts, and what the login reads about them. */
  readonly factors: FactorStore;
  readonly reads: Pick<LoginReads, 'findFactors' | 'findTarget'>;
  readonly factorChecks: Pick<FactorChecks, 'newSecret' | 'secretUri' | 'findStep' | 'tellMiss'>;
  /** Codes by mail. */
  readonly outbox: LoggedOutbox;
  /** Seals the `mfa_token`. Must have a purpose of its own. */
  readonly factorBox: SecretBox;
  /** Seals the tickets of links in mails. */
  readonly ticketBox: SecretBox;
  readonly entropy: Entropy;
  /** Dependencies for running the tenant's Actions. */
  readonly act: GroundedActionDeps;
  readonly session: LogoutSession;
  /** The pages of refused logins, which a logout ends. */
  readonly refused: Pick<RefusedLogins, 'forget'>;
  /** The invitation that the browser opened, which a logout makes it forget. */
  readonly remembered: Pick<RememberedInvitations, 'forget'>;
  readonly federated: Pick<FederatedLogout, 'start'>;
  readonly sendPage: SendPage;
}
