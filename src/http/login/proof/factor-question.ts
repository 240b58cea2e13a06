/**
 * Puts a question for a second factor into the browser's transaction, with everything that the answer needs: the secret
 * of a new authenticator app and the challenge of an authenticator. Both stay sealed; neither is ever taken from a form.
 */
import { newSecret } from '../../../kernel/ids.js';
import type { LoginOutcome } from '../../../login/outcome.js';
import type { LoginTransaction, Waiting } from '../../browser/transactions.js';
import type { LoginRoutesDeps } from '../deps.js';
import { trimClaims } from './proof-mail.js';

export type FactorWaiting = Extract<Waiting, { readonly for: 'factor' }>;

/** Returns the transaction that waits for the person's answer. */
export function askForFactor(
  deps: Pick<LoginRoutesDeps, 'pipeline'>,
  transaction: LoginTransaction,
  { question, kept }: Extract<LoginOutcome, { readonly kind: 'factor' }>,
): LoginTransaction & { readonly waiting: FactorWaiting } {
  const { entropy, factorChecks } = deps.pipeline;
  const { upstream: _done, executions: _ran, ...rest } = transaction;
  const waiting = {
    for: 'factor',
    kept,
    question,
    questionId: newSecret(entropy),
    secret: factorChecks.newSecret(),
    challenge: newSecret(entropy),
    // All credentials of an account have one handle.
    userHandle: question.userHandle ?? newSecret(entropy),
  } as const;
  return { ...rest, waiting };
}

/** Leaves out long claims of the identity provider, if the transaction does not fit into its cookies. */
export function trimFactor(
  transaction: LoginTransaction & { readonly waiting: FactorWaiting },
): LoginTransaction & { readonly waiting: FactorWaiting } {
  const { waiting } = transaction;
  return { ...transaction, waiting: { ...waiting, kept: trimClaims(waiting.kept) } };
}
