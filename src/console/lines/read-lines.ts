/**
 * Reads lines of the log, newest first. The API pages by number, which shifts while lines are added; so each page begins at the time of the last
 * line before it, and the lines of that time that were read already are left out.
 */
import { api } from '../api/client';
import type { ListPage } from '../api/list';
import { now } from '../clock';
import { type LogLine, toLines } from './answers';
import { type LogSearch, toQuery } from './search';

const A_PAGE = 50;

/** `time|read`: how many lines of that time were read before. */
function readCursor(from: string | undefined): { readonly until?: string; readonly read: number } {
  if (from === undefined) return { read: 0 };
  const [until = '', read = '0'] = from.split('|');
  return { until, read: Number(read) };
}

/** One page from a cursor; `size` lines at most. */
export async function readPage(search: LogSearch, from: string | undefined, size = A_PAGE): Promise<ListPage<LogLine>> {
  const { until, read } = readCursor(from);
  // A few that were read come again with the page; of many, whole pages are passed over.
  const isFew = read <= size;
  const query = {
    search: toQuery(search, now(), until),
    sort: 'date:-1',
    per_page: isFew ? size + read : size,
    page: isFew ? 0 : Math.floor(read / size),
  };
  const { data } = await api.GET('/logs', { params: { query } });
  const lines = toLines(data);
  const items = lines.slice(isFew ? read : read % size);
  const last = items.at(-1)?.date;
  if (last === undefined || lines.length < query.per_page) return { items, next: undefined };
  const readOfLast = items.filter(({ date }) => date === last).length + (last === until ? read : 0);
  return { items, next: `${last}|${readOfLast}` };
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
