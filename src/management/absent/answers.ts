/** The kinds of answers that a feature gives which is not there (features.ts). Holds no feature. */
import type { ListForm, Wire } from '../api/operation.js';

export type AbsentAnswer =
  /** A collection without members. */
  | { readonly list: ListForm }
  /** This is shown. A write that asks for nothing else is answered as done. */
  | {
      readonly is: Wire | readonly Wire[] | readonly string[];
      /** True of a request that leaves the feature off, whatever else it sets: it is answered as done, and nothing is kept. */
      readonly leavesOff?: (body: Wire) => boolean;
    }
  /** Values by the last parameter of the path. Others are 404. */
  | { readonly oneOf: Readonly<Record<string, Wire>> }
  /** Things that cannot be there: 404 in Auth0's words. */
  | { readonly missing: string; readonly errorCode?: string };

export interface AbsentFeature {
  readonly name: string;
  /** One sentence for the person whose write is refused, and for the compatibility page: what to do instead. */
  readonly instead: string;
  /** Answers by path, all methods of Auth0's document alike. */
  readonly paths: Readonly<Record<string, AbsentAnswer>>;
  /** True where the path begins with a user, who has to exist. */
  readonly ofUser?: true;
}

/** An empty list, in all forms that clients ask for. */
export const list = (
  key: string,
  form: Omit<ListForm, 'key' | 'checkpoint'> & { checkpoint?: true } = {},
): AbsentAnswer => ({
  list: { checkpoint: false, ...form, key },
});
/** Lists that come as an object with a cursor, whatever was asked for. */
export const cursor = (key: string) => list(key, { checkpoint: true, form: 'object' });
export const is = (value: Wire | readonly Wire[] | readonly string[]): AbsentAnswer => ({ is: value });
/** The settings of a feature that is off, and the requests that leave it off. */
export const off = (value: Wire, leavesOff: (body: Wire) => boolean): AbsentAnswer => ({ is: value, leavesOff });
export const missing = (text: string, errorCode?: string): AbsentAnswer => ({
  missing: text,
  ...(errorCode === undefined ? {} : { errorCode }),
});
