/**
 * The filters of the log: in the page's address, and as the API's query. Pure. Values in the query are quoted, and
 * quotation marks in them are escaped, so that no address or name can change the query.
 */
import { isKindKey, type KindKey, typesOf } from './kinds.js';

/** The time ranges that the page offers, in hours. */
export const RANGES: Readonly<Record<string, { readonly name: string; readonly hours: number }>> = {
  hour: { name: 'Last hour', hours: 1 },
  day: { name: 'Last 24 hours', hours: 24 },
  week: { name: 'Last 7 days', hours: 168 },
  month: { name: 'Last 30 days', hours: 720 },
};

/** The filters, as they are in the page's address. */
export interface LogSearch {
  readonly reference?: string | undefined;
  readonly address?: string | undefined;
  readonly ip?: string | undefined;
  readonly organization?: string | undefined;
  readonly person?: string | undefined;
  readonly connection?: string | undefined;
  readonly application?: string | undefined;
  readonly reason?: string | undefined;
  readonly show?: KindKey | undefined;
  /** The time range, as a key of {@link RANGES}. `from` overrides it. `from` and `to` are ISO 8601. */
  readonly within?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const TEXTS = ['reference', 'address', 'ip', 'organization', 'person', 'connection', 'application', 'reason'] as const;
export type TextFilter = (typeof TEXTS)[number];

const FIELDS: Readonly<Record<Exclude<TextFilter, 'address'>, string>> = {
  reference: 'reference',
  ip: 'ip',
  organization: 'organization_id',
  person: 'user_id',
  connection: 'connection_id',
  application: 'client_id',
  reason: 'code',
};

const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;

function readInstant(value: unknown): string | undefined {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return undefined;
  return new Date(value).toISOString();
}

/** Parses the filters in the page's address. Ignores everything else. */
export function parseSearch(raw: Readonly<Record<string, unknown>>): LogSearch {
  const texts = TEXTS.map((name) => [name, raw[name]] as const).filter(
    (entry): entry is readonly [TextFilter, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const [from, to] = [readInstant(raw.from), readInstant(raw.to)];
  const within = typeof raw.within === 'string' && Object.hasOwn(RANGES, raw.within) ? raw.within : undefined;
  return {
    ...Object.fromEntries(texts),
    ...(isKindKey(raw.show) && { show: raw.show }),
    ...(within !== undefined && { within }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/**
 * Returns the kind of lines to show if none is chosen: all if a text filter is set (a reference, a person, a code …),
 * else the refusals.
 */
export function shownKind(search: LogSearch): KindKey {
  return search.show ?? (TEXTS.some((name) => search[name] !== undefined) ? 'all' : 'refusals');
}

/** Puts a value in quotation marks, with a backslash before each quotation mark and each backslash in it. */
const quote = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;

function toRange(search: LogSearch, now: Date, until: string | undefined): string | undefined {
  const hours = search.within === undefined ? undefined : RANGES[search.within]?.hours;
  const from = search.from ?? (hours && new Date(now.getTime() - hours * 3_600_000).toISOString());
  const ends = [search.to, until].filter((end) => end !== undefined).sort();
  if (from === undefined && ends.length === 0) return undefined;
  return `date:[${from ?? '*'} TO ${ends[0] ?? '*'}]`;
}

/**
 * Returns the query for `GET /logs`; empty for no filter. `until` (ISO 8601): only lines up to this time, for a further
 * page.
 */
export function toQuery(search: LogSearch, now: Date, until?: string): string {
  const types = typesOf(shownKind(search)).map((type) => `type:${type}`);
  const fields = Object.entries(FIELDS).flatMap(([name, field]) => {
    const value = search[name as TextFilter];
    return value === undefined ? [] : [`${field}:${quote(value)}`];
  });
  const range = toRange(search, now, until);
  return [
    ...(types.length > 0 ? [`(${types.join(' OR ')})`] : []),
    ...fields,
    ...(search.address === undefined ? [] : [quote(search.address)]),
    ...(range === undefined ? [] : [range]),
  ].join(' AND ');
}

/** Returns the filter that fits a pasted text, with its value; undefined if none fits. */
export function readFilter(text: string): readonly [TextFilter, string] | undefined {
  const wanted = text.trim();
  if (REFERENCE.test(wanted.toUpperCase())) return ['reference', wanted.toUpperCase()];
  if (wanted.startsWith('org_')) return ['organization', wanted];
  if (wanted.startsWith('con_')) return ['connection', wanted];
  if (wanted.includes('|')) return ['person', wanted];
  if (wanted.includes('@')) return ['address', wanted];
  if (/^[\d.]+$/.test(wanted) || (wanted.includes(':') && /^[\da-f:]+$/i.test(wanted))) return ['ip', wanted];
  return /^[a-z_]+\.[a-z_]+$/.test(wanted) ? ['reason', wanted] : undefined;
}
