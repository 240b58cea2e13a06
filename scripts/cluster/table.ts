/** Writes the table of the rehearsal, as docs/reliability.md has it between two marks. Pure. */
import type { Kinds, Verdict } from './judge.js';

export const START = '<!-- cluster -->';
export const END = '<!-- /cluster -->';

/** The longest reason of a node that the table shows. */
const REASON = 60;

export interface Row {
  readonly title: string;
  readonly verdict: Verdict;
}

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
export function printRow({ title, verdict }: Row): string {
  const { missing, halved, gapSeconds, failed, logins, kinds, ended, families, notReady } = verdict;
  const cells = [
    title,
    String(missing.length + halved),
    `${round(gapSeconds)} s`,
    `${failed} of ${failed + logins}${printKinds(kinds)}`,
    `${ended} of ${families}`,
    printNotReady(notReady),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Returns the table below its heading, which says when, where and of which commit. */
export function printTable(heading: string, rows: readonly Row[]): string {
  const head =
    '| case | lost | longest time without a login | failed | sessions ended | not ready |\n|---|---|---|---|---|---|';
  return `${heading}\n\n${head}\n${rows.map(printRow).join('\n')}\n`;
}

/** Returns the document with another table. Throws if the marks are missing. */
export function replaceTable(document: string, table: string): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the document has no ${START} … ${END}`);
  return `${document.slice(0, start)}${START}\n\n${table}\n${document.slice(end)}`;
}
