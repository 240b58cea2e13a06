/** Reads the names and the metadata of a sign-up. Everything here travels in a link, so little fits. */
import type { UserProfile } from '../../domain/people/account.js';
import { DatabaseRefusal, type Fields, textOf } from './request.js';

/** Auth0's limits of `user_metadata` in a sign-up: ten texts of at most 500 characters. */
const MOST_METADATA = 10;
const MAX_METADATA_CHARACTERS = 500;
/** Most characters of names and metadata together, as JSON: a link has at most 4,096. */
const MAX_CHARACTERS = 1_500;

const NAMES = { name: 300, given_name: 150, family_name: 150, nickname: 300, picture: 500 } as const;

export interface NewPerson {
  readonly profile: UserProfile;
  readonly userMetadata: Readonly<Record<string, string>>;
  /** The properties as they were sent, for the answer. */
  readonly shown: Readonly<Record<string, unknown>>;
}

const invalid = (description: string) => new DatabaseRefusal(400, 'invalid_request', description, 'ValidationError');

function readMetadata(fields: Fields): Readonly<Record<string, string>> | DatabaseRefusal {
  const value = fields.user_metadata ?? {};
  const wrong = invalid(
    `user_metadata takes at most ${MOST_METADATA} texts of at most ${MAX_METADATA_CHARACTERS} characters`,
  );
  if (typeof value !== 'object' || Array.isArray(value)) return wrong;
  const entries = Object.entries(value as Fields);
  const isFine = (text: unknown): text is string => typeof text === 'string' && text.length <= MAX_METADATA_CHARACTERS;
  if (entries.length > MOST_METADATA || !entries.every(([, text]) => isFine(text))) return wrong;
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Returns the names and metadata of a sign-up; a refusal for a wrong type or too much of them. */
export function readPerson(fields: Fields): NewPerson | DatabaseRefusal {
  const names: Record<string, string> = {};
  for (const [name, most] of Object.entries(NAMES)) {
    const text = textOf(fields, name);
    if (text instanceof DatabaseRefusal) return text;
    if (text === undefined) continue;
    if (text.length > most) return invalid(`${name} has more than ${most} characters`);
    names[name] = text;
  }
  if (names.picture !== undefined && !/^https?:\/\//.test(names.picture)) return invalid('picture takes an address');
  const userMetadata = readMetadata(fields);
  if (userMetadata instanceof DatabaseRefusal) return userMetadata;
  const shown = { ...names, ...(Object.keys(userMetadata).length > 0 && { user_metadata: userMetadata }) };
  if (JSON.stringify(shown).length > MAX_CHARACTERS)
    return invalid(`The names and user_metadata together have more than ${MAX_CHARACTERS} characters`);
  const { given_name: givenName, family_name: familyName, ...rest } = names;
  const profile = { ...rest, ...(givenName && { givenName }), ...(familyName && { familyName }) };
  return { profile, userMetadata, shown };
}
