/**
 * Judges what was seen during one case: logins that are missing in the database, the longest time without a login,
 * failures by what the browser got, and how fast readiness said it. Pure: no clock, no network.
 */

/** A login that a browser saw succeed: the application redeemed its code. Times are in milliseconds. */
export interface SeenLogin {
  readonly login: string;
  readonly sessionId: string;
  readonly atMs: number;
}

export interface Failure {
  readonly atMs: number;
  readonly error: string;
}

/** A change of what a node says at `/health/ready`. */
export interface Change {
  readonly node: string;
  readonly atMs: number;
  /** Undefined if it is ready. */
  readonly reason: string | undefined;
}

/** Everything that was seen until all was well again after the fault. */
export interface Observed {
  readonly faultMs: number;
  /** When all was well again. */
  readonly endMs: number;
  /** From the beginning of the run: a fail-over may lose what an earlier one left. */
  readonly seen: readonly SeenLogin[];
  readonly failures: readonly Failure[];
  readonly changes: readonly Change[];
  /** `login sessionId` of each session that the database has afterwards. */
  readonly stored: ReadonlySet<string>;
  /** Accounts that lack a part of their login: identity or membership, or that exist twice. */
  readonly halved: number;
  /** Families of refresh tokens, and those that were refused. */
  readonly families: number;
  readonly ended: number;
}

/** Kinds of failures and their number. */
export type Kinds = readonly (readonly [kind: string, count: number])[];

export interface Verdict {
  readonly logins: number;
  readonly missing: readonly string[];
  readonly halved: number;
  readonly gapSeconds: number;
  readonly failed: number;
  /** Number of failures by kind, the most frequent first. */
  readonly kinds: Kinds;
  /** The first node that said "not ready", how many did, and the reason; undefined if none did. */
  readonly notReady: { readonly seconds: number; readonly nodes: number; readonly reason: string } | undefined;
  readonly families: number;
  readonly ended: number;
}

export const keyOf = ({ login, sessionId }: Pick<SeenLogin, 'login' | 'sessionId'>) => `${login} ${sessionId}`;

/**
 * Returns the longest time without a successful login, in seconds. It begins at the last login before the fault, so
 * that a login that was under way at the fault does not shorten it.
 */
export function findLongestGap(seen: readonly SeenLogin[], faultMs: number, endMs: number): number {
  const times = seen.map(({ atMs }) => atMs).sort((a, b) => a - b);
  const before = times.filter((time) => time <= faultMs).at(-1) ?? faultMs;
  const points = [before, ...times.filter((time) => time > faultMs && time < endMs), endMs];
  const gaps = points.slice(1).map((time, index) => time - (points[index] ?? time));
  return Math.max(0, ...gaps) / 1000;
}

/** Title of deploy/cluster/away.html. It has to be in the first 100 characters: the driver's errors hold no more. */
export const AWAY_TITLE = 'Signing in is not possible at the moment';

/** Returns what the browser got, by the message of the load driver: a status, an OAuth error, or no answer. */
export function kindOf(error: string): string {
  const status = /^(?:stuck|token) (\d{3})\b/.exec(error)?.[1];
  if (status !== undefined) return error.includes(AWAY_TITLE) ? `${status} of the balancer` : status;
  const code = /^callback error (\w+)/.exec(error)?.[1];
  return code ?? 'no answer';
}

/** Counts the failures by kind, the most frequent first. */
export function countKinds(failures: readonly Failure[]): Kinds {
  const counts = new Map<string, number>();
  for (const { error } of failures) counts.set(kindOf(error), (counts.get(kindOf(error)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

function findNotReady(changes: readonly Change[], faultMs: number): Verdict['notReady'] {
  const after = changes.filter(({ reason }) => reason !== undefined);
  const [first] = [...after].sort((a, b) => a.atMs - b.atMs);
  if (first?.reason === undefined) return undefined;
  const nodes = new Set(after.map(({ node }) => node)).size;
  return { seconds: (first.atMs - faultMs) / 1000, nodes, reason: first.reason };
}

/** Judges one case. */
export function judge(observed: Observed): Verdict {
  const { faultMs, endMs, seen, stored } = observed;
  const isWithin = ({ atMs }: { readonly atMs: number }) => atMs >= faultMs && atMs <= endMs;
  const failures = observed.failures.filter(isWithin);
  return {
    logins: seen.filter(isWithin).length,
    missing: seen.map(keyOf).filter((key) => !stored.has(key)),
    halved: observed.halved,
    gapSeconds: findLongestGap(seen, faultMs, endMs),
    failed: failures.length,
    kinds: countKinds(failures),
    notReady: findNotReady(observed.changes.filter(isWithin), faultMs),
    families: observed.families,
    ended: observed.ended,
  };
}

/** Returns what must never happen and did; empty if all is well. */
export function findLosses({ missing, halved, ended, families }: Verdict): readonly string[] {
  return [
    ...(missing.length > 0 ? [`${missing.length} logins that a browser saw are missing: ${missing[0]}`] : []),
    ...(halved > 0 ? [`${halved} accounts lack a part of their login`] : []),
    ...(ended > 0 ? [`${ended} of ${families} refresh tokens were refused permanently`] : []),
  ];
}
