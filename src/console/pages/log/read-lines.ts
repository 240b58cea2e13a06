/**
 * Reads lines of the log, newest first. The API pages by number, which shifts while lines are added; so each page begins at the time of the last
 * line before it, and lines that were read already are dropped.
 */
import { api } from '../../api/client';
import type { ListPage } from '../../api/list';
import { now } from '../../clock';
import { type LogLine, toLines } from './answers';
import { type LogSearch, toQuery } from './search';

const A_PAGE = 50;

/** `time` or `time|page`: the page counts where more lines than one page have the same time. */
function readCursor(from: string | undefined): { readonly until?: string; readonly page: number } {
  if (from === undefined) return { page: 0 };
  const [until = '', page = '0'] = from.split('|');
  return { until, page: Number(page) };
}

function nextCursor(
  lines: readonly LogLine[],
  { until, page, size }: { until: string | undefined; page: number; size: number },
): string | undefined {
  const last = lines.at(-1)?.date;
  if (last === undefined || lines.length < size) return undefined;
  return last === until ? `${last}|${page + 1}` : `${last}|0`;
}

/** One page from a cursor; `size` lines at most. */
export async function readPage(search: LogSearch, from: string | undefined, size = A_PAGE): Promise<ListPage<LogLine>> {
  const { until, page } = readCursor(from);
  const { data } = await api.GET('/logs', {
    params: { query: { search: toQuery(search, now(), until), sort: 'date:-1', per_page: size, page } },
  });
  const items = toLines(data);
  return { items, next: nextCursor(items, { until, page, size }) };
}

/** The lines after one, oldest first; without one, the newest. At most a page. */
export async function readAfter(search: LogSearch, logId: string | undefined): Promise<readonly LogLine[]> {
  const query = { search: toQuery(search, now()), take: A_PAGE };
  const { data } = await api.GET('/logs', {
    params: { query: logId === undefined ? query : { ...query, from: logId } },
  });
  const lines = toLines(data);
  return logId === undefined ? lines.toReversed() : lines;
}

/** Each line once, in the order in which they came. */
export function withoutRepeats(lines: readonly LogLine[]): readonly LogLine[] {
  return [...new Map(lines.map((line) => [line.log_id, line])).values()];
}
