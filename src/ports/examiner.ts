/**
 * Port: the facts that `vestibule doctor` judges, read with or without a running server. Writes nothing in the
 * database. No fact is a secret. Texts from other servers are returned unchanged, so the caller must escape them for a
 * terminal.
 */
import type { Strategy } from '../domain/tenant.js';
import type { ProviderFinding } from './connector.js';
import type { SealedTally, SigningKeyFact } from './key-keeper.js';

export interface DatabaseFacts {
  /** Version of PostgreSQL, such as `18.4`. */
  readonly version: string;
  /**
   * State of the tables. `empty`: none yet; `behind`: the next start migrates them; `newer`: a later version of
   * Vestibule has changed them, and this one cannot start.
   */
  readonly schema: 'empty' | 'current' | 'behind' | 'newer';
  /**
   * A sentence for each reason why a server must not start: version, encoding, pooler, a changed file of an applied
   * migration.
   */
  readonly obstacles: readonly string[];
  /** True when the database belongs to a rehearsal tenant (docs/auth0-double.md). */
  readonly isRehearsal: boolean;
  readonly isStandby: boolean;
  /** Commits that have waited for a synchronous standby for some seconds. */
  readonly waitingCommits: number;
  readonly isReadOnly: boolean;
  /** Rights that the role lacks, in words. */
  readonly lackedRights: readonly string[];
  readonly connections: { readonly most: number; readonly used: number };
  /** Transactions open for more than five minutes. */
  readonly longTransactions: readonly {
    readonly pid: number;
    readonly application: string;
    readonly minutes: number;
  }[];
  /** True when the role sees the transactions of other roles. */
  readonly seesOthers: boolean;
  /** The database's clock minus this machine's, in milliseconds. */
  readonly aheadMs: number;
}

/** Pending work in the database. */
export interface BacklogFacts {
  /** Mails overdue for ten minutes or more, and the error of the oldest. */
  readonly mails: { readonly count: number; readonly lastError: string | undefined };
  /** Log streams that are suspended, or have failed for ten minutes or more. */
  readonly streams: readonly { readonly name: string; readonly lastError: string | undefined }[];
  /** Jobs for Actions overdue for ten minutes or more. */
  readonly actionJobs: number;
  /** Notices of back-channel logout that wait, by application. */
  readonly logoutNotices: readonly { readonly clientId: string; readonly count: number }[];
}

export interface KeyFacts {
  /** The signing keys; undefined when stored secrets cannot be opened. */
  readonly signing: readonly SigningKeyFact[] | undefined;
  readonly sealed: readonly SealedTally[];
}

/** A TLS or signing certificate that this server presents or uses. */
export interface CertificateFact {
  readonly name: string;
  readonly ends: Date;
  /** False when it is not for the host of VESTIBULE_URL; undefined when the host does not matter. */
  readonly fitsHost?: boolean;
}

export interface MailFacts {
  /** The source of the mail server's settings. `tenant`: the Management API, while that mail server is enabled. */
  readonly from: 'environment' | 'tenant';
  readonly host: string;
  readonly port: number;
  readonly signsIn: boolean;
  /** True when mails use an encrypted connection. */
  readonly isEncrypted: boolean;
  readonly sender: string;
}

export interface ConnectionFacts {
  readonly name: string;
  readonly strategy: Strategy;
  readonly finding: ProviderFinding;
  /** True when sign-ins would send a client secret, and none is stored. */
  readonly lacksSecret: boolean;
  /** The clock of its identity provider minus this machine's, in milliseconds; undefined when unknown. */
  readonly aheadMs: number | undefined;
}

/** A refusal of a connection's directory (SCIM) that repeats. */
export interface RepeatedScimRefusal {
  /** The connection's name; undefined if it was deleted since. */
  readonly connection: string | undefined;
  readonly code: string;
  /** The newest answer's text. */
  readonly detail: string;
  readonly count: number;
  readonly latest: Date;
}

