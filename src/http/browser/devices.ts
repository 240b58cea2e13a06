/**
 * The cookie that recognizes a browser with which somebody signed in before (OWASP, "Slow down online guessing attacks
 * with device cookies"). Such a browser gets its own allowance of tries when the one for unknown browsers is used up
 * (login/attempt-limits.ts). It also holds for whom this browser is remembered after a second factor, and the language that
 * somebody chose in it. It opens no session and proves no identity. It is sealed, so that it shows no user id, and nothing
 * of it is stored on the server.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FactorKind } from '../../domain/factors/factor.js';
import { type Language, toLanguage } from '../../domain/look/languages.js';
import { SUPPORTED_FACTORS } from '../../facts/factors.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { KnownDevice } from '../../login/attempt-limits.js';
import type { RememberedBrowser } from '../../login/factor-stages.js';
import { COOKIES, cookieName, readCookies, setCookie } from './cookies.js';

const COOKIE = 'vestibule_device';
const CONTEXT = 'device';
/**
 * Lifetime of the cookie, half a year: longer than a session usually lasts, shorter than one person usually keeps a
 * machine.
 */
const DEVICE_SECONDS = 180 * 86_400;
/**
 * Maximum number of people remembered in a shared browser. Beyond that, the one who signed in longest ago is forgotten.
 */
const MAX_PEOPLE = 4;

/** A person is asked for a factor again when they have not come for this long (Auth0: 7 days). */
const UNSEEN_MS = 7 * 86_400_000;

/** A known device, and the accounts whose second factor it replaces for a time. */
export interface RememberingDevice extends KnownDevice {
  readonly remembered: readonly RememberedBrowser[];
  /** True while this browser offers no passkey, because somebody put it off. */
  readonly putsOffPasskey?: true;
  /** The language that somebody chose on the page of their account. */
  readonly language?: Language | undefined;
}

export interface BrowserDevices {
  /**
   * Returns the known device, with the people who signed in with this browser. Undefined when nobody did in the last
   * half year, or chose a language.
   */
  find(request: FastifyRequest): RememberingDevice | undefined;
  /**
   * Recognizes this browser for a person who presented a credential of their own in it. `remembers`: they passed a second
   * factor and asked not to be asked again; without it, an earlier wish stays. `putsOffPasskey`: they want no passkey now.
   */
  keep(
    request: FastifyRequest,
    reply: FastifyReply,
    userId: string,
    wishes?: {
      readonly remembers?: RememberedBrowser;
      readonly putsOffPasskey?: true;
    },
  ): void;
  /**
   * Keeps a language for this browser; undefined forgets an earlier one. Recognizes the browser for nobody, and for nobody
   * longer. Attack: a company signs in as its own people, and gets extra attempts at their passwords for each browser in
   * which it chooses a language.
   */
  keepLanguage(request: FastifyRequest, reply: FastifyReply, language: Language | undefined): void;
}

