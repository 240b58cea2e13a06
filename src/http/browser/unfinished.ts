/**
 * Stores the unfinished work of a browser: logins, refused logins whose page is open, trial sign-ins of set-up pages,
 * logouts at the identity provider, the invitation that it opened. The work is sealed in the browser's cookies
 * (slots.ts), so abandoned work leaves nothing on the server. Work too large for cookies is a database row that expires;
 * the sealed cookie then has the key of the row (ADR 0071). The seal covers the work's id and slots, so a cookie copied
 * to another slot or id does not open. Decides nothing about a login.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import { networksOf } from '../../kernel/networks.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { CookieOverflow } from '../../ports/cookie-overflow.js';
import { pack, unpack } from './compact.js';
import { type CookieName, clearCookie, cookieName, readCookies, setCookie } from './cookies.js';
import {
  type Choice,
  choosePostedSlot,
  chooseSlots,
  countSlots,
  type Held,
  MAX_SLOTS,
  readSlots,
  SLOT_ID,
  SLOT_NAMES,
  toValues,
} from './slots.js';

/**
 * Lifetime of each kind of work, in seconds. An hour allows for a slow identity provider with a second factor, and for
 * a mailed code. A week is the usual lifetime of an invitation.
 */
export const SECONDS = { login: 3_600, try: 3_600, logout: 600, refused: 3_600, invitation: 604_800 } as const;
type Kind = keyof typeof SECONDS;
/** The order is part of the sealed form. */
const KINDS = ['login', 'try', 'logout', 'refused', 'invitation'] as const satisfies readonly Kind[];

/**
 * Version of the sealed form. Work of another version counts as expired. Increase the version with every change of the
 * form or of the dictionary (compact.ts).
 */
const FORM = 3;
/**
 * Maximum number of bytes of the compressed content. A request with every parameter at its limit fits, with the data
 * that a login adds.
 */
export const MAX_CONTENT_BYTES = 16_384;
/** Bytes before the content: the version, the kind, where the content is (cookie or row), and the start time. */
const HEAD_BYTES = 9;
const IN_COOKIES = 0;
const IN_A_ROW = 1;
const KEY_BYTES = 32;

/** Names of the cookies in which earlier versions of this server kept unfinished work. */
const FORMER = /^vestibule_(?:(?:login|try)_\w+(?:\.\d)?|logout)$/;
const FORMER_PREFIXES = ['vestibule_login_', 'vestibule_try_', 'vestibule_logout'];
/**
 * Maximum number of cookies of earlier versions that one answer clears. A browser has more only when somebody plants
 * them.
 */
const MAX_CLEARED = 40;
/** A query parameter that marks a GET which repeats a form of another site (oauth/authorize.ts). */
export const POSTED_MARK = 'vestibule_posted';

export interface Work {
  readonly kind: Kind;
  /** Id of the work: 16 letters and digits. */
  readonly id: string;
  /** When the work began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly content: object;
  /** A larger form of `content`. It is kept instead if it fits into the cookies, or if `content` needs a row anyway. */
  readonly fuller?: object | undefined;
  /** True for work that is never a row in the database: if it does not fit into cookies, it is not kept. */
  readonly inCookiesOnly?: true;
}

export interface UnfinishedWork {
  /**
   * Finds the content of the work `id`, if this browser holds it and it has not expired. Throws {@link Fault} when its
   * row cannot be read.
   */
  find(request: FastifyRequest, kind: Kind, id: string | undefined): Promise<unknown>;
  /**
   * Adds the work to the cookies of the answer. Returns false, and sets nothing, when the work is too large or too many
   * rows exist, or when a refused login or an opened invitation would overwrite work that comes before it. Throws
   * {@link Fault}.
   */
  save(request: FastifyRequest, reply: FastifyReply, work: Work): Promise<boolean>;
  /**
   * Clears the work's cookies and deletes its row. If the row cannot be deleted now, it expires later, so that a
   * finished login does not fail because of it.
   */
  end(reply: FastifyReply, id: string): Promise<void>;
  /** Ends all work of this kind in this browser, as {@link end} does. */
  endAll(reply: FastifyReply, kind: Kind): Promise<void>;
}

type Cookies = Readonly<Record<string, string | undefined>>;

interface Opened {
  readonly id: string;
  readonly slots: readonly number[];
  readonly kind: Kind;
  readonly startedAt: number;
  readonly place: { readonly content: Buffer } | { readonly key: Buffer };
}

/** Returns the browser's cookies as they will be after this answer. */
function cookiesAfter(reply: FastifyReply): Cookies {
  const cookies = { ...readCookies(reply.request) };
  const lines = reply.getHeader('set-cookie');
  for (const line of lines === undefined ? [] : [lines].flat()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(String(line)) ?? [];
    if (name !== undefined) cookies[name] = value === '' ? undefined : value;
  }
  return cookies;
}

