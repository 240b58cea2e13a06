/** The dependencies that the routes of a login share. Built once by compose/server.ts; nothing in here knows how anything is stored. */

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
  /** The user of a genuine ID token of ours, expired or not; undefined for everything else. */
  readonly findHintedUser: (idTokenHint: string) => Promise<string | undefined>;
  /** The transaction that an identity provider's answer names; `field` gives a parameter by its name. */
  readonly transactionOf: (field: (name: string) => string | undefined) => string | undefined;
  /** The SAML connection of a name. */
  readonly findServiceProvider: FindServiceProvider;
  /** The public keys of the connection of a name. */
  readonly findPublishedKeys: FindPublishedKeys;
  /** The connections whose identity providers end sessions with us. */
  readonly logoutPartners: LogoutPartners;
  readonly federatedLogout: FederatedLogout;
  readonly sessionEnder: Pick<SessionEnder, 'endIdpSessions'>;
  /** How many answers of identity providers that prove nobody one machine may bring in a minute. */
  readonly answersPerMinute: number;
  /** The set-up pages of customers: a provider answers a try of theirs at the same address as a login. */
  readonly setup: SetupDeps;
  /** Seals tickets; purpose `tickets`. */
  readonly ticketBox: SecretBox;
}
