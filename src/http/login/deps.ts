/**
 * The dependencies that the routes of a login share. compose/server.ts builds them once. Nothing here knows how data is
 * stored.
 */

import type { SecretBox } from '../../kernel/seal.js';
import type { PipelineDeps } from '../../login/pipeline.js';
import type { AccountRecovery } from '../../ports/account-recovery.js';
import type { AttemptCounters } from '../../ports/attempts.js';
import type { FindPublishedKeys } from '../../ports/connection-keys.js';
import type { DirectoryStore } from '../../ports/directory.js';
import type { LoggedOutbox, Outbox } from '../../ports/mailer.js';
import type { OpenedInvitations } from '../../ports/opened-invitations.js';
import type { FindServiceProvider } from '../../ports/service-provider.js';
import type { SessionEnder } from '../../ports/session-ender.js';
import type { LogoutPartners } from '../../ports/single-logout.js';
import type { BrowserDevices } from '../browser/devices.js';
import type { FederatedLogout } from '../browser/federated-logout.js';
import type { RememberedInvitations } from '../browser/opened-invitation.js';
import type { RefusedLogins } from '../browser/refused-logins.js';
import type { BrowserSessions } from '../browser/session-cookie.js';
import type { Transactions } from '../browser/transactions.js';
import type { SendPage } from '../oauth/authorization-answer.js';
import type { SetupDeps } from '../setup/deps.js';

export interface LoginRoutesDeps {
  /** Public origin without a trailing slash. */
  readonly origin: string;
  readonly pipeline: PipelineDeps;
  readonly transactions: Transactions;
  readonly refused: RefusedLogins;
  /** The invitation that the browser opened. */
  readonly remembered: RememberedInvitations;
  readonly openedInvitations: OpenedInvitations;
  readonly sessions: BrowserSessions;
  readonly devices: BrowserDevices;
  readonly attempts: AttemptCounters;
  readonly outbox: Outbox & LoggedOutbox;
  readonly recovery: AccountRecovery;
  /** Where an account is opened by the link of a sign-up. */
  readonly accounts: Pick<DirectoryStore, 'transaction'>;
  readonly sendPage: SendPage;
  /** Returns the user of an ID token that this server issued, expired or not; undefined for any other token. */
  readonly findHintedUser: (idTokenHint: string) => Promise<string | undefined>;
  /**
   * Returns the id of the transaction that an identity provider's answer names. `field` returns a parameter of the
   * answer by its name.
   */
  readonly transactionOf: (field: (name: string) => string | undefined) => string | undefined;
  /** Finds a SAML connection by name. */
  readonly findServiceProvider: FindServiceProvider;
  /** Finds a connection's public keys by its name. */
  readonly findPublishedKeys: FindPublishedKeys;
  /** The connections that can log people out at their identity provider (single logout). */
  readonly logoutPartners: LogoutPartners;
  readonly federatedLogout: FederatedLogout;
  readonly sessionEnder: Pick<SessionEnder, 'endIdpSessions'>;
  /** Maximum number of answers of identity providers in a minute, from one machine, that prove nobody's identity. */
  readonly answersPerMinute: number;
  /**
   * Dependencies of the customers' set-up pages: the answer of a trial sign-in there arrives at the same address as
   * that of a login.
   */
  readonly setup: SetupDeps;
  /** Seals tickets, such as those in the links of mails. */
  readonly ticketBox: SecretBox;
}