/** A domain that an organization or a connection claims. */
export interface OwnedDomain {
  readonly domain: string;
  /** The organization that proved it, or the connection that has it among its `domain_aliases`, by name. */
  readonly by: { readonly kind: 'organization' | 'connection'; readonly name: string };
}

/** A setting that promises a protection, is set, and has no effect here. */
export interface VainPromise {
  /** The thing that has it, in words: `the application Shop`. */
  readonly of: string;
  readonly property: string;
  readonly because: string;
}

/** A request as the server received it (src/http/seen.ts). */
export interface SeenRequest {
  readonly peer: string;
  readonly isPeerTrusted: boolean;
  /** The address as which the request counts for limits and the log. */
  readonly client: string;
  readonly isClientTrusted: boolean;
  readonly hasForwardedFor: boolean;
  readonly hasForwarded: boolean;
  /** True when the request reached the server itself over TLS. */
  readonly isEncrypted: boolean;
}

/**
 * How outside requests reach the server. `unreachable`: nothing answers; `tls`: the connection could not be secured;
 * `stranger`: something answers, but not as this server would.
 */
export type OutsideFacts =
  | {
      readonly kind: 'seen';
      readonly plain: SeenRequest;
      /** The same request, sent again with the made-up address `madeUp` in X-Forwarded-For. */
      readonly forged: SeenRequest;
      readonly madeUp: string;
      /**
       * The server's clock (the `Date` of its answers) minus this machine's, in milliseconds; undefined if there was no
       * `Date`.
       */
      readonly aheadMs: number | undefined;
      /** Expiry of the certificate that the server showed. */
      readonly certificateEnds: Date | undefined;
    }
  | { readonly kind: 'unreachable' | 'tls'; readonly reason: string }
  | { readonly kind: 'stranger'; readonly status: number };

export interface DiskFacts {
  readonly directory: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface ActionFacts {
  /** Why a trial Action did not finish; undefined when it did. */
  readonly failure: string | undefined;
  /** Protections that this platform cannot give the processes of Actions. */
  readonly missing: readonly string[];
}

/**
 * Reads facts on each call. Every method throws a StartError or a Fault with a message that says why it failed. If the
 * database cannot be reached, the methods that need it throw the error of {@link Examiner.readDatabase}.
 */
export interface Examiner {
  /** Reads the facts about the database; undefined when the data directory has none yet. */
  readDatabase(): Promise<DatabaseFacts | undefined>;
  readBacklog(): Promise<BacklogFacts>;
  /** Reads the disk of the bundled database; undefined for the operator's own database. */
  readDisk(): Promise<DiskFacts | undefined>;
  readKeys(): Promise<KeyFacts>;
  readCertificates(): Promise<readonly CertificateFact[]>;
  lacksOwner(): Promise<boolean>;
  /** Lists each verified domain and each alias that nobody can own (src/domain/companies/public-mail.ts). */
  listPublicDomains(): Promise<readonly OwnedDomain[]>;
  /** Lists the settings that promise a protection and have no effect (src/facts/without-effect.ts). */
  listVainPromises(): Promise<readonly VainPromise[]>;
  /** Signs in to the mail server and, with `sendTo`, sends a mail to that address. Undefined without a mail server. */
  tryMail(sendTo: string | undefined): Promise<MailFacts | undefined>;
  /** Asks each identity provider about the connections to it. */
  tryConnections(): Promise<readonly ConnectionFacts[]>;
  /** Lists the refusals of directories that repeat, the latest first, at most 20. */
  listScimRefusals(): Promise<readonly RepeatedScimRefusal[]>;
  /** Asks the server at VESTIBULE_URL; `isRunning` tells whether one answers at HOST and PORT. */
  askFromOutside(): Promise<{ readonly isRunning: boolean; readonly outside: OutsideFacts }>;
  tryActions(): Promise<ActionFacts>;
  close(): Promise<void>;
}
