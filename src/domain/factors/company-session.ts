/**
 * The rule of who may change how an account signs in: every page, API and login asks it here. Pure. It says nothing of
 * how fresh the proof must be.
 */
import { isEnterprise, type Strategy } from '../tenant.js';

/** A way to sign in to an account: a password, or the identity of a company's connection. */
export interface WayIn {
  readonly connectionId: string;
  readonly strategy: Strategy;
}

/**
 * True when a session may neither create nor delete credentials of its account: it is a company's, and the account has
 * another way in. Attack: an administrator of the company signs in as one of their people, and takes over the rest of the
 * account (docs/linking-rule.md, part 8).
 */
export function isCompanyOfMany(strategy: Strategy, hasOtherWaysIn: boolean): boolean {
  return isEnterprise(strategy) && hasOtherWaysIn;
}

/**
 * As {@link isCompanyOfMany}, for a session of which only the connection is known. A session that does not tell its
 * connection may be the company's (fail closed).
 */
export function mayBeCompanyOfMany(ways: readonly WayIn[], connectionId: string | undefined): boolean {
  const came = ways.filter((way) => connectionId === undefined || way.connectionId === connectionId);
  return came.some((way) =>
    isCompanyOfMany(
      way.strategy,
      ways.some((other) => other.connectionId !== way.connectionId),
    ),
  );
}
