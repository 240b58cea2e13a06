/** Replaces a text of the Management API about a refusal by the console's words. Pure. */
import { ACTION_SENTENCES } from './actions.js';
import { APPLICATION_SENTENCES } from './applications.js';
import { COMPANY_SENTENCES } from './companies.js';
import { PEOPLE_SENTENCES } from './people.js';
import { tellSchemaRefusal } from './schema-rules.js';
import { findSentence, type Refusal, type Sentence } from './sentence.js';
import { SERVER_SENTENCES } from './server.js';

/**
 * The sentences for all refusals. The first match counts: of texts that begin with an inserted value, the more specific
 * one comes first.
 */
export const SENTENCES: readonly Sentence[] = [
  ...PEOPLE_SENTENCES,
  ...COMPANY_SENTENCES,
  ...APPLICATION_SENTENCES,
  ...ACTION_SENTENCES,
  ...SERVER_SENTENCES,
];

/** Returns the refusal in the console's words; undefined for a text that it does not know. */
export function tellRefusal(message: string): Refusal | undefined {
  return tellSchemaRefusal(message) ?? findSentence(SENTENCES, message);
}

/** True if the form's property is the refused one or contains it: `callbacks` contains `callbacks[2]`. */
export function concerns(property: string, refused: string): boolean {
  return refused === property || refused.startsWith(`${property}.`) || refused.startsWith(`${property}[`);
}