const contextOf = (id: string, slots: readonly number[]) => `unfinished:${id}:${slots.join('.')}`;

/** Creates the functions that seal work for its slots, and open it. */
function createForm(box: SecretBox, clock: Clock) {
  function open({ id, slots, text }: Held): Opened | undefined {
    if (text === undefined) return undefined;
    const plain = box.openBytes(Buffer.from(text, 'base64url'), contextOf(id, slots));
    if (plain === undefined || plain[0] !== FORM) return undefined;
    const kind = KINDS[plain[1] ?? -1];
    const startedAt = plain.readUIntBE(3, 6);
    if (kind === undefined || startedAt + SECONDS[kind] * 1_000 <= clock.now().getTime()) return undefined;
    const rest = plain.subarray(HEAD_BYTES);
    return { id, slots, kind, startedAt, place: plain[2] === IN_A_ROW ? { key: rest } : { content: rest } };
  }

  function seal({ kind, id, startedAt }: Work, slots: readonly number[], place: number, rest: Buffer): string {
    const head = Buffer.alloc(HEAD_BYTES);
    head.set([FORM, KINDS.indexOf(kind), place]);
    head.writeUIntBE(startedAt, 3, 6);
    return box.seal(Buffer.concat([head, rest]), contextOf(id, slots)).toString('base64url');
  }

  return { open, seal };
}

/** Returns how many slots `bytes` of content need when sealed. */
function slotsFor(bytes: number): number {
  const sealed = 12 + HEAD_BYTES + bytes + 16;
  return countSlots(Math.ceil((sealed * 4) / 3));
}

/**
 * Returns the compressed content to keep: `fuller` if it needs at most `most` slots, or if a row is needed anyway.
 * Undefined when `content` exceeds the limit.
 */
function packWork({ content, fuller }: Work, most: number): Buffer | undefined {
  const least = pack(content);
  if (least === undefined || least.length > MAX_CONTENT_BYTES) return undefined;
  const full = fuller && pack(fuller);
  if (full === undefined || full.length > MAX_CONTENT_BYTES) return least;
  const causesRow = slotsFor(full.length) > most && slotsFor(least.length) <= most;
  return causesRow ? least : full;
}

/**
 * True when this request is a form that another site posted, or the GET that repeats such a form (POSTED_MARK). The
 * form came without cookies, so the server cannot know which slots are free.
 */
function isPosted(
  { method, query, headers }: FastifyRequest,
  origin: string,
  held: ReadonlyMap<string, Held>,
): boolean {
  if ((query as Readonly<Record<string, unknown>> | undefined)?.[POSTED_MARK] !== undefined) return true;
  const isOwn = headers['sec-fetch-site'] === 'same-origin' || headers.origin === origin;
  return method === 'POST' && !isOwn && held.size === 0;
}

/** Kinds of work that nobody loses a login for, the one that yields first with the least number. */
const YIELDING: Partial<Record<Kind, number>> = { invitation: -1, refused: 0 };

/**
 * A refused login counts as the oldest work, so that its page is overwritten before a login that the person has begun in
 * another tab. An opened invitation counts as older still: its link is in the person's mail.
 */
function withRank(one: Opened): Opened {
  return { ...one, startedAt: YIELDING[one.kind] ?? one.startedAt };
}

/**
 * True when the page of a refusal, or an opened invitation, would overwrite a login, or other work, that the person has
 * begun in another tab.
 */
function takesPlace({ kind }: Work, { evicted }: Choice, living: readonly Opened[]): boolean {
  const rank = YIELDING[kind];
  if (rank === undefined) return false;
  return living.some((one) => evicted.includes(one.id) && (YIELDING[one.kind] ?? Number.POSITIVE_INFINITY) > rank);
}

/** Creates the functions for work that does not fit into cookies, and so is a row in the database. */
function createRows({ overflow, clock, entropy }: { overflow: CookieOverflow; clock: Clock; entropy: Entropy }) {
  async function removeRows(reply: FastifyReply, works: readonly Opened[]): Promise<void> {
    const keys = works.flatMap(({ place }) => ('key' in place ? [place.key] : []));
    if (keys.length === 0) return;
    await overflow.remove(keys).catch((error: Error) => {
      reply.log.warn({ reason: error.message }, 'the row of unfinished work stays until it expires');
    });
  }

  /** Writes the row and returns its key; undefined when there is no room. */
  async function putRow(request: FastifyRequest, work: Work, content: Buffer, before: readonly Opened[]) {
    const own = before.find(({ id }) => id === work.id)?.place;
    const key = own !== undefined && 'key' in own ? own.key : entropy.bytes(KEY_BYTES);
    const replaces = before.flatMap(({ id, place }) => (id !== work.id && 'key' in place ? [place.key] : []));
    const expiresAt = new Date(work.startedAt + SECONDS[work.kind] * 1_000);
    const entry = { key, content, replaces, networks: networksOf(request.ip), expiresAt };
    return (await overflow.put(entry, clock.now())) ? key : undefined;
  }

  return { removeRows, putRow };
}

