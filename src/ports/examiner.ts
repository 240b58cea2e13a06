/**
 * Port: the facts that `vestibule doctor` judges. They are gathered beside a server that runs, or without one, and nothing is written in the
 * database. No fact is a secret; texts of other servers are as they came, so the reader makes them fit for a terminal.
 */
import type { Strategy } from '../domain/tenant.js';
import type { ProviderFinding } from './connector.js';
import type { SealedTally, SigningKeyFact } from './key-keeper.js';

export interface DatabaseFacts {
  /** PostgreSQL's own version, such as `18.4`. */
  readonly version: string;
  /** `empty`: no tables yet; `behind`: the next start migrates it; `newer`: a later version has. */
  readonly schema: 'empty' | 'current' | 'behind' | 'newer';
  /** A sentence for each reason why a server must not start on it: version, encoding, pooler, an applied file that was changed. */
  readonly obstacles: readonly string[];
  /** It belongs to a rehearsal tenant (docs/auth0-double.md). */
  readonly isRehearsal: boolean;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  /** Rights that the role lacks, in words. */
  readonly lackedRights: readonly string[];
  readonly connections: { readonly most: number; readonly used: number };
  /** Open for more than five minutes. */
  readonly longTransactions: readonly {
    readonly pid: number;
    readonly application: string;
    readonly minutes: number;
  }[];
  /** Whether the role sees the transactions of other roles. */
  readonly seesOthers: boolean;
  /** The database's clock minus this machine's, in milliseconds. */
  readonly aheadMs: number;
}

/** Work that waits in the database. */
export interface BacklogFacts {
  /** Mails that should have been sent ten minutes ago or before, and the error of the oldest. */
  readonly mails: { readonly count: number; readonly lastError: string | undefined };
  /** Log streams that are suspended, or have failed for ten minutes or more. */
  readonly streams: readonly { readonly name: string; readonly lastError: string | undefined }[];
  /** Jobs for Actions that should have run ten minutes ago or before. */
  readonly actionJobs: number;
}

export interface KeyFacts {
  /** Undefined where stored secrets do not open. */
  readonly signing: readonly SigningKeyFact[] | undefined;
  readonly sealed: readonly SealedTally[];
}

/** A certificate that this server shows or uses. */
export interface CertificateFact {
  readonly name: string;
  readonly ends: Date;
  /** False where it is not for the host of VESTIBULE_URL; undefined where that does not matter. */
  readonly fitsHost?: boolean;
}

export interface MailFacts {
  /** `tenant`: the one that was set by the Management API, while it is enabled. */
  readonly from: 'environment' | 'tenant';
  readonly host: string;
  readonly port: number;
  readonly signsIn: boolean;
  /** Whether mails go over an encrypted connection. */
  readonly isEncrypted: boolean;
  readonly sender: string;
}

export interface ConnectionFacts {
  readonly name: string;
  readonly strategy: Strategy;
  readonly finding: ProviderFinding;
  /** Sign-ins would send a client secret, and none is kept. */
  readonly lacksSecret: boolean;
  /** The clock of its identity provider minus this machine's, in milliseconds; undefined where it was not told. */
  readonly aheadMs: number | undefined;
}

/** A domain that somebody relies on as their own. */
export interface OwnedDomain {
  readonly domain: string;
  /** The organization that proved it, or the connection that lists it among its `domain_aliases`, by name. */
  readonly by: { readonly kind: 'organization' | 'connection'; readonly name: string };
}

/** A request as the server saw it (src/http/seen.ts). */
export interface SeenRequest {
  readonly peer: string;
  readonly isPeerTrusted: boolean;
  /** The address that limits and the log count the request for. */
  readonly client: string;
  readonly isClientTrusted: boolean;
  readonly hasForwardedFor: boolean;
  readonly hasForwarded: boolean;
  /** Whether the request reached the server itself over TLS. */
  readonly isEncrypted: boolean;
}

/**
 * The way from outside to the server. `unreachable`: nothing answers; `tls`: the connection could not be secured; `stranger`: something
 * answers that does not know our question.
 */
export type OutsideFacts =
  | {
      readonly kind: 'seen';
      readonly plain: SeenRequest;
      /** The same request with a made-up address in X-Forwarded-For. */
      readonly forged: SeenRequest;
      readonly madeUp: string;
      /** The clock of the answers minus this machine's, in milliseconds; undefined where there was no date. */
      readonly aheadMs: number | undefined;
      /** End of the certificate that was shown. */
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
  /** Why a trial Action did not end; undefined where it did. */
  readonly failure: string | undefined;
  /** Means of the platform that its processes run without. */
  readonly missing: readonly string[];
}

/**
 * Gathers facts, each at its call. Every method throws a StartError or a Fault whose message says why it could not; those that need the
 * database throw that of {@link Examiner.readDatabase} where it cannot be reached.
 */
export interface Examiner {
  /** Undefined where the data directory has no database yet. */
  readDatabase(): Promise<DatabaseFacts | undefined>;
  readBacklog(): Promise<BacklogFacts>;
  /** Where the bundled database keeps its files; undefined for one of the operator's own. */
  readDisk(): Promise<DiskFacts | undefined>;
  readKeys(): Promise<KeyFacts>;
  readCertificates(): Promise<readonly CertificateFact[]>;
  lacksOwner(): Promise<boolean>;
  /** Each verified domain and each alias that is nobody's own (src/domain/companies/public-mail.ts). */
  listPublicDomains(): Promise<readonly OwnedDomain[]>;
  /** Signs in to the mail server; with `sendTo` it also sends a mail there. Undefined where there is none. */
  tryMail(sendTo: string | undefined): Promise<MailFacts | undefined>;
  /** Asks each identity provider about the connections to it. */
  tryConnections(): Promise<readonly ConnectionFacts[]>;
  /** Asks the server at VESTIBULE_URL; `isRunning` tells whether one answers at HOST and PORT. */
  askFromOutside(): Promise<{ readonly isRunning: boolean; readonly outside: OutsideFacts }>;
  tryActions(): Promise<ActionFacts>;
  close(): Promise<void>;
}
