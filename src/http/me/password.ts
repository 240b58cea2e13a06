/**
 * The password as a method of the My Account API, in the form of Auth0's document. It is changed after a fresh sign-in, with
 * a factor where the person has one; nobody gets a first password here.
 */
import { describePasswordFault } from '../../domain/passwords/password-policy.js';
import { findOwnPassword, finishPasswordChange, startPasswordChange } from '../../management/my-account/password.js';
import { toPasswordMethod, toPasswordPolicy } from '../../management/my-account/wire.js';
import { invalid } from '../problem.js';
import type { Call } from './call.js';
import { toProblem } from './problem.js';

/** The id of a change that is not finished. */
export const NEW_PASSWORD = 'password|new';

/** Returns the password as a method; undefined when the person has none. */
export async function readPassword({ deps, person }: Call) {
  return toPasswordMethod(person, await findOwnPassword(deps.own, person));
}

/** Starts a change of the password. `connection` and `identity_user_id` may only name the one that there is. */
export async function startPassword(call: Call, body: Readonly<Record<string, unknown>>) {
  const started = await startPasswordChange(call.deps.own, call.asker, call.person);
  if (!started.ok) throw toProblem(started.why);
  const { own, sealed } = started;
  const { userId } = call.person.user;
  if (body.connection !== undefined && body.connection !== own.connection.name)
    throw invalid('connection: the account has no password there.');
  if (body.identity_user_id !== undefined && body.identity_user_id !== userId)
    throw invalid('identity_user_id: the account has no such identity with a password.');
  return { id: NEW_PASSWORD, auth_session: sealed, policy: toPasswordPolicy(own) };
}

/** Takes the new password, and returns the method. */
export async function verifyPassword(call: Call, sealed: string, fresh: string) {
  const changed = await finishPasswordChange(call.deps.own, call.asker, sealed, fresh);
  if (changed.ok) return readPassword(call);
  const { why, fault } = changed;
  if (fault) throw invalid(`new_password: ${describePasswordFault(fault)}`);
  throw toProblem(why === 'limited' || why === 'weak' ? 'wrong' : why);
}
