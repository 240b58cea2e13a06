/**
 * Decides whether the person must be told which address they are signing in with: yes, when they typed one address and
 * the company's sign-in returned another. Otherwise a browser that is signed in at the company as somebody else would
 * sign the person in as that other one, unnoticed. Admits nobody and writes nothing.
 */

import { hasPrompt } from '../domain/authorization-request.js';
import { type Email, parseEmail } from '../domain/people/email.js';
import type { AddressQuestion, Attempt, Resolved } from './stages.js';
import type { Trace } from './trace.js';

/** Returns the address that the IdP sent, in this request or before the organization was chosen. */
function assertedEmail({ proof }: Resolved, { credential }: Attempt): Email | undefined {
  if (proof.kind === 'identity') return parseEmail(proof.identity.email);
  return credential.kind === 'known' ? parseEmail(credential.assertedEmail) : undefined;
}

/**
 * True when an IdP named the person: only then can it be somebody else than the typed address says. Codes and passwords
 * are tied to an address, and a session names nobody new.
 */
function comesFromIdp({ proof }: Resolved, { credential }: Attempt): boolean {
  if (proof.kind === 'identity') return proof.ownProof === undefined;
  return credential.kind === 'known' && credential.assertedEmail !== undefined;
}

/**
 * Returns the question, or undefined when none is needed: equal canonical addresses, the account's own address was
 * typed, or the person has already seen the question. Under `prompt=none` nobody can be asked. With `id_token_hint` the
 * application has named the expected user, and any other was refused before.
 */
export function findAddressQuestion(resolved: Resolved, attempt: Attempt, trace: Trace): AddressQuestion | undefined {
  const { account, enablement } = resolved;
  const { request } = attempt;
  if (!comesFromIdp(resolved, attempt) || hasPrompt(request, 'none') || request.hintedUserId !== undefined)
    return undefined;
  const typed = parseEmail(attempt.typed);
  const own = account.kind === 'existing' ? account.candidate.account.email : account.email;
  const cameBack = assertedEmail(resolved, attempt) ?? own;
  if (typed === undefined || cameBack === undefined || typed === cameBack || typed === own) return undefined;
  const told = attempt.told === true;
  trace.add('authenticate', 'typed_address', told ? 'pass' : 'ask', { typed, came_back: cameBack });
  if (told) return undefined;
  const { connection } = enablement;
  return { kind: 'confirm', typed, cameBack, connection };
}
