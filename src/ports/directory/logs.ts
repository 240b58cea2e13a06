/** Port: reads the login log. The {@link Ledger} writes it. */
import type { LogEntry } from '../ledger.js';

/** A log line, with the names of the objects that it mentions. */
export interface LogRecord extends LogEntry {
  readonly clientName: string | undefined;
  readonly connectionName: string | undefined;
  readonly userName: string | undefined;
  readonly organizationName: string | undefined;
}

export interface LogFilter {
  readonly types?: readonly string[];
  /** Codes of refused logins (`details.code`), or failed checks of refused token requests (`details.check`). */
  readonly codes?: readonly string[];
  readonly clientId?: string;
  readonly userId?: string;
  readonly connectionId?: string;
  /** The present name of the connection, in any case. Lines of a deleted connection have no name. */
  readonly connectionName?: string;
  /** The present name of the application, in any case. Several may have one name; the oldest hundred count. */
  readonly clientName?: string;
  readonly organizationId?: string;
  readonly ip?: string;
  /** The number shown to a refused person (`details.reference`). */
  readonly reference?: string;
  /** An address in the form of {@link Email}: of the line's user, or anywhere in the line's details. */
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

/** A line's position in the order of commits. */
export interface LogPosition {
  readonly position: number;
  readonly logId: string;
}

/** A log line with its position in the order of commits. */
export interface SettledLine extends LogRecord, LogPosition {}

export interface DayCounts {
  /** Start of the counted day in UTC. */
  readonly day: Date;
  readonly logins: number;
  /** Refused sign-ins, except silent ones (`prompt=none`). */
  readonly refusals: number;
  /** Accounts created on this day that still exist. */
  readonly accounts: number;
}

export interface LogDirectory {
  /** Counts logins, refusals and new accounts by day, from `from` until before `to`; leaves out days without any. */
  countDays(from: Date, to: Date): Promise<readonly DayCounts[]>;
  /** Counts the people who signed in at `since` or later. */
  countActiveUsers(since: Date): Promise<number>;
  list(
    filter: LogFilter,
    page: LogPageRequest,
  ): Promise<{ readonly items: readonly LogRecord[]; readonly total?: number }>;
  find(logId: string): Promise<LogRecord | undefined>;
  /**
   * Lists the next lines after `after`, in an order that never changes: no later commit comes before one of them. A
   * line whose transaction is younger than the oldest open one is left for a later call.
   */
  listSettled(after: LogPosition, limit: number): Promise<readonly SettledLine[]>;
}
