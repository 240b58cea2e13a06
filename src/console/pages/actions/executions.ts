/** Finds the runs of Actions in log lines. Pure. */
import type { LogLine, RunReport } from './answers';

/** One execution of one Action, from a log line. */
export interface Run {
  readonly line: LogLine;
  readonly report: RunReport;
  /** Result of the trigger's whole execution, in which several Actions may run. */
  readonly end: string;
  readonly reason: string | undefined;
  readonly key: string;
}

/** Returns the runs of one Action in these log lines, in the order of the lines. */
export function findRuns(lines: readonly LogLine[], actionId: string): readonly Run[] {
  return lines.flatMap((line) =>
    (line.details.actions ?? []).flatMap(({ end, reason, results }, at) =>
      results
        .filter((report) => report.actionId === actionId)
        .map((report) => ({ line, report, end, reason, key: `${line.log_id} ${at} ${report.startedAt}` })),
    ),
  );
}

/**
 * Counts the runs and failures of one Action in these log lines, which must be newest first. `last` is the newest run.
 */
export function countRuns(lines: readonly LogLine[], actionId: string) {
  const runs = findRuns(lines, actionId);
  return { runs: runs.length, failures: runs.filter(({ report }) => report.error !== undefined).length, last: runs[0] };
}

/** Returns the result of an execution in words. */
export function sayEnd(end: string): string {
  const words: Readonly<Record<string, string>> = {
    done: 'allowed',
    denied: 'refused',
    redirect: 'sent to a page',
    failed: 'refused, because the code failed',
  };
  return words[end] ?? end;
}
