/**
 * Offers a passkey to a person who is about to be admitted: after a password, at a sign-up, or after a passkey of another
 * device. Outside any transaction, before the commit, which writes the new passkey: a refused login leaves none. The person
 * may go on without one. Proves nothing and counts as no second factor.
 */
import { hasPrompt } from '../domain/authorization-request.js';
import type { Factor } from '../domain/factors/factor.js';
import { MOST_OF_A_KIND, newFactorId } from '../domain/factors/new-factor.js';
import { passkeysOf } from '../domain/factors/passkeys.js';
import type { ChallengeDeps } from './check-factor.js';
import type { FactorAgain, FactorAnswer, FactorQuestion } from './factor-stages.js';
import { userIdOf } from './kept.js';
import { factorsRevisionOf } from './second-factor.js';
import type { Admitted, Attempt, Kept } from './stages.js';
import type { Trace } from './trace.js';

interface Context {
  readonly attempt: Attempt;
  readonly kept: Kept;
  readonly trace: Trace;
}

type Reason = 'password' | 'sign_up' | 'another_device';

/**
 * Returns why the login may offer a passkey; undefined when it may not. Only for a credential of the account itself that
 * was given in this login. Attack: a company signs in as one of its people, or somebody finds an open session, and sets up
 * a way in of their own. An invited person first joins with a password, as on Auth0.
 */
export function findOffer(
  admitted: Admitted,
  { attempt, kept }: Pick<Context, 'attempt' | 'kept'>,
): Reason | undefined {
  const { proof, enablement, invitation, account } = admitted;
  const settings = passkeysOf(enablement.connection);
  const isOff = attempt.offersPasskey !== true || kept.offer !== undefined || hasPrompt(attempt.request, 'none');
  if (settings === undefined || isOff || kept.factor?.enrolled !== undefined) return undefined;
  if (proof.kind === 'sign_up') return invitation === undefined ? 'sign_up' : undefined;
  if (proof.kind !== 'account' || account.kind === 'new') return undefined;
  if (proof.passkey !== undefined)
    return proof.passkey.isElsewhere && settings.isOfferedHere ? 'another_device' : undefined;
  return proof.credential !== undefined && settings.isOfferedAfterPassword ? 'password' : undefined;
}

/**
 * True when an account with these factors may get a passkey now. Attack: somebody knows the password, and makes a passkey
 * that replaces the second factor which they do not have.
 */
function mayAdd(factors: readonly Factor[], reason: Reason, admitted: Admitted, kept: Kept): boolean {
  const { factor } = kept;
  const passkeys = factors.filter(({ kind }) => kind === 'passkey').length;
  if (reason === 'another_device') return passkeys < MOST_OF_A_KIND.passkey;
  const isOwn = factor?.userId === userIdOf(admitted, kept) && factor.revision === factorsRevisionOf(admitted);
  // Attack: somebody with the password and the mailbox makes a passkey, and needs neither of them from then on.
  const isStrong = isOwn && factor.kind !== undefined && factor.kind !== 'email';
  return factors.length === 0 || (passkeys === 0 && isStrong);
}

async function makePasskey(
  made: NonNullable<Extract<FactorAnswer['given'], { readonly by: 'offer' }>['made']>,
  context: Context,
  deps: ChallengeDeps,
): Promise<NonNullable<Kept['offer']> | FactorAgain> {
  const { response, challenge, userHandle } = made;
  const verdict = await deps.factorChecks.register({ response, challenge, mustVerify: true }, { userHandle });
  if (!verdict.ok) {
    context.trace.add('authenticate', 'passkey_offer', 'ask', { detail: verdict.detail });
    // Nothing is guessed here, so tries are not limited.
    return { kind: 'factor_again', triesLeft: 1 };
  }
  const id = newFactorId(deps.entropy, 'passkey');
  context.trace.add('authenticate', 'passkey_offer', 'pass', { enrols: 'passkey', factor: id });
  const publicKey = Buffer.from(verdict.credential.publicKey).toString('base64url');
  return { enrolled: { id, credential: { ...verdict.credential, publicKey } } };
}

/** Offers a passkey, or takes the answer. Returns the login's new state, or the question. */
export async function offer(
  { admitted, reason }: { readonly admitted: Admitted; readonly reason: Reason },
  context: Context,
  deps: ChallengeDeps,
): Promise<{ readonly kept: Kept } | FactorQuestion | FactorAgain> {
  const { attempt, kept, trace } = context;
  const userId = userIdOf(admitted, kept);
  const connectionId = admitted.enablement.connection.id;
  const hasNone = factorsRevisionOf(admitted) === 0;
  const { factors } = hasNone ? { factors: [] } : await deps.reads.findFactors({ userId, connectionId });
  const done = (answered: NonNullable<Kept['offer']>) => ({ kept: { ...kept, offer: answered } });
  if (!mayAdd(factors, reason, admitted, kept)) return done({});
  const given = attempt.factorAnswer?.given;
  if (given?.by === 'offer') {
    if (given.made === undefined) return done({ isPutOff: true });
    const made = await makePasskey(given.made, context, deps);
    return 'kind' in made ? made : done(made);
  }
  trace.add('authenticate', 'passkey_offer', 'ask', { after: reason });
  const userHandle = factors.find(({ credential }) => credential !== undefined)?.credential?.userHandle;
  return {
    kind: 'factor',
    ask: 'offer',
    userId,
    reason: 'passkey_offer',
    kinds: ['passkey'],
    canRemember: false,
    ...(userHandle !== undefined && { userHandle }),
  };
}
