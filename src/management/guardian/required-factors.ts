/**
 * Keeps people from being locked out by a second factor that they cannot have: who is asked for one must be able to set
 * one up. Keeps the last factor that a policy asks for. The tenant's policy, an organization's `mfa` and the switches of factors are checked together, under the lock
 * of the tenant's settings. Says nothing about a single person's factors.
 */
import {
  acceptedFactors,
  canBeRequired,
  OPERATOR_FACTORS,
  type OrganizationMfa,
  type StoredGuardian,
  toTenantFactors,
} from '../../domain/factors/factor.js';
import { FACTORS, type FactorName } from '../../facts/factors.js';
import { conflict, insufficientScopes, notSupported } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/**
 * The scope that says whom the tenant asks for a second factor; an organization's `mfa` says the same for its members.
 * Attack: a client that may change organizations turns off what protects their members.
 */
const POLICIES = 'update:mfa_policies';
const CODE = 'no_independent_factor';
const TURN_OFF = 'Enable another one first, or set the policies to [] (PUT /api/v2/guardian/policies).';
const TURN_ON = 'Enable otp or webauthn-roaming first (PUT /api/v2/guardian/factors/otp).';

/** Throws 400 with the sentence of the table for a factor that this server does not have. */
export function checkAvailable(names: readonly FactorName[]): void {
  for (const name of names) {
    const facts = FACTORS[name];
    if ('missing' in facts) throw notSupported(`${name}: ${facts.missing}`);
  }
}

/** Returns those of the tenant's factors that count alone. */
function independentOf(guardian: StoredGuardian): readonly string[] {
  return toTenantFactors(guardian).accepts.filter((name) => FACTORS[name].isIndependent);
}

/**
 * Throws 409 `no_independent_factor` when the tenant's policy or an organization asks for a factor, and a write from
 * `before` to `after` leaves none that people could set up. A policy may come before the factors, as Auth0's provider for
 * Terraform sends them: it asks nobody until one is enabled (ADR 0096). Attack: a client that may switch factors, but not
 * policies, switches off the last one, and everybody is protected by the password alone.
 */
export async function checkTenantCanRequire(
  { directory }: Call,
  before: StoredGuardian,
  after: StoredGuardian,
): Promise<void> {
  const independent = independentOf(after);
  if (toTenantFactors(before).isRequired && (after.policies ?? []).length > 0 && independent.length === 0)
    throw conflict(
      `The policy all-applications asks everybody for a second factor, and no factor that counts alone would be enabled any more. ${TURN_OFF}`,
      CODE,
    );
  const name = await directory.organizations.findWithoutFactor(independent);
  if (name !== undefined)
    throw conflict(
      `The organization ${name} asks for a second factor, and would accept none that counts alone: its members could not sign in. Set its mfa to none, or leave otp or webauthn-roaming enabled.`,
      CODE,
    );
}

/**
 * Throws when an organization may not get these settings: 403 for a caller who may not change policies, 400 for a factor
 * that this server does not have, 409 `no_independent_factor` for a requirement that nobody could meet. Runs in the
 * transaction of the write. Reads the organization under the lock: otherwise two writes at once could set `mfa` and
 * `mfa_factors` that do not fit. `scope` names the write in the refusal.
 */
export async function checkOrganizationCanRequire(
  { caller, directory }: Call,
  organizationId: string,
  {
    changes,
    scope,
  }: {
    readonly changes: { readonly mfa?: OrganizationMfa; readonly mfaFactors?: readonly string[] };
    readonly scope: string;
  },
): Promise<void> {
  if (!caller.scopes.has(POLICIES)) throw insufficientScopes([scope, POLICIES]);
  checkAvailable((changes.mfaFactors ?? []) as readonly FactorName[]);
  const tenant = toTenantFactors(await directory.tenant.getGuardianForUpdate());
  const isOfOperators = (await directory.operators.find())?.organizationId === organizationId;
  const accepts = isOfOperators ? OPERATOR_FACTORS : tenant.accepts;
  const { mfa, mfaFactors } = {
    mfa: 'none',
    mfaFactors: [],
    ...(await directory.organizations.find(organizationId)),
    ...changes,
  };
  if (mfa === 'none' || canBeRequired(acceptedFactors({ accepts }, mfaFactors))) return;
  throw conflict(
    `mfa: the organization would ask for a second factor and accept none that counts alone, so its members could not sign in. ${TURN_ON} Name it in mfa_factors, or leave mfa_factors empty.`,
    CODE,
  );
}
