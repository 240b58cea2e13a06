/**
 * The cookies in which a browser holds unfinished work: a fixed set of names, each of a bounded size, that are written
 * over. One piece of work takes one to four of them. The last name is for forms that another site posts. Chooses names
 * and cuts texts; knows nothing of their content, and seals nothing.
 */
import { COOKIES, type CookieName } from './cookies.js';

/** In their order; a slot is named by its index. */
export const SLOT_NAMES = [
  'vestibule_login_0',
  'vestibule_login_1',
  'vestibule_login_2',
  'vestibule_login_3',
  'vestibule_login_4',
  'vestibule_login_5',
] as const satisfies readonly CookieName[];

/**
 * The one slot for a form that another site posted. Such a form comes without cookies, so the server does not see which
 * slots are free: any number of forms write over one another, and no login that the person began.
 */
export const POSTED_SLOT = SLOT_NAMES.length - 1;
const ORDINARY_SLOTS = [...SLOT_NAMES.keys()].filter((slot) => slot !== POSTED_SLOT);
/** Most slots of one piece of work: one is left for a second tab. */
export const MAX_SLOTS = ORDINARY_SLOTS.length - 1;
/** The id, the place of the part and the number of parts, before the text. */
const HEAD = 18;
const PART = COOKIES[SLOT_NAMES[0]] - HEAD;

/** 16 characters; the id of a login is in the addresses of its pages. */
export const SLOT_ID = /^[A-Za-z0-9-]{16}$/;
const VALUE = /^([A-Za-z0-9-]{16})([0-9])([1-9])([\w-]+)$/;

/** One piece of work as it lies in the slots of a browser. */
export interface Held {
  readonly id: string;
  /** In the order of the text. */
  readonly slots: readonly number[];
  /** Base64url; undefined where a part is missing. */
  readonly text: string | undefined;
}

type Cookies = Readonly<Record<string, string | undefined>>;

/** How many slots a text of this length takes. */
export function countSlots(characters: number): number {
  return Math.ceil(characters / PART);
}

/** The values of the slots for a text, in its order. */
export function toValues(id: string, text: string): readonly string[] {
  const count = countSlots(text.length);
  return Array.from({ length: count }, (_, at) => `${id}${at}${count}${text.slice(at * PART, (at + 1) * PART)}`);
}

interface Part {
  readonly slot: number;
  readonly at: number;
  readonly count: number;
  readonly text: string;
}

/** The content of the slots, by id; `nameOf` gives the name of a slot as it is sent. */
export function readSlots(cookies: Cookies, nameOf: (slot: number) => string): ReadonlyMap<string, Held> {
  const parts = new Map<string, Part[]>();
  for (const slot of SLOT_NAMES.keys()) {
    const [, id, at, count, text = ''] = VALUE.exec(cookies[nameOf(slot)] ?? '') ?? [];
    if (id === undefined) continue;
    const known = parts.get(id) ?? [];
    parts.set(id, [...known, { slot, at: Number(at), count: Number(count), text }]);
  }
  return new Map([...parts].map(([id, own]) => [id, join(id, own)]));
}

function join(id: string, parts: readonly Part[]): Held {
  const sorted = [...parts].sort((one, other) => one.at - other.at);
  const isWhole = sorted.every(({ at, count }, index) => at === index && count === sorted.length);
  const slots = sorted.map(({ slot }) => slot);
  return { id, slots, text: isWhole ? sorted.map(({ text }) => text).join('') : undefined };
}

/** Other work in the slots that can still go on. */
export interface Living {
  readonly id: string;
  readonly slots: readonly number[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface Choice {
  readonly slots: readonly number[];
  /** The work whose slots are written over, whole or in part: it cannot go on. */
  readonly evicted: readonly string[];
}

/**
 * Chooses `count` slots for the work `id`, which lies in `own` so far. Free slots come first, beginning at one that
 * depends on the id: tabs that begin at the same moment do not see each other, and should not all take the first one.
 * Then the slots of the oldest work.
 */
export function chooseSlots(
  id: string,
  count: number,
  held: { readonly own: readonly number[]; readonly others: readonly Living[] },
): Choice {
  const { own, others } = held;
  const taken = new Set(others.flatMap(({ slots }) => slots));
  const first = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % ORDINARY_SLOTS.length;
  const turned = [...ORDINARY_SLOTS.slice(first), ...ORDINARY_SLOTS.slice(0, first)];
  const kept = own.filter((slot) => slot !== POSTED_SLOT);
  const chosen = [...kept, ...turned.filter((slot) => !taken.has(slot) && !kept.includes(slot))];
  const evicted: string[] = [];
  for (const other of [...others].sort((one, two) => one.startedAt - two.startedAt)) {
    if (chosen.length >= count) break;
    const ordinary = other.slots.filter((slot) => slot !== POSTED_SLOT);
    if (ordinary.length === 0) continue;
    chosen.push(...ordinary);
    evicted.push(other.id);
  }
  return { slots: chosen.slice(0, count), evicted };
}

/** The choice for a form that another site posted: one slot, whatever is in it. */
export function choosePostedSlot(others: readonly Living[]): Choice {
  const evicted = others.filter(({ slots }) => slots.includes(POSTED_SLOT)).map(({ id }) => id);
  return { slots: [POSTED_SLOT], evicted };
}
