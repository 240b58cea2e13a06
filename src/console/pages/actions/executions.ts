/** Reads executions from log lines. Pure. */
import type { LogLine, RunReport } from './answers';

/** One run of one Action, from a log line. */
export interface Run {
  readonly line: LogLine;
  readonly report: RunReport;
  /** Result of the trigger's whole execution. */
  readonly end: string;
  readonly reason: string | undefined;
  readonly key: string;
}

/** Finds the runs of an Action in these log lines, in order. */
export function findRuns(lines: readonly LogLine[], actionId: string): readonly Run[] {
  return lines.flatMap((line) =>
    (line.details.actions ?? []).flatMap(({ end, reason, results }, at) =>
      results
        .filter((report) => report.actionId === actionId)
        .map((report) => ({ line, report, end, reason, key: `${line.log_id} ${at} ${report.startedAt}` })),
    ),
  );
}

/** Counts runs and failures in these lines; also returns the last run. */
export function countRuns(lines: readonly LogLine[], actionId: string) {
  const runs = findRuns(lines, actionId);
  return { runs: runs.length, failures: runs.filter(({ report }) => report.error !== undefined).length, last: runs[0] };
}

/** Describes the result of an execution. */
export function sayEnd(end: string): string {
  const words: Readonly<Record<string, string>> = {
    done: 'allowed',
    denied: 'refused',
    redirect: 'sent to a page',
    failed: 'refused, because the code failed',
  };
  return words[end] ?? end;
}
