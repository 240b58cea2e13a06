/** Titles of the classes in a plan, of what a second factor changes, and of the marks of a journal. */
import { CLASS_WORDS, FACTOR_WORDS } from '../../../../facts/rollout-words';

const MARKS: Readonly<Record<string, string>> = {
  begun: 'begun: run the command again',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  undoing: 'being taken back',
  undone: 'taken back',
  kept: 'kept at the rollback',
};

type Words = Readonly<Record<string, { readonly title: string; readonly sees: string }>>;
const CLASSES: Words = CLASS_WORDS;
const FACTORS: Words = FACTOR_WORDS;

/** Effects of a second factor, in the order of the table. */
export const FACTOR_EFFECTS: readonly string[] = Object.keys(FACTORS);

// A server that is newer than this page may have more names: then the name itself is shown.
export const sayClass = (name: string): string => CLASSES[name]?.title ?? name;
export const sayFactor = (effect: string): string => FACTORS[effect]?.title ?? effect;
/** Returns the next sign-in of these people, as they see it; undefined for a name that this page does not know. */
export const seesClass = (name: string): string | undefined => CLASSES[name]?.sees;
export const seesFactor = (effect: string): string | undefined => FACTORS[effect]?.sees;
export const sayMark = (mark: string | undefined): string => (mark === undefined ? 'waiting' : (MARKS[mark] ?? mark));
