/**
 * Converts a person to the form of RFC 7643. A person whom SCIM never wrote has only the claims of the connection's own
 * identity provider.
 */
import { createHash } from 'node:crypto';
import { present } from '../../management/api/wire.js';
import { CORE_SCHEMA, ENTERPRISE_SCHEMA } from '../../management/scim/attribute-path.js';
import type { ScimPerson, ScimResource } from '../../ports/directory/scim.js';
import { type ScimCaller, scopeOf } from './deps.js';
import { locationOf } from './group-schema.js';

/** True when the account belongs to the connection: its main identity is at this connection. */
export function isOwn({ identity }: Pick<ScimPerson, 'identity'>): boolean {
  return identity.isPrimary;
}

/** True when the company's directory deactivated the person. */
export function isClosed(person: Pick<ScimPerson, 'identity' | 'user'>): boolean {
  return person.identity.scimInactive || (isOwn(person) && person.user.blockedByScim);
}

/**
 * True when the person may sign in by this connection. If the account belongs to another connection, the directory does
 * not learn whether an administrator blocked it.
 */
export function isActive(person: Pick<ScimPerson, 'identity' | 'user'>): boolean {
  return isOwn(person) ? !person.user.blocked && !person.identity.scimInactive : !person.identity.scimInactive;
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * Returns the user as SCIM wrote them. Without such data, returns a user with the claims of the connection's identity
 * provider.
 */
export function toResource({ identity }: Pick<ScimPerson, 'identity'>, caller: ScimCaller): ScimResource {
  if (identity.scim !== undefined) return identity.scim;
  const { profile, subject } = identity;
  const email = textOf(profile.email);
  const name = present({ givenName: textOf(profile.given_name), familyName: textOf(profile.family_name) });
  return present({
    userName: textOf(profile.preferred_username) ?? email ?? subject,
    externalId: scopeOf(caller).externalIdIsSubject ? subject : undefined,
    displayName: textOf(profile.name),
    name: Object.keys(name).length > 0 ? name : undefined,
    emails: email === undefined ? undefined : [{ value: email, primary: true }],
  });
}

/**
 * Returns a person's version (RFC 7644 section 3.14): a digest of the data that answers show. It is weak (`W/`) because
 * it leaves out the times.
 */
export function versionOf(person: ScimPerson, caller: ScimCaller): string {
  const shown = JSON.stringify([person.scimId, isActive(person), toResource(person, caller)]);
  return `W/"${createHash('sha256').update(shown).digest('base64url').slice(0, 22)}"`;
}

/** Returns the body of an answer about a person. */
export function toWire(origin: string, caller: ScimCaller, person: ScimPerson) {
  const resource = toResource(person, caller);
  const { identity, user, scimId } = person;
  return {
    schemas: [CORE_SCHEMA, ...(resource[ENTERPRISE_SCHEMA] === undefined ? [] : [ENTERPRISE_SCHEMA])],
    id: scimId,
    ...resource,
    active: isActive(person),
    meta: {
      resourceType: 'User',
      created: identity.createdAt.toISOString(),
      lastModified: (isOwn(person) ? user.updatedAt : identity.createdAt).toISOString(),
      location: locationOf(origin, caller, 'Users', scimId),
      version: versionOf(person, caller),
    },
  };
}
