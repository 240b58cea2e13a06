/** A person of an organization, as a rollout sees them on both kinds of tenant. Types, and the digest of a person. */
import { createHash } from 'node:crypto';
import type { FactorKind } from '../../domain/factors/factor.js';

/** The identity that a person has at the connection of the rollout. */
export interface IdentityThere {
  readonly status: 'bound' | 'expected';
  /** The identity provider's id of the person; undefined where only an address is expected. */
  readonly subject: string | undefined;
  readonly expectedEmail: string | undefined;
}

/** The second factors of a person, as far as they decide about a sign-in. */
export interface FactorsOfPerson {
  readonly has: readonly FactorKind[];
  /** True if the account has a password, or an identity of another company. */
  readonly hasOtherWaysIn: boolean;
}

export interface Person {
  readonly userId: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly name: string | undefined;
  readonly blocked: boolean;
  readonly hasPassword: boolean;
  readonly breakGlass: boolean;
  /**
   * True if they proved the account in a login into this organization (Vestibule), or ever signed in (Auth0, which
   * tells no more).
   */
  readonly usedBefore: boolean;
  readonly otherOrganizations: number;
  readonly sameAddressMembers: number;
  /** True if another account with the same address has an identity at the connection. */
  readonly sameAddressThere: boolean;
  /** Ids of roles, sorted. */
  readonly roles: readonly string[];
  readonly identity: IdentityThere | undefined;
  /** Undefined where the tenant does not tell them for many people at once. */
  readonly factors?: FactorsOfPerson | undefined;
}

/** One person in the company's directory file. */
export interface DirectoryEntry {
  readonly email: string;
  readonly subject: string | undefined;
  readonly active: boolean;
  readonly line: number;
}

/**
 * Returns a digest of the facts that could make the plan wrong for a person if they changed. Names, roles, sign-ins and
 * factors are excluded: roles are kept, and a membership that was used since only makes a link safer.
 */
export function digestOf(person: Person): string {
  const { userId, email, emailVerified, blocked, identity } = person;
  const { sameAddressMembers, sameAddressThere } = person;
  const relied = [
    userId,
    email ?? null,
    emailVerified,
    blocked,
    person.otherOrganizations > 0,
    sameAddressMembers > 0,
    sameAddressThere,
    identity === undefined ? null : [identity.status, identity.subject ?? null, identity.expectedEmail ?? null],
  ];
  return createHash('sha256').update(JSON.stringify(relied)).digest('base64url').slice(0, 22);
}
