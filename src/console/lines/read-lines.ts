/**
 * Reads log lines page by page, newest first. Page numbers of the API cannot be used: they shift while lines are added.
 * So each page begins at the time of the last line before it, and skips the lines of that time that were already read.
 */
import { api } from '../api/client';
import type { ListPage } from '../api/list';
import { now } from '../clock';
import type { LogLine } from './answers';
import { type LogSearch, toQuery } from './search';

const A_PAGE = 50;

/** Parses a cursor `time|read`. `read`: how many lines of that time previous pages contain. */
function readCursor(from: string | undefined): { readonly until?: string; readonly read: number } {
  if (from === undefined) return { read: 0 };
  const [until = '', read = '0'] = from.split('|');
  return { until, read: Number(read) };
}

/** Reads the page at a cursor, with at most `size` lines. */
export async function readPage(search: LogSearch, from: string | undefined, size = A_PAGE): Promise<ListPage<LogLine>> {
  const { until, read } = readCursor(from);
  // Lines that were already read are requested again with the page if they are few. If they are many, whole pages are
  // skipped.
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

/**
 * Reads at most one page of lines newer than the line `logId`, oldest first. Without `logId`, reads the newest lines.
 */
export async function readAfter(search: LogSearch, logId: string | undefined): Promise<readonly LogLine[]> {
  const query = { search: toQuery(search, now()), take: A_PAGE };
  const { data } = await api.GET('/logs', {
    params: { query: logId === undefined ? query : { ...query, from: logId } },
  });
  const lines = data;
  return logId === undefined ? lines.toReversed() : lines;
}

/** Removes repeated lines and keeps the order. */
export function withoutRepeats(lines: readonly LogLine[]): readonly LogLine[] {
  return [...new Map(lines.map((line) => [line.log_id, line])).values()];
}
