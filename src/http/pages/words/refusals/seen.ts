/**
 * The refusals that people read on a page here. The application gets the others, in English (src/login/refusals.ts).
 */
import type { REFUSALS, RefusalCode } from '../../../../login/refusals.js';

/** Shown by their row. */
type Shown = {
  [Code in RefusalCode]: (typeof REFUSALS)[Code] extends { readonly shown: string } ? Code : never;
}[RefusalCode];

/** Shown by the routes that find them: no application is involved, or its address is in doubt. */
export const SHOWN_BY_ROUTES = [
  'identify.invalid_request',
  'identify.request_too_large',
  'authenticate.unknown_transaction',
  'authenticate.ticket_not_usable',
] as const satisfies readonly RefusalCode[];

export type SeenRefusal = Shown | (typeof SHOWN_BY_ROUTES)[number];

/** The reason, and the next step. */
export interface RefusalText {
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
}

export type RefusalWords = Readonly<Record<SeenRefusal, RefusalText>>;
