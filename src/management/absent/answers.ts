/** The kinds of answers for features that this server does not have (features.ts). Holds no feature. */
import type { ListForm, Wire } from '../api/operation.js';

export type AbsentAnswer =
  /** An empty list, in Auth0's form. */
  | { readonly list: ListForm }
  /** A fixed answer. A write that asks for the same values succeeds. */
  | {
      readonly is: Wire | readonly Wire[] | readonly string[];
      /** True for a request that leaves the feature off, whatever else it sets: it succeeds and nothing is stored. */
      readonly leavesOff?: (body: Wire) => boolean;
    }
  /** Answers by the last parameter of the path; 404 for any other value. */
  | { readonly oneOf: Readonly<Record<string, Wire>> }
  /** A resource that cannot exist: 404 with Auth0's message. */
  | { readonly missing: string; readonly errorCode?: string };

export interface AbsentFeature {
  readonly name: string;
  /** One sentence that offers an alternative: for the person whose write is refused, and for the compatibility page. */
  readonly instead: string;
  /** Answers by path. They apply to all methods that Auth0's document has there. */
  readonly paths: Readonly<Record<string, AbsentAnswer>>;
  /** True when the path begins with a user id; that user must exist. */
  readonly ofUser?: true;
}

/** Returns the answer of an empty list, in all forms that clients request. */
export const list = (
  key: string,
  form: Omit<ListForm, 'key' | 'checkpoint'> & { checkpoint?: true } = {},
): AbsentAnswer => ({
  list: { checkpoint: false, ...form, key },
});
/** Returns the answer of an empty list that is always an object with a cursor. */
export const cursor = (key: string) => list(key, { checkpoint: true, form: 'object' });
export const is = (value: Wire | readonly Wire[] | readonly string[]): AbsentAnswer => ({ is: value });
/** Returns the settings of a feature that is off, and the condition for requests that leave it off. */
export const off = (value: Wire, leavesOff: (body: Wire) => boolean): AbsentAnswer => ({ is: value, leavesOff });
export const missing = (text: string, errorCode?: string): AbsentAnswer => ({
  missing: text,
  ...(errorCode === undefined ? {} : { errorCode }),
});
