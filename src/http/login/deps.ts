/**
 * Shared dependencies of a login's routes. Built once by compose/server.ts; nothing here knows how anything is stored.
 */

import type { SecretBox } from '../../kernel/seal.js';
import type { PipelineDeps } from '../../login/pipeline.js';
import type { AccountRecovery } from '../../ports/account-recovery.js';
import type { AttemptCounters } from '../../ports/attempts.js';
import type { FindPublishedKeys } from '../../ports/connection-keys.js';
import type { Outbox } from '../../ports/mailer.js';
import type { FindServiceProvider } from '../../ports/service-provider.js';
import type { SessionEnder } from '../../ports/session-ender.js';
import type { LogoutPartners } from '../../ports/single-logout.js';
import type { BrowserDevices } from '../browser/devices.js';
import type { FederatedLogout } from '../browser/federated-logout.js';
import type { BrowserSessions } from '../browser/sessions.js';
import type { Transactions } from '../browser/transactions.js';
import type { SendPage } from '../oauth/authorization-answer.js';
import type { SetupDeps } from '../setup/deps.js';

export interface LoginRoutesDeps {
  /** Public origin without a trailing slash. */
  readonly origin: string;
  readonly pipeline: PipelineDeps;
  readonly transactions: Transactions;
  readonly sessions: BrowserSessions;
  readonly devices: BrowserDevices;
  readonly attempts: AttemptCounters;
  readonly outbox: Outbox;
  readonly recovery: AccountRecovery;
  readonly sendPage: SendPage;
  /** Returns the user of a genuine ID token of ours, expired or not; undefined otherwise. */
  readonly findHintedUser: (idTokenHint: string) => Promise<string | undefined>;
  /** Returns the transaction that an identity provider's answer names; `field` returns a parameter by its name. */
  readonly transactionOf: (field: (name: string) => string | undefined) => string | undefined;
  /** Finds a SAML connection by name. */
  readonly findServiceProvider: FindServiceProvider;
  /** Finds a connection's public keys by its name. */
  readonly findPublishedKeys: FindPublishedKeys;
  /** The connections whose identity providers offer single logout. */
  readonly logoutPartners: LogoutPartners;
  readonly federatedLogout: FederatedLogout;
  readonly sessionEnder: Pick<SessionEnder, 'endIdpSessions'>;
  /** Answers of identity providers that prove nobody: most from one machine in a minute. */
  readonly answersPerMinute: number;
  /** The customers' set-up pages: a provider answers their test sign-in at the same address as a login. */
  readonly setup: SetupDeps;
  /** Seals tickets; its purpose is `tickets`. */
  readonly ticketBox: SecretBox;
}
