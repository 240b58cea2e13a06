/** Writes the tables of the rehearsals, as docs/reliability.md has each between two marks. Pure. */
import type { Kinds, Verdict } from './judge.js';

/** The tables by their marks in the document: failures, an upgrade, and restores. */
export type Mark = 'cluster' | 'upgrade' | 'restore';

const startOf = (mark: Mark) => `<!-- ${mark} -->`;
const endOf = (mark: Mark) => `<!-- /${mark} -->`;

/** The longest reason of a node that the table shows. */
const REASON = 60;

export interface Row {
  readonly title: string;
  readonly verdict: Verdict;
  /** Longest wait for a lock of a table, in seconds; only in the table of an upgrade. */
  readonly lockSeconds?: number;
}

const LOCKED = 'longest wait for the lock of a table';

const round = (seconds: number) => seconds.toFixed(1);

function printKinds(kinds: Kinds): string {
  const parts = kinds.map(([kind, count]) => `${count} × ${kind}`);
  return parts.length === 0 ? '' : ` (${parts.slice(0, 3).join(', ')}${parts.length > 3 ? ', …' : ''})`;
}

function printNotReady(notReady: Verdict['notReady']): string {
  if (!notReady) return 'all ready';
  const { seconds, nodes, reason } = notReady;
  const short = reason.length > REASON ? `${reason.slice(0, REASON - 1)}…` : reason;
  return `${nodes} of 3, after ${round(seconds)} s: ${short.replaceAll('|', '/')}`;
}

/** Returns one line of the table. */
export function printRow({ title, verdict, lockSeconds }: Row): string {
  const { missing, halved, gapSeconds, failed, logins, kinds, ended, families, notReady } = verdict;
  const cells = [
    title,
    String(missing.length + halved),
    `${round(gapSeconds)} s`,
    `${failed} of ${failed + logins}${printKinds(kinds)}`,
    `${ended} of ${families}`,
    ...(lockSeconds === undefined ? [] : [`${round(lockSeconds)} s`]),
    printNotReady(notReady),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Returns the table below its heading, which says when, where and of which commit. */
export function printTable(heading: string, rows: readonly Row[]): string {
  const locked = rows.some(({ lockSeconds }) => lockSeconds !== undefined) ? [LOCKED] : [];
  const columns = ['case', 'lost', 'longest time without a login', 'failed', 'sessions ended', ...locked, 'not ready'];
  const head = `| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`;
  return `${heading}\n\n${head}\n${rows.map(printRow).join('\n')}\n`;
}

/** Returns the document with another table between these marks. Throws if the marks are missing. */
export function replaceTable(document: string, mark: Mark, table: string): string {
  const [start, end] = [document.indexOf(startOf(mark)), document.indexOf(endOf(mark))];
  if (start < 0 || end < start) throw new Error(`the document has no ${startOf(mark)} … ${endOf(mark)}`);
  return `${document.slice(0, start)}${startOf(mark)}\n\n${table}\n${document.slice(end)}`;
}
