/** The dependencies of the Management API. They are ports and pure functions, never adapters. */
import type { CheckWords } from '../../domain/mail/mail-template.js';
import type { Connection, Strategy } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import type { RateLimit } from '../../kernel/rate-limit.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ExplainQuestion, Explanation } from '../../login/explain.js';
import type { CheckAction, CheckModule } from '../../ports/action-check.js';
import type { ActionRunner } from '../../ports/action-runner.js';
import type { AttemptCounters } from '../../ports/attempts.js';
import type { MakeConnectionKey } from '../../ports/connection-keys.js';
import type { PasswordConnector, ProviderFinding } from '../../ports/connector.js';
import type { DirectoryStore } from '../../ports/directory.js';
import type { KeyRules } from '../../ports/key-rules.js';
import type { NodeSettings } from '../../ports/node-settings.js';
import type { TextRecords } from '../../ports/text-records.js';
import type { TokenIssuer } from '../../ports/token-issuer.js';

/** The holder of a valid access token for this API. */
export interface Caller {
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  readonly subject: string;
  /** The operator to whom the token was issued, for the log; undefined for a machine client. */
  readonly person?: { readonly email: string | undefined; readonly name: string | undefined };
  /** The organization for which a member acts by the My Organization API; undefined for every other caller. */
  readonly memberOf?: string;
  /** A profile of the operators requires auto-membership of the connection that this member makes. No request sets it. */
  readonly membershipRequired?: boolean;
}

/** The content of a valid token for this API. Its holder may have lost these rights since it was issued. */
export interface Bearer extends Caller {
  readonly organizationId: string | undefined;
}

export interface ManagementDeps {
  /** Public origin without a trailing slash. */
  readonly origin: string;
  /** The settings of the answering node, without secrets. */
  readonly server: NodeSettings;
  readonly directory: DirectoryStore;
  /** The machine client that environment variables define; every start of the server writes it again. */
  readonly environmentClientId?: string | undefined;
  /**
   * Checks signature, issuer, audience (`origin` + `/api/v2/`) and expiry. Resolves to undefined for an invalid token.
   */
  verifyAccessToken(token: string): Promise<Bearer | undefined>;
  /** Checks that the token is an ID token of this server. The caller must check its expiry and its audience. */
  readonly verifyIdToken: TokenIssuer['verifyIdTokenHint'];
  readonly passwords: Pick<PasswordConnector, 'hash'>;
  /** Called after a write that queued mail, to wake the worker. */
  readonly onMailQueued: () => void;
  /** Called after a bulk import was queued, to wake the worker. */
  readonly onImportQueued: () => void;
  /** Creates signing keys, and decides when they are rotated. */
  readonly signingKeys: KeyRules;
  /** Seals the tickets in links. domain/ticket.ts says which context a ticket is sealed for. */
  readonly ticketBox: SecretBox;
  /** Rate limit for each machine client and each operator; undefined for none. */
  readonly rateLimit?: RateLimit | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Explains which decision a login would get now. */
  explain(question: ExplainQuestion): Promise<Explanation>;
  /** Explains the decisions about many people of one organization, in the order of the questions. */
  explainPeople(
    organizationId: string,
    questions: readonly Omit<ExplainQuestion, 'organizationId'>[],
  ): Promise<readonly Explanation[]>;
  /** The strategies that connections can have on this server: those with a connector, and the database. */
  readonly strategies: readonly Strategy[];
  /**
   * Requests the metadata of a connection's identity provider, for some seconds at most. Resolves to undefined when the
   * strategy has no provider. Never call it in a transaction.
   */
  examine(connection: Connection): Promise<ProviderFinding | undefined>;
  /** Looks up the DNS TXT record that proves a domain. Never call it in a transaction. */
  readonly textRecords: TextRecords;
  /** Checks the tenant's own template of a mail. */
  readonly checkMailWords: CheckWords;
  /** Counts queries to name servers and identity providers; also shows and lifts the limits of login attempts. */
  readonly attempts: Pick<AttemptCounters, 'count' | 'findFull' | 'forget'>;
  /** Creates a key pair for a connection. Never call it in a transaction. */
  readonly makeConnectionKey: MakeConnectionKey;
  /** Finds errors in an Action that prevent its deployment, and the linter's warnings. */
  readonly checkAction: CheckAction;
  /** Checks the code of a module that Actions share. */
  readonly checkModule: CheckModule;
  /** Runs the draft of an Action so that its author can test it. */
  readonly runAction: ActionRunner['run'];
}
