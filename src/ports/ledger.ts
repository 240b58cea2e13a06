/** Port: the append-only log of logins and of Management API writes. The only thing that may outlive a refusal, with attack counters and mail. */

export type Stage = 'identify' | 'authenticate' | 'resolve' | 'admit' | 'act' | 'commit';

/** One line of a trace: which rule answered what, and on which evidence. Holds no secret and no token. */
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
  /** Not stored: whoever caused the line had proved who they are. Without it the line counts as one that a stranger causes. */
  readonly hasProof?: boolean;
}

export interface Ledger {
  /** Appends one line. Throws {@link Fault} when the database failed. */
  append(entry: LogEntry): Promise<void>;
}
