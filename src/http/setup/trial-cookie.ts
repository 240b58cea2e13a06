/**
 * The cookie of a try: binds the answer of the provider to the browser, the set-up and the settings from which it left. Sealed; a try is
 * good for one hour, and its answer for one comparison in the connector.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { Remembered } from '../../ports/connector.js';
import { clearCookie, cookieName, readCookies, setCookie } from '../browser/cookies.js';

const PREFIX = 'vestibule_try_';
const SECONDS = 3_600;

export interface Trial {
  /** 16 letters and digits; the provider's answer names it. */
  readonly id: string;
  readonly setupId: string;
  /** The settings that are tried. */
  readonly digest: string;
  readonly remembered: Remembered;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

interface Keeper {
  readonly origin: string;
  readonly box: SecretBox;
  readonly clock: Clock;
}

const contextOf = (id: string) => `setup-try:${id}`;

/** Puts the try into the answer. */
export function keepTrial(reply: FastifyReply, { origin, box }: Keeper, trial: Trial): void {
  const sealed = box.seal(JSON.stringify(trial), contextOf(trial.id)).toString('base64url');
  setCookie(reply, origin, PREFIX + trial.id, sealed, SECONDS);
}

/** The try that `id` names, if this browser holds it and it is young enough. */
export function findTrial(request: FastifyRequest, { origin, box, clock }: Keeper, id: string | undefined) {
  if (id === undefined || !/^[A-Za-z0-9]{16}$/.test(id)) return undefined;
  const value = readCookies(request)[cookieName(PREFIX + id, origin)];
  const plain = value === undefined ? undefined : box.open(Buffer.from(value, 'base64url'), contextOf(id));
  if (plain === undefined) return undefined;
  const trial = JSON.parse(plain) as Trial;
  return trial.sentAt + SECONDS * 1_000 > clock.now().getTime() ? trial : undefined;
}

/** Takes the cookie back: the try is over. */
export function endTrial(reply: FastifyReply, { origin }: Pick<Keeper, 'origin'>, id: string): void {
  clearCookie(reply, origin, PREFIX + id);
}
