/**
 * Reads what a company's identity provider says about a second factor: the claim `amr` of its signed answer (RFC 8176).
 * Pure. Says nothing about whether an organization believes it.
 */
import type { ExternalIdentity } from '../domain/people/account.js';
import type { Resolved } from './stages.js';
import { believesClaims } from './vouching.js';

/** The methods of RFC 8176 that count as one proof each; two different ones are a second factor. */
const METHODS = new Set(['pwd', 'otp', 'hwk', 'swk', 'sms', 'tel', 'fpt', 'face', 'iris', 'vbm', 'pin', 'kba', 'sc']);

/** True if the claims say `mfa`, or two different methods. A claim that was dropped for the cookie says nothing. */
export function saysSecondFactor({ claims, claimsCut }: Pick<ExternalIdentity, 'claims' | 'claimsCut'>): boolean {
  if (claimsCut?.includes('amr')) return false;
  const names = (Array.isArray(claims.amr) ? claims.amr : []).filter((name) => typeof name === 'string');
  return names.includes('mfa') || new Set(names.filter((name) => METHODS.has(name))).size > 1;
}

/**
 * True when the company's identity provider says, in the signed answer of this login, that the person passed a second
 * factor there. The answer may have come before the person chose the organization, or proved their account.
 */
export function passedAtCompany(
  resolved: Pick<Resolved, 'proof' | 'enablement' | 'organization' | 'assertedBy'>,
): boolean {
  const { proof } = resolved;
  if (!believesClaims(resolved)) return false;
  if (proof.kind === 'identity') return saysSecondFactor(proof.identity);
  return proof.kind === 'account' && proof.by === 'known' && proof.passedFactor === true;
}
