/**
 * The types of the texts of refusals on pages of this server. People read some refusals at every application, and the
 * others (told/) only where the application has `refusals: page`. English texts are in src/facts/refusals.
 */
import type { Language } from '../../../../domain/look/languages.js';
import type { REFUSALS, RefusalCode } from '../../../../login/refusals.js';

/** The refusals whose row in the table has `shown`, so that a page shows them. */
type Shown = {
  [Code in RefusalCode]: (typeof REFUSALS)[Code] extends { readonly shown: string } ? Code : never;
}[RefusalCode];

/**
 * Refusals that routes show on a page of their own, because no application is involved, or its redirect address is in
 * doubt.
 */
export const SHOWN_BY_ROUTES = [
  'identify.invalid_request',
  'identify.request_too_large',
  'authenticate.unknown_transaction',
  'authenticate.ticket_not_usable',
] as const satisfies readonly RefusalCode[];

export type SeenRefusal = Shown | (typeof SHOWN_BY_ROUTES)[number];

/** The texts of a refusal: the reason, and the next step. */
export interface RefusalText {
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
}

/** The refusals that people read only where the application has `refusals: page`. */
export type ToldRefusal = Exclude<RefusalCode, SeenRefusal>;

export type ToldWords = Readonly<Record<ToldRefusal, RefusalText>>;
export type RefusalWords = Readonly<Record<RefusalCode, RefusalText>>;

/** The texts of one refusal in each language except English, whose texts are in src/facts/refusals. */
export type Translations = Readonly<Record<Exclude<Language, 'en'>, RefusalText>>;
