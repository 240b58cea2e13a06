/**
 * Reads the names and the metadata of a sign-up. A stranger may have sent them, so no account gets them: the owner of the
 * mailbox sees a name on the page, and may change it. The rest is only checked.
 */
import { DatabaseRefusal, type Fields, textOf } from './request.js';

/** Auth0's limits of `user_metadata` in a sign-up: ten texts of at most 500 characters. */
const MOST_METADATA = 10;
const MAX_METADATA_CHARACTERS = 500;

const NAMES = { name: 300, given_name: 150, family_name: 150, nickname: 300, picture: 500 } as const;

export interface NewPerson {
  /** The name that the page suggests: `name`, else given and family name; empty for none. */
  readonly name: string;
  /** Every name that was sent: no password may contain it. */
  readonly names: readonly string[];
}

const invalid = (description: string) => new DatabaseRefusal(400, 'invalid_request', description, 'ValidationError');

function checkMetadata(fields: Fields): DatabaseRefusal | undefined {
  const value = fields.user_metadata ?? {};
  const wrong = invalid(
    `user_metadata takes at most ${MOST_METADATA} texts of at most ${MAX_METADATA_CHARACTERS} characters`,
  );
  if (typeof value !== 'object' || Array.isArray(value)) return wrong;
  const texts = Object.values(value as Fields);
  const isFine = (text: unknown) => typeof text === 'string' && text.length <= MAX_METADATA_CHARACTERS;
  return texts.length > MOST_METADATA || !texts.every(isFine) ? wrong : undefined;
}

/** Returns the names of a sign-up; a refusal for a wrong type or too long a text, also in the metadata. */
export function readPerson(fields: Fields): NewPerson | DatabaseRefusal {
  const sent: Partial<Record<keyof typeof NAMES, string>> = {};
  for (const name of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    const text = textOf(fields, name);
    if (text instanceof DatabaseRefusal) return text;
    if (text === undefined) continue;
    if (text.length > NAMES[name]) return invalid(`${name} has more than ${NAMES[name]} characters`);
    sent[name] = text;
  }
  const { name, given_name: given, family_name: family, nickname, picture } = sent;
  if (picture !== undefined && !/^https?:\/\//.test(picture)) return invalid('picture takes an address');
  const isThere = (text: string | undefined) => text !== undefined;
  const full = [given, family].filter(isThere).join(' ').slice(0, NAMES.name);
  return checkMetadata(fields) ?? { name: name ?? full, names: [name, given, family, nickname].filter(isThere) };
}
