/**
 * Auth0's `attribute_map`: builds a person's profile from claims of the ID token. Reads claims of the signed token only: `context.userinfo`
 * is empty here. Unknown attributes are ignored, since the profile data holds all claims anyway.
 */
import type { ExternalIdentity } from '../../domain/people/account.js';

type Claims = Readonly<Record<string, unknown>>;
/** Attribute to template: `{ given_name: '${context.tokenset.first}' }`. Undefined where claims are read by their usual names. */
export type AttributeMap = Readonly<Record<string, string>> | undefined;

const REFERENCE = /\$\{context\.(tokenset|userinfo)\.([\w.:-]{1,200})\}/g;
const MAX_TEMPLATE = 1000;

/** With any `mapping_mode` but `use_map`, claims are read as they are (`bind_all`, `basic_profile`). */
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

/** The profile's claims under their usual names, as the map defines them. */
export function mapProfileClaims(claims: Claims, map: AttributeMap): Claims {
  if (map === undefined) return claims;
  return Object.fromEntries(
    ['name', 'given_name', 'family_name', 'nickname', 'picture'].map((name) => [name, fill(map[name] ?? '', claims)]),
  );
}

/**
 * The address, and whether the IdP vouches for it. `email_verified` says nothing about an address from another claim than `email` (accounts
 * were taken over when a user name counted as a verified address). Nor does it about a template with more than one claim in it, which could
 * give everybody the same address.
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
