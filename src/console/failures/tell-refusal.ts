/** Translates any refusal of the Management API to the console's words; undefined for one without words. Pure. */
import { ACTION_SENTENCES } from './actions.js';
import { APPLICATION_SENTENCES } from './applications.js';
import { COMPANY_SENTENCES } from './companies.js';
import { PEOPLE_SENTENCES } from './people.js';
import { tellSchemaRefusal } from './schema-rules.js';
import { findSentence, type Refusal, type Sentence } from './sentence.js';
import { SERVER_SENTENCES } from './server.js';

/**
 * All sentences for the API's refusals. Among patterns that begin with an inserted value, the more specific one comes
 * first.
 */
export const SENTENCES: readonly Sentence[] = [
  ...PEOPLE_SENTENCES,
  ...COMPANY_SENTENCES,
  ...APPLICATION_SENTENCES,
  ...ACTION_SENTENCES,
  ...SERVER_SENTENCES,
];

/** Translates the API's text into a refusal for people; undefined for an unknown text. */
export function tellRefusal(message: string): Refusal | undefined {
  return tellSchemaRefusal(message) ?? findSentence(SENTENCES, message);
}

/** True where the form's property is the refused one, or contains the refused one: `callbacks` for `callbacks[2]`. */
export function concerns(property: string, refused: string): boolean {
  return refused === property || refused.startsWith(`${property}.`) || refused.startsWith(`${property}[`);
}
