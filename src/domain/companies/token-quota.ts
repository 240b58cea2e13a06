/**
 * The most tokens that applications get for themselves (`client_credentials`) in an hour and in a day, as Auth0's
 * `token_quota` says it. Counts nothing.
 */

export interface TokenQuota {
  readonly perHour?: number;
  readonly perDay?: number;
}

const toMost = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : undefined;

/**
 * Returns the limits of a stored `{client_credentials: {enforce, per_hour, per_day}}`. Undefined if `enforce` is false,
 * with which Auth0 only watches a quota: then nothing is counted. A missing `enforce` counts as true.
 */
export function parseTokenQuota(stored: unknown): TokenQuota | undefined {
  const { client_credentials: given } = (stored ?? {}) as { readonly client_credentials?: unknown };
  const { enforce, per_hour, per_day } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (enforce === false || given === undefined || given === null) return undefined;
  const perHour = toMost(per_hour);
  const perDay = toMost(per_day);
  return { ...(perHour !== undefined && { perHour }), ...(perDay !== undefined && { perDay }) };
}

const HOUR_MS = 3_600_000;
/** The two times in which tokens are counted, by Auth0's names. As on Auth0, they begin with each hour and day of UTC. */
const SPANS = [
  { name: 'per_hour', of: ({ perHour }: TokenQuota) => perHour, lastsMs: HOUR_MS },
  { name: 'per_day', of: ({ perDay }: TokenQuota) => perDay, lastsMs: 24 * HOUR_MS },
] as const;

/** A number of tokens, and the time in which they are counted. */
export interface QuotaBucket {
  readonly name: 'per_hour' | 'per_day';
  readonly most: number;
  /** The number of the hour or day since 1970. */
  readonly span: number;
  /** Whole seconds until the next hour or day begins, at least 1. */
  readonly secondsLeft: number;
}

/** Returns what a quota counts at a moment, the shorter time first. */
export function toBuckets(quota: TokenQuota | undefined, now: Date): readonly QuotaBucket[] {
  if (quota === undefined) return [];
  return SPANS.flatMap(({ name, of, lastsMs }) => {
    const most = of(quota);
    if (most === undefined) return [];
    const span = Math.floor(now.getTime() / lastsMs);
    const leftMs = (span + 1) * lastsMs - now.getTime();
    return [{ name, most, span, secondsLeft: Math.ceil(leftMs / 1_000) }];
  });
}
