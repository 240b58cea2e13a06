/**
 * Is the person told who they are about to be? Only where the address that they began with is not the one that the company's sign-in came
 * back with: a browser that is signed in there as somebody else would otherwise let them in as that person without a word. Decides nothing
 * about who may enter, and writes nothing.
 */

import { hasPrompt } from '../domain/authorization-request.js';
import { type Email, parseEmail } from '../domain/email.js';
import type { AddressQuestion, Attempt, Resolved } from './stages.js';
import type { Trace } from './trace.js';

/** The address that the IdP sent, in this login or before the organization was chosen. */
function assertedEmail({ proof }: Resolved, { credential }: Attempt): Email | undefined {
  if (proof.kind === 'identity') return parseEmail(proof.identity.email);
  return credential.kind === 'known' ? parseEmail(credential.assertedEmail) : undefined;
}

/** Only an IdP brings somebody else than was typed; a session brings nobody new, and a mailed code or a password was asked for by address. */
function comesFromIdp({ proof }: Resolved, { credential }: Attempt): boolean {
  if (proof.kind === 'identity') return proof.ownProof === undefined;
  return credential.kind === 'known' && credential.assertedEmail !== undefined;
}

/**
 * The question, or undefined where there is nothing to ask: the addresses are one when compared as canonical addresses, the address is that
 * of the account itself, or the person was told already. Under `prompt=none` nobody can be asked; with `id_token_hint` the application has
 * said whom it expects, and nobody else gets this far.
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