function parseUserIds(text: string | undefined): readonly string[] {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A remembered account as the cookie has it: place among the user ids, version of its factors, kind, two times in seconds. */
type PackedMemory = readonly [place: number, revision: number, kind: number, passed: number, seen: number];

const KINDS: readonly FactorKind[] = [...SUPPORTED_FACTORS, 'passkey'];

/** A passkey that somebody put off is offered again after this time (Auth0: 30 days). */
const PUT_OFF_MS = 30 * 86_400_000;

const toSeconds = (ms: number): number => Math.floor(ms / 1000);

function parseMemories(
  text: string | undefined,
  userIds: readonly string[],
  now: number,
): readonly RememberedBrowser[] {
  const value = (text === undefined ? [] : JSON.parse(text)) as readonly PackedMemory[];
  return value.flatMap(([place, revision, kindPlace, passed, seen]) => {
    const [userId, kind] = [userIds[place], KINDS[kindPlace]];
    if (userId === undefined || kind === undefined || now - seen * 1000 > UNSEEN_MS) return [];
    return [{ userId, revision, kind, at: passed * 1000, seenAt: seen * 1000 }];
  });
}

function packMemories(
  remembered: readonly RememberedBrowser[],
  userIds: readonly string[],
  now: number,
): readonly PackedMemory[] {
  return remembered.flatMap(({ userId, revision, kind, at, seenAt = now }) => {
    const place = userIds.indexOf(userId);
    return place < 0 ? [] : [[place, revision, KINDS.indexOf(kind), toSeconds(at), toSeconds(seenAt)] as const];
  });
}

/** Creates the functions that read and set the device cookie. `box` seals with the key for cookies. */
export function createBrowserDevices(deps: {
  box: SecretBox;
  clock: Clock;
  entropy: Entropy;
  origin: string;
}): BrowserDevices {
  const { box, clock, entropy, origin } = deps;
  const newId = () => randomAlphanumeric(entropy, 22);

  /** Opens the cookie of this request. Checks its age too, because a browser may keep a cookie for longer than it should. */
  function open(request: FastifyRequest): Readonly<Record<string, string | undefined>> | undefined {
    const value = readCookies(request)[cookieName(COOKIE, origin)];
    const fields = value === undefined ? undefined : openToken(box, value, CONTEXT);
    if (fields?.i === undefined) return undefined;
    return Number(fields.t) + DEVICE_SECONDS * 1000 > clock.now().getTime() ? fields : undefined;
  }

  const isPutOff = (l: string | undefined): boolean => clock.now().getTime() - Number(l ?? 0) * 1000 < PUT_OFF_MS;

  function find(request: FastifyRequest): RememberingDevice | undefined {
    const fields = open(request);
    if (fields?.i === undefined) return undefined;
    const userIds = parseUserIds(fields.u);
    const remembered = parseMemories(fields.r, userIds, clock.now().getTime());
    const language = toLanguage(fields.g ?? '');
    return { id: fields.i, userIds, remembered, language, ...(isPutOff(fields.l) && { putsOffPasskey: true }) };
  }

  /** Returns when the offer of a passkey was put off, in seconds; undefined if that does not hold any more. */
  function findPutOff(request: FastifyRequest): string | undefined {
    const l = open(request)?.l;
    return isPutOff(l) ? l : undefined;
  }

  function seal(
    id: string,
    userIds: readonly string[],
    remembered: readonly RememberedBrowser[],
    more: { readonly t?: string | undefined; readonly l?: string | undefined; readonly g?: Language | undefined },
  ): string | undefined {
    const now = clock.now().getTime();
    const memories = packMemories(remembered, userIds, now);
    const fields = {
      i: id,
      t: more.t ?? String(now),
      u: JSON.stringify(userIds),
      ...(memories.length > 0 && { r: JSON.stringify(memories) }),
      ...(more.l !== undefined && { l: more.l }),
      ...(more.g !== undefined && { g: more.g }),
    };
    const value = sealToken(box, fields, CONTEXT);
    // Leaves out people until the value fits. A user id of this server's own database has 30 characters, one from an
    // identity provider up to several hundred.
    if (value.length <= COOKIES[COOKIE]) return value;
    return userIds.length > 1 ? seal(id, userIds.slice(0, -1), remembered, more) : undefined;
  }

  return {
    find,
    keep(request, reply, userId, { remembers, putsOffPasskey } = {}) {
      const known = find(request);
      const others = (known?.userIds ?? []).filter((other) => other !== userId);
      const earlier = (known?.remembered ?? []).filter((item) => remembers === undefined || item.userId !== userId);
      const seen = earlier.map(({ seenAt, ...item }) =>
        item.userId === userId || seenAt === undefined ? item : { ...item, seenAt },
      );
      const remembered = remembers === undefined ? seen : [...seen, remembers];
      const l = putsOffPasskey ? String(toSeconds(clock.now().getTime())) : findPutOff(request);
      const userIds = [userId, ...others].slice(0, MAX_PEOPLE);
      const value = seal(known?.id ?? newId(), userIds, remembered, { l, g: known?.language });
      if (value !== undefined) setCookie(reply, origin, COOKIE, value, DEVICE_SECONDS);
    },
    keepLanguage(request, reply, language) {
      const { id = newId(), userIds = [], remembered = [] } = find(request) ?? {};
      const more = { t: open(request)?.t, l: findPutOff(request), g: language };
      const value = seal(id, userIds, remembered, more);
      if (value !== undefined) setCookie(reply, origin, COOKIE, value, DEVICE_SECONDS);
    },
  };
}
