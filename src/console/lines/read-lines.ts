/**
 * Reads log lines, newest first. The API's page numbers shift while lines are added. So each page begins at the time of
 * the last line before it, and skips lines of that time that were read already.
 */
import { api } from '../api/client';
import type { ListPage } from '../api/list';
import { now } from '../clock';
import type { LogLine } from './answers';
import { type LogSearch, toQuery } from './search';

const A_PAGE = 50;

/** Parses `time|read`; `read` counts the lines of that time that were read before. */
function readCursor(from: string | undefined): { readonly until?: string; readonly read: number } {
  if (from === undefined) return { read: 0 };
  const [until = '', read = '0'] = from.split('|');
  return { until, read: Number(read) };
}

/** Reads one page from a cursor; at most `size` lines. */
export async function readPage(search: LogSearch, from: string | undefined, size = A_PAGE): Promise<ListPage<LogLine>> {
  const { until, read } = readCursor(from);
  // A few repeated lines are read with the page; many are skipped by whole pages.
  const isFew = read <= size;
  const query = {
    search: toQuery(search, now(), until),
    sort: 'date:-1',
    per_page: isFew ? size + read : size,
    page: isFew ? 0 : Math.floor(read / size),
  };
  const { data } = await api.GET('/logs', { params: { query } });
  const lines = data;
  const items = lines.slice(isFew ? read : read % size);
  const last = items.at(-1)?.date;
  if (last === undefined || lines.length < query.per_page) return { items, next: undefined };
  const readOfLast = items.filter(({ date }) => date === last).length + (last === until ? read : 0);
  return { items, next: `${last}|${readOfLast}` };
}

/** Reads at most a page of lines after the line `logId`, oldest first; without it, the newest lines. */
export async function readAfter(search: LogSearch, logId: string | undefined): Promise<readonly LogLine[]> {
  const query = { search: toQuery(search, now()), take: A_PAGE };
  const { data } = await api.GET('/logs', {
    params: { query: logId === undefined ? query : { ...query, from: logId } },
  });
  const lines = data;
  return logId === undefined ? lines.toReversed() : lines;
}

/** Removes lines that occur twice and keeps the order. */
export function withoutRepeats(lines: readonly LogLine[]): readonly LogLine[] {
  return [...new Map(lines.map((line) => [line.log_id, line])).values()];
}