/** Creates the functions that set and clear the cookies of unfinished work. */
function createCookieWriter(origin: string, nameOf: (slot: number) => string) {
  function clearFormer(cookies: Cookies, reply: FastifyReply): void {
    const known = new Set(SLOT_NAMES.map((_, slot) => nameOf(slot)));
    const prefix = cookieName('', origin);
    const former = Object.keys(cookies)
      .filter((name) => !known.has(name) && FORMER_PREFIXES.some((one) => name.startsWith(prefix + one)))
      .map((name) => name.slice(prefix.length))
      .filter((name) => FORMER.test(name));
    for (const name of former.slice(0, MAX_CLEARED)) clearCookie(reply, origin, name);
  }

  /**
   * Sets the work's slots. Clears its other slots, those of overwritten work, and those whose content cannot be opened
   * any more.
   */
  function setSlots(reply: FastifyReply, work: Work, sealed: string, choice: Choice, gone: readonly number[]): void {
    const values = toValues(work.id, sealed);
    for (const [at, slot] of choice.slots.entries())
      setCookie(reply, origin, SLOT_NAMES[slot] as CookieName, values[at] ?? '', SECONDS[work.kind]);
    for (const slot of gone.filter((one) => !choice.slots.includes(one)))
      clearCookie(reply, origin, SLOT_NAMES[slot] ?? '');
  }

  return { clearFormer, setSlots };
}

/** Creates the store of unfinished work. `box` seals with the key for cookies. */
export function createUnfinishedWork(deps: {
  box: SecretBox;
  clock: Clock;
  entropy: Entropy;
  origin: string;
  overflow: CookieOverflow;
}): UnfinishedWork {
  const { box, clock, origin, overflow } = deps;
  const { open, seal } = createForm(box, clock);
  const { removeRows, putRow } = createRows(deps);
  const nameOf = (slot: number) => cookieName(SLOT_NAMES[slot] ?? '', origin);
  const { clearFormer, setSlots } = createCookieWriter(origin, nameOf);
  const openAll = (held: ReadonlyMap<string, Held>) => [...held.values()].flatMap((one) => open(one) ?? []);

  async function end(reply: FastifyReply, id: string): Promise<void> {
    const held = readSlots(cookiesAfter(reply), nameOf).get(id);
    if (held === undefined) return;
    for (const slot of held.slots) clearCookie(reply, origin, SLOT_NAMES[slot] ?? '');
    const opened = open(held);
    await removeRows(reply, opened === undefined ? [] : [opened]);
  }

  return {
    async find(request, kind, id) {
      if (id === undefined || !SLOT_ID.test(id)) return undefined;
      const held = readSlots(readCookies(request), nameOf).get(id);
      const opened = held && open(held);
      if (opened === undefined || opened.kind !== kind) return undefined;
      const { place } = opened;
      const content = 'key' in place ? await overflow.find(place.key, clock.now()) : place.content;
      return content && unpack(content);
    },
    async save(request, reply, work) {
      const cookies = cookiesAfter(reply);
      const held = readSlots(cookies, nameOf);
      const posted = isPosted(request, origin, held);
      const most = posted ? 1 : MAX_SLOTS;
      const content = packWork(work, most);
      if (content === undefined) return false;
      const before = openAll(held);
      const count = slotsFor(content.length);
      const inRow = count > most;
      if (inRow && work.inCookiesOnly) return false;
      const key = inRow ? await putRow(request, work, content, before) : undefined;
      if (inRow && key === undefined) return false;
      // A browser has one row at most. The new row replaces it, so the other work in it is lost.
      const living = before.filter(({ id, place }) => id !== work.id && !(inRow && 'key' in place));
      const own = held.get(work.id)?.slots ?? [];
      const choice = posted
        ? choosePostedSlot(living)
        : chooseSlots(work.id, inRow ? 1 : count, { own, others: living.map(withRank) });
      if (takesPlace(work, choice, living)) return false;
      const stays = new Set(living.filter(({ id }) => !choice.evicted.includes(id)).flatMap(({ slots }) => slots));
      const gone = [...SLOT_NAMES.keys()].filter((slot) => cookies[nameOf(slot)] !== undefined && !stays.has(slot));
      setSlots(reply, work, seal(work, choice.slots, key ? IN_A_ROW : IN_COOKIES, key ?? content), choice, gone);
      clearFormer(cookies, reply);
      const evicted = living.filter(({ id }) => choice.evicted.includes(id));
      const moved = inRow ? [] : before.filter(({ id }) => id === work.id);
      await removeRows(reply, [...evicted, ...moved]);
      return true;
    },
    end,
    async endAll(reply, kind) {
      const works = openAll(readSlots(cookiesAfter(reply), nameOf)).filter((one) => one.kind === kind);
      for (const { id } of works) await end(reply, id);
    },
  };
}
