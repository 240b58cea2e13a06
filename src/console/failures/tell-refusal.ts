/** Any refusal of the Management API in the words of the console; undefined for one that it has no words for. Pure. */
import { ACTION_SENTENCES } from './actions.js';
import { APPLICATION_SENTENCES } from './applications.js';
import { COMPANY_SENTENCES } from './companies.js';
import { PEOPLE_SENTENCES } from './people.js';
import { tellSchemaRefusal } from './schema-rules.js';
import { findSentence, type Refusal, type Sentence } from './sentence.js';
import { SERVER_SENTENCES } from './server.js';

/** Every sentence. Where texts begin with a hole, the more exact one comes first. */
export const SENTENCES: readonly Sentence[] = [
  ...PEOPLE_SENTENCES,
  ...COMPANY_SENTENCES,
  ...APPLICATION_SENTENCES,
  ...ACTION_SENTENCES,
  ...SERVER_SENTENCES,
];

/** The refusal with such a text. */
export function tellRefusal(message: string): Refusal | undefined {
  return tellSchemaRefusal(message) ?? findSentence(SENTENCES, message);
}

/** True where the form's property is the refused one, a part of it, or has it as a part: `callbacks` for `callbacks[2]`. */
export function concerns(property: string, refused: string): boolean {
  return refused === property || refused.startsWith(`${property}.`) || refused.startsWith(`${property}[`);
}
