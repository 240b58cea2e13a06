/** The dependencies of the Management API. It sees ports and pure functions, never an adapter. */
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
  /** The operator whose token it is, for the log; undefined for a machine. */
  readonly person?: { readonly email: string | undefined; readonly name: string | undefined };
}

/** A valid token for this API, before the check that its holder still has these rights. */
export interface Bearer extends Caller {
  readonly organizationId: string | undefined;
}

export interface ManagementDeps {
  /** Public origin without a trailing slash. */
  readonly origin: string;
  /** The settings of the answering node, without secrets. */
  readonly server: NodeSettings;
  readonly directory: DirectoryStore;
  /** The machine client that environment variables define; every start updates it. */
  readonly environmentClientId?: string | undefined;
  /** Checks signature, issuer, audience (origin + `/api/v2/`) and expiry. */
  verifyAccessToken(token: string): Promise<Bearer | undefined>;
  /** Checks that it is an ID token of this server. The caller must check its expiry and its audience. */
  readonly verifyIdToken: TokenIssuer['verifyIdTokenHint'];
  readonly passwords: Pick<PasswordConnector, 'hash'>;
  /** Called after a write that queued mail, to wake the worker. */
  readonly onMailQueued: () => void;
  /** Called after a bulk import was queued, to wake the worker. */
  readonly onImportQueued: () => void;
  /** Creates signing keys and decides about their rotation. */
  readonly signingKeys: KeyRules;
  /** Seals the tickets in links; see domain/ticket.ts for the context. */
  readonly ticketBox: SecretBox;
  /** Rate limit for each machine client and each operator; undefined for none. */
  readonly rateLimit?: RateLimit | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Returns the decision that a login would get now. */
  explain(question: ExplainQuestion): Promise<Explanation>;
  /** Explains the decisions about many people of one organization, in the order of the questions. */
  explainPeople(
    organizationId: string,
    questions: readonly Omit<ExplainQuestion, 'organizationId'>[],
  ): Promise<readonly Explanation[]>;
  /** The usable strategies: those with a connector here, and the database. */
  readonly strategies: readonly Strategy[];
  /**
   * Queries the identity provider of a connection, for some seconds at most; undefined when the strategy has none.
   * Never in a transaction.
   */
  examine(connection: Connection): Promise<ProviderFinding | undefined>;
  /** Queries name servers for the record that proves a domain. Never in a transaction. */
  readonly textRecords: TextRecords;
  /** Tests the tenant's own template of a mail. */
  readonly checkMailWords: CheckWords;
  /** Limits such queries, and shows and lifts the limits of login attempts. */
  readonly attempts: Pick<AttemptCounters, 'count' | 'findFull' | 'forget'>;
  /** Creates a connection's key pair. Never in a transaction. */
  readonly makeConnectionKey: MakeConnectionKey;
  /** Finds the errors that prevent a deployment, and the linter's warnings. */
  readonly checkAction: CheckAction;
  /** Checks the code of a module that Actions share. */
  readonly checkModule: CheckModule;
  /** Runs the draft of an Action so that its author can test it. */
  readonly runAction: ActionRunner['run'];
}
