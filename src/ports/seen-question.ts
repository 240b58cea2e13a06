/**
 * The question of `vestibule doctor` to a server: how does my request reach you? Only a holder of VESTIBULE_SECRET_KEY
 * can make the token that opens the answer, so nobody else learns which proxies are trusted. Valid for a minute, and
 * for nothing else.
 */
import { addSeconds } from '../kernel/clock.js';
import { openToken, type SecretBox, sealToken } from '../kernel/seal.js';

/** Path of the endpoint that answers how it received a request. */
export const SEEN_PATH = '/health/seen';
const CONTEXT = 'ticket:seen';
const LIFETIME_SECONDS = 60;
/** Tolerated difference between the clocks of the two machines, each way. */
const TOLERANCE_SECONDS = 600;

/** Creates the token for the header `Authorization: Bearer`. `box` must have the purpose of tickets. */
export function sealSeenQuestion(box: SecretBox, now: Date): string {
  return sealToken(box, { until: addSeconds(now, LIFETIME_SECONDS).toISOString() }, CONTEXT);
}

/**
 * True for an unexpired token of {@link sealSeenQuestion}. Tolerates a clock that is minutes wrong: the doctor reports
 * it.
 */
export function isSeenQuestion(box: SecretBox, token: string, now: Date): boolean {
  const until = openToken(box, token, CONTEXT)?.until;
  return until !== undefined && addSeconds(new Date(until), TOLERANCE_SECONDS) > now;
}
