/**
 * Port: the append-only log of logins and of Management API writes. A refusal leaves nothing but lines here, attack
 * counters and mail.
 */

export type Stage = 'identify' | 'authenticate' | 'resolve' | 'admit' | 'act' | 'commit';

/** One line of a trace: a rule, its answer, and the evidence for it. Holds no secret and no token. */
export interface TraceLine {
  readonly stage: Stage;
  readonly rule: string;
  readonly answer: 'pass' | 'ask' | 'refuse';
  readonly evidence: Readonly<Record<string, unknown>>;
}

export interface LogEntry {
  readonly logId: string;
  readonly date: Date;
  /** Auth0's event type code: `s`, `f`, `fp`, `si`, `fi`, `sapi`, `organization_member_added` … */
  readonly type: string;
  readonly description?: string;
  readonly organizationId?: string;
  readonly clientId?: string;
  readonly userId?: string;
  readonly connectionId?: string;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly details: Readonly<Record<string, unknown>>;
  /**
   * True when the person of the line had proved their identity; otherwise the line counts as a stranger's. Not stored.
   */
  readonly hasProof?: boolean;
}

export interface Ledger {
  /** Appends one line. Throws {@link Fault} when the database failed. */
  append(entry: LogEntry): Promise<void>;
}
