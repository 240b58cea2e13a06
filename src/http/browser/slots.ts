/**
 * The cookies for a browser's unfinished work (such as a login in progress). They have a fixed set of names, called
 * slots, and a bounded size; new work overwrites old. One piece of work uses one to four slots. The last slot is for
 * forms that another site posts. Chooses slots and splits texts; does not read or seal their content.
 */
import { COOKIES, type CookieName } from './cookies.js';

/** Names of the cookie slots, in order; a slot is identified by its index. */
export const SLOT_NAMES = [
  'vestibule_login_0',
  'vestibule_login_1',
  'vestibule_login_2',
  'vestibule_login_3',
  'vestibule_login_4',
  'vestibule_login_5',
] as const satisfies readonly CookieName[];

/**
 * The slot for forms that another site posted. Such a form comes without cookies, so the server cannot see which slots
 * are free. Such forms overwrite one another in this slot, and never a login that the person began.
 */
export const POSTED_SLOT = SLOT_NAMES.length - 1;
const ORDINARY_SLOTS = [...SLOT_NAMES.keys()].filter((slot) => slot !== POSTED_SLOT);
/** Maximum number of slots for one piece of work: one remains for a second tab. */
export const MAX_SLOTS = ORDINARY_SLOTS.length - 1;
/** Characters before the text in a slot: the id, the part's position and the number of parts. */
const HEAD = 18;
const PART = COOKIES[SLOT_NAMES[0]] - HEAD;

const ID_LENGTH = 16;
/** The form of an id. A login's id is in the addresses of its pages. */
export const SLOT_ID = /^[A-Za-z0-9-]{16}$/;
/** A slot's value after the id: the part's position, the number of parts, and its text. */
const AFTER_ID = /^([0-9])([1-9])([\w-]+)$/;

/** One piece of unfinished work that a browser holds in its slots. */
export interface Held {
  readonly id: string;
  /** The slots that hold the parts of the work's text, in the order of the parts. */
  readonly slots: readonly number[];
  /** The whole text of the work, base64url; undefined when a part is missing. */
  readonly text: string | undefined;
}

type Cookies = Readonly<Record<string, string | undefined>>;

/** Returns the number of slots that a text of this length needs. */
export function countSlots(characters: number): number {
  return Math.ceil(characters / PART);
}

/** Splits a text into the values of its slots, in the order of the parts. */
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

/** Returns the work in the slots by its id. `nameOf` returns the name under which a slot's cookie is sent. */
export function readSlots(cookies: Cookies, nameOf: (slot: number) => string): ReadonlyMap<string, Held> {
  const parts = new Map<string, Part[]>();
  for (const slot of SLOT_NAMES.keys()) {
    const value = cookies[nameOf(slot)] ?? '';
    const id = value.slice(0, ID_LENGTH);
    const [, at, count, text = ''] = (SLOT_ID.test(id) && AFTER_ID.exec(value.slice(ID_LENGTH))) || [];
    if (at === undefined) continue;
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

/** Other work of the browser that has not expired. */
export interface Living {
  readonly id: string;
  readonly slots: readonly number[];
  /** When the work began, in milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface Choice {
  readonly slots: readonly number[];
  /** Ids of the work whose slots are overwritten, wholly or in part. That work cannot continue. */
  readonly evicted: readonly string[];
}

/**
 * Chooses `count` slots for the work `id`. Its own slots so far (`own`) come first, then free ones, then those of the
 * oldest work. The search for free ones begins at a slot that depends on the id: tabs opened at the same moment do not
 * see each other's cookies, and should not all use the first slot.
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

/** Chooses the slot for a form that another site posted; overwrites its content. */
export function choosePostedSlot(others: readonly Living[]): Choice {
  const evicted = others.filter(({ slots }) => slots.includes(POSTED_SLOT)).map(({ id }) => id);
  return { slots: [POSTED_SLOT], evicted };
}
