/**
 * Second factors of an account, and who must have one. Plain values and pure rules, no I/O. A factor proves that the
 * person is the same again; it never admits anybody to an organization.
 */
import { FACTORS, type FactorKind, SUPPORTED_FACTORS, type SupportedFactor } from '../../facts/factors.js';

export type { FactorKind, SupportedFactor };

/** Value of `acr_values` and `acr` for a login with a second factor (OpenID PAPE; Auth0, step-up authentication). */
export const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

/** A WebAuthn credential, as it was registered. Texts are base64url. */
export interface WebAuthnCredential {
  readonly id: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly signCount: number;
  /** Random, and the same for all credentials of an account. */
  readonly userHandle: string;
  readonly transports: readonly string[];
  /** `multiDevice`: the authenticator may copy it to other devices of the person. */
  readonly deviceType: 'singleDevice' | 'multiDevice';
  readonly backedUp: boolean;
  readonly rpId: string;
  readonly aaguid: string;
  /** True once the authenticator has verified the person, by a PIN or a fingerprint. */
  readonly userVerified: boolean;
}

/** A confirmed factor of an account, with what verifies an answer. Never leaves the server. */
export interface Factor {
  readonly id: string;
  readonly kind: FactorKind;
  readonly name?: string;
  /** Of `email`: the address that gets the codes. */
  readonly address?: string;
  /** Of `otp`: the secret in base32. */
  readonly secret?: string;
  /** Of `otp`: the last accepted time step. */
  readonly lastStep?: number;
  /** Of `recovery-code`: the hash of the code. */
  readonly codeHash?: Buffer;
  readonly credential?: WebAuthnCredential;
  /** Undefined when a stranger may have set it up (docs/linking-rule.md, parts 10 and 11). */
  readonly vouchedBy?: string;
}

/**
 * A second factor that was passed, and when. `federated`: the company's identity provider said so about its own
 * sign-in; it counts only where the organization says `required_unless_idp`.
 */
export interface PassedFactor {
  readonly kind: FactorKind | 'federated';
  readonly at: Date;
  /** Version of the account's factors at that time: after a change of them, it counts no more. */
  readonly revision: number;
}

/** Time in milliseconds for which a proof permits changes of factors: a quarter of an hour, as on Auth0. */
export const FRESH_MS = 15 * 60_000;

/** The factors that the tenant accepts, and whether it asks everybody for one. */
export interface TenantFactors {
  readonly accepts: readonly SupportedFactor[];
  /** True for Auth0's policy `all-applications`, while a factor that counts alone is enabled. */
  readonly isRequired: boolean;
  /** Whether a security key must verify the person. */
  readonly keyVerification: 'discouraged' | 'preferred' | 'required';
}

/** `guardian` of the tenant's row: what the Management API wrote. Absent members have Auth0's defaults. */
export interface StoredGuardian {
  readonly factors?: Readonly<Partial<Record<SupportedFactor, boolean>>>;
  readonly policies?: readonly string[];
  readonly roaming?: { readonly userVerification?: TenantFactors['keyVerification'] };
}

/**
 * Converts the tenant's stored settings. A policy asks nobody while no factor counts alone, because nobody could set one
 * up (ADR 0096).
 */
export function toTenantFactors({ factors = {}, policies = [], roaming = {} }: StoredGuardian): TenantFactors {
  const accepts = SUPPORTED_FACTORS.filter((name) => factors[name] === true);
  return {
    accepts,
    isRequired: policies.includes('all-applications') && canBeRequired(accepts),
    keyVerification: roaming.userVerification ?? 'discouraged',
  };
}

export type OrganizationMfa = 'none' | 'required' | 'required_unless_idp';

/** An organization's requirement of a second factor, and the factors that it accepts (empty: all of the tenant's). */
export interface SecondFactorRule {
  readonly rule: Exclude<OrganizationMfa, 'none'>;
  readonly accepts: readonly string[];
}

/** Converts the columns `mfa` and `mfa_factors` of an organization. */
export function toSecondFactor(mfa: unknown, accepts: unknown): { readonly secondFactor?: SecondFactorRule } {
  const rule = (mfa ?? 'none') as OrganizationMfa;
  return rule === 'none' ? {} : { secondFactor: { rule, accepts: (accepts ?? []) as string[] } };
}

/** The name under which settings list a stored factor: a passkey counts as a device that verifies the person. */
export function settingOf(kind: FactorKind): SupportedFactor {
  return kind === 'passkey' ? 'webauthn-platform' : kind;
}

/** Returns the factors that a login into this organization accepts; `accepted` is empty for all of the tenant's. */
export function acceptedFactors(
  { accepts }: Pick<TenantFactors, 'accepts'>,
  accepted: readonly string[] = [],
): readonly SupportedFactor[] {
  return accepts.filter((name) => accepted.length === 0 || name === 'recovery-code' || accepted.includes(name));
}

/**
 * The factors of operators. They do not depend on the switches of the tenant, which are for its customers: an operator
 * could switch off the factors of the others.
 */
export const OPERATOR_FACTORS: readonly SupportedFactor[] = [
  'webauthn-platform',
  'webauthn-roaming',
  'otp',
  'recovery-code',
];

/**
 * Returns the factors that count in a login into an organization: those of the tenant that the organization accepts. Those
 * of operators do not depend on the tenant's switches.
 */
export function factorsAcceptedBy(
  { factors }: { readonly factors: Pick<TenantFactors, 'accepts'> },
  organization: { readonly isOfOperators?: true; readonly secondFactor?: SecondFactorRule } | undefined,
): readonly SupportedFactor[] {
  const accepts = organization?.isOfOperators ? OPERATOR_FACTORS : factors.accepts;
  return acceptedFactors({ accepts }, organization?.secondFactor?.accepts);
}

/** True for a stored factor that counts alone on Auth0. A code by mail is asked for only beside one of these. */
export function isIndependent(kind: FactorKind): boolean {
  return kind !== 'passkey' && FACTORS[kind].isIndependent;
}

/** True for a factor that a person can sign in with: a recovery code and a code by mail only replace one. */
export const countsAlone = ({ kind }: { readonly kind: FactorKind }): boolean =>
  kind !== 'recovery-code' && kind !== 'email';

/** The factors without codes by mail: where the mailbox, or the company that runs it, is what has to be kept out. */
export function withoutMail(factors: readonly SupportedFactor[]): readonly SupportedFactor[] {
  return factors.filter((name) => name !== 'email');
}

/** True when people can be asked for one of these: at least one of them counts alone. */
export function canBeRequired(factors: readonly SupportedFactor[]): boolean {
  return factors.some((name) => FACTORS[name].isIndependent);
}
