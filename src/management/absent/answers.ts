/** The kinds of answers that calls about a missing feature get (the features are in features.ts). Holds no feature. */
import type { ListForm, Wire } from '../api/operation.js';

export type AbsentAnswer =
  /** An empty list, in the forms of Auth0's lists. */
  | { readonly list: ListForm }
  /** A fixed answer. A write that asks for the same values succeeds. */
  | {
      readonly is: Wire | readonly Wire[] | readonly string[];
      /**
       * Returns true for a request that leaves the feature off. Such a request succeeds, whatever else it sets; nothing
       * is stored.
       */
      readonly leavesOff?: (body: Wire) => boolean;
    }
  /** A resource that cannot exist: 404 with Auth0's message. `isMade`: a POST to its path would create it. */
  | { readonly missing: string; readonly errorCode?: string; readonly isMade?: true };

export interface AbsentFeature {
  readonly name: string;
  /** One sentence with an alternative: shown to the caller whose write is refused, and on the compatibility page. */
  readonly instead: string;
  /** The answer for each path. It applies to every method that Auth0's document has for the path. */
  readonly paths: Readonly<Record<string, AbsentAnswer>>;
  /** True when the path begins with a user id; that user must exist. */
  readonly ofUser?: true;
  /** The kind of the thing with whose id the path begins, other than a user; it must exist. */
  readonly of?: 'organization' | 'role';
}

/** Returns the answer of an empty list. Clients can request it in each of Auth0's list forms. */
export const list = (
  key: string,
  form: Omit<ListForm, 'key' | 'checkpoint'> & { checkpoint?: true } = {},
): AbsentAnswer => ({
  list: { checkpoint: false, ...form, key },
});
/** Returns the answer of an empty list that is always an object with a cursor. */
export const cursor = (key: string) => list(key, { checkpoint: true, form: 'object' });
export const is = (value: Wire | readonly Wire[] | readonly string[]): AbsentAnswer => ({ is: value });
/** Returns an answer with the settings of a feature that is off. `leavesOff` recognizes writes that keep it off. */
export const off = (value: Wire, leavesOff: (body: Wire) => boolean): AbsentAnswer => ({ is: value, leavesOff });
/** Returns the answer for a resource that is the only one at its path: reads find nothing, a POST is refused. */
export const noneOf = (text: string): AbsentAnswer => ({ missing: text, isMade: true });
export const missing = (text: string, errorCode?: string): AbsentAnswer => ({
  missing: text,
  ...(errorCode === undefined ? {} : { errorCode }),
});
