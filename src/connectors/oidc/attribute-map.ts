/**
 * Auth0's `attribute_map`: which claims of the ID token a person's profile is made of. Only claims are read, and of the signed token
 * alone: `context.userinfo` has nothing here. Unknown attributes are left to the profile data, which holds all claims anyway.
 */
import type { ExternalIdentity } from '../../domain/account.js';

type Claims = Readonly<Record<string, unknown>>;
/** Attribute to template: `{ given_name: '${context.tokenset.first}' }`. Undefined where the claims are taken by their usual names. */
export type AttributeMap = Readonly<Record<string, string>> | undefined;

const REFERENCE = /\$\{context\.(tokenset|userinfo)\.([\w.:-]{1,200})\}/g;
const MAX_TEMPLATE = 1000;

/** `mapping_mode` other than `use_map` takes the claims as they are (`bind_all`, `basic_profile`). */
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

/** The claims by their usual names that a profile is made of, as the map has them. */
export function mapProfileClaims(claims: Claims, map: AttributeMap): Claims {
  if (map === undefined) return claims;
  return Object.fromEntries(
    ['name', 'given_name', 'family_name', 'nickname', 'picture'].map((name) => [name, fill(map[name] ?? '', claims)]),
  );
}

/**
 * The address, and whether the IdP vouches for it. An address out of another claim than `email` is not what `email_verified` speaks
 * of (taking a user name for a verified address is how accounts were taken over); nor is a text with more in it than one claim, which
 * could be the same address for everybody.
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
