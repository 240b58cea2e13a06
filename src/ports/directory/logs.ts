/** Port: reads the login log. The {@link Ledger} writes it. */
import type { LogEntry } from '../ledger.js';

/** A log line with the names for its reader. */
export interface LogRecord extends LogEntry {
  readonly clientName: string | undefined;
  readonly connectionName: string | undefined;
  readonly userName: string | undefined;
  readonly organizationName: string | undefined;
}

export interface LogFilter {
  readonly types?: readonly string[];
  /** The answer of a refusal: its code, or the check of a token's (`details.code`, `details.check`). */
  readonly codes?: readonly string[];
  readonly clientId?: string;
  readonly userId?: string;
  readonly connectionId?: string;
  readonly organizationId?: string;
  readonly ip?: string;
  /** The number shown to a refused person (`details.reference`). */
  readonly reference?: string;
  /** A strict address: of the line's user, or anywhere in the line's details. */
  readonly address?: string;
  readonly from?: Date;
  readonly to?: Date;
}

export interface LogPageRequest {
  readonly limit: number;
  readonly offset?: number;
  /** Only lines after this log id, oldest first (a log id sorts by time). */
  readonly afterLogId?: string;
  readonly newestFirst: boolean;
  readonly count: boolean;
}

/** The place of a line in the order of commits. */
export interface LogPosition {
  readonly position: number;
  readonly logId: string;
}

/** A line with its place. */
export interface SettledLine extends LogRecord, LogPosition {}

export interface DayCounts {
  /** Its beginning, in UTC. */
  readonly day: Date;
  readonly logins: number;
  /** Sign-ins that were refused, except silent ones (`prompt=none`). */
  readonly refusals: number;
  /** Accounts that were made on this day and are there now. */
  readonly accounts: number;
}

export interface LogDirectory {
  /** Logins, refusals and new accounts by day, from `from` until before `to`; days without any are left out. */
  countDays(from: Date, to: Date): Promise<readonly DayCounts[]>;
  /** The number of people who signed in at `since` or later. */
  countActiveUsers(since: Date): Promise<number>;
  list(
    filter: LogFilter,
    page: LogPageRequest,
  ): Promise<{ readonly items: readonly LogRecord[]; readonly total?: number }>;
  find(logId: string): Promise<LogRecord | undefined>;
  /**
   * The next lines after `after`, in an order that never changes: no line is committed later whose place is before one of them. A line
   * whose transaction is younger than the oldest one that is still open is left for a later call.
   */
  listSettled(after: LogPosition, limit: number): Promise<readonly SettledLine[]>;
}
