/** One line of `vestibule doctor`: state, fact, and required change. Pure; no secret may be in a finding. */

/** The areas of findings, in the report's order. */
export const AREAS = [
  'configuration',
  'database',
  'waiting work',
  'disk',
  'keys',
  'certificates',
  'owner',
  'mail',
  'connections',
  'directories',
  'domains',
  'settings',
  'outside',
  'clock',
  'actions',
] as const;
export type Area = (typeof AREAS)[number];

/** `warn`: works today. `fail`: sign-in or mail does not work, or a protection is missing. `skip`: not checked. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'skip';

export interface Finding {
  readonly area: Area;
  readonly state: FindingState;
  /** The fact in a sentence; for `skip`, why it was not checked. */
  readonly found: string;
  /** The change that corrects the problem. */
  readonly change?: string;
}

/** Creates functions that make findings of one area. */
export function findingsOf(area: Area) {
  const of =
    (state: FindingState) =>
    (found: string, change?: string): Finding => ({ area, state, found, ...(change !== undefined && { change }) });
  return { ok: of('ok'), warn: of('warn'), fail: of('fail'), skip: of('skip') };
}

const DAY_MS = 86_400_000;
/** Days before expiry from which to warn: enough to get a certificate from a customer. */
const SOON_DAYS = 30;

/** Judges an expiry, such as a certificate's; undefined while there is time. */
export function judgeEnd(
  ends: Date,
  now: Date,
): { readonly state: 'warn' | 'fail'; readonly words: string } | undefined {
  const days = Math.floor((ends.getTime() - now.getTime()) / DAY_MS);
  const day = ends.toISOString().slice(0, 10);
  if (ends <= now) return { state: 'fail', words: `has been over since ${day}` };
  return days < SOON_DAYS ? { state: 'warn', words: `is over on ${day}, in ${days} days` } : undefined;
}
