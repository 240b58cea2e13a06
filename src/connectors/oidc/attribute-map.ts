/**
 * Auth0's `attribute_map`: builds a user's profile from claims of the ID token. Reads claims of the signed token only:
 * `context.userinfo` is empty here. Unknown attributes are ignored: the profile data holds all claims anyway.
 */
import type { ExternalIdentity } from '../../domain/people/account.js';

type Claims = Readonly<Record<string, unknown>>;
/**
 * Templates by attribute: `{ given_name: '${context.tokenset.first}' }`. Undefined where claims are read by their usual
 * names.
 */
export type AttributeMap = Readonly<Record<string, string>> | undefined;

const REFERENCE = /\$\{context\.(tokenset|userinfo)\.([\w.:-]{1,200})\}/g;
const MAX_TEMPLATE = 1000;

/** Parses the map. Every `mapping_mode` except `use_map` (`bind_all`, `basic_profile`) reads claims as they are. */
export function parseAttributeMap(given: unknown): AttributeMap {
  if (typeof given !== 'object' || given === null) return undefined;
  const { mapping_mode: mode, attributes } = given as Readonly<Record<string, unknown>>;
  if (mode !== 'use_map' || typeof attributes !== 'object' || attributes === null) return undefined;
  const usable = Object.entries(attributes).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= MAX_TEMPLATE,
  );
  return Object.fromEntries(usable);
}

function fill(template: string, claims: Claims): string | undefined {
  const text = template.replace(REFERENCE, (_all, source: string, name: string) => {
    const value = source === 'tokenset' && Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
  return text.trim() === '' ? undefined : text.trim();
}

/** Returns the profile's claims under their usual names, as the map defines them. */
export function mapProfileClaims(claims: Claims, map: AttributeMap): Claims {
  if (map === undefined) return claims;
  return Object.fromEntries(
    ['name', 'given_name', 'family_name', 'nickname', 'picture'].map((name) => [name, fill(map[name] ?? '', claims)]),
  );
}

/**
 * Returns the address, and whether the IdP vouches for it. `email_verified` is about the claim `email` only: accounts
 * were taken over when a user name counted as a verified address. A template with several claims is not vouched for
 * either, since it could give everybody the same address.
 */
export function mapAddress(
  claims: Claims,
  map: AttributeMap,
  vouched: boolean,
): Pick<ExternalIdentity, 'email' | 'emailVerified'> {
  const of = (name: string) =>
    Object.hasOwn(claims, name) && typeof claims[name] === 'string' ? claims[name] : undefined;
  if (map === undefined) return { email: of('email'), emailVerified: vouched };
  const name = /^\$\{context\.tokenset\.([\w.:-]{1,200})\}$/.exec((map.email ?? '').trim())?.[1];
  if (name === undefined) return { email: undefined, emailVerified: false };
  return { email: of(name), emailVerified: name === 'email' && vouched };
}
