/**
 * Auth0's older operations on the second factors of a user: resets, enrollments, the recovery code and remembered
 * browsers. Where Auth0's scope is `update:users` alone, the scope for factors is needed as well.
 */
import { hashRecoveryCode, newFactorId, newRecoveryCode } from '../../domain/factors/new-factor.js';
import type { FactorRecord } from '../../ports/directory/factors.js';
import type { ManagementDeps } from '../api/deps.js';
import { insufficientScopes, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkAccounts } from '../api/operators.js';
import { listOf, present, replyOf } from '../api/wire.js';
import { ENROLLMENT, idsOfDevice, isEnrollment } from './authentication-method-wire.js';
import { changeFactors, lockFactors } from './factor-changes.js';
import { getUserId } from './user-of-path.js';

type Deps = Pick<ManagementDeps, 'entropy' | 'origin' | 'ticketBox'>;

const noEnrollment = () => notFound('Enrollment not found.');

/**
 * Throws 403 for a caller who may change users but not their factors. Attack: a client with `update:users` sets a
 * password, which it may, and then takes away the factor that still protects the account, or gets a recovery code.
 */
function checkMayChangeFactors({ caller }: Call, scope: string): void {
  const needed = ['update:users', scope];
  if (!needed.every((one) => caller.scopes.has(one))) throw insufficientScopes(needed);
}

async function removeSome(deps: Deps, call: Call, isChosen: (factor: FactorRecord) => boolean): Promise<Reply> {
  const locked = await lockFactors(call);
  return changeFactors(deps, call, locked, { remove: locked.factors.filter(isChosen) });
}

/** Removes the second factors, as Auth0's reset of MFA does. A passkey replaces the password, so it stays. */
async function removeAuthenticators(deps: Deps, call: Call): Promise<Reply> {
  const locked = await lockFactors(call);
  const remove = locked.factors.filter(({ kind }) => kind !== 'passkey');
  return changeFactors(deps, call, locked, { remove, notice: 'reset' });
}

async function listEnrollments(call: Call): Promise<Reply> {
  const factors = await call.directory.factors.list(await getUserId(call));
  return { body: factors.filter(isEnrollment).map(ENROLLMENT.show) };
}

async function renewRecoveryCode(deps: Deps, call: Call): Promise<Reply> {
  checkMayChangeFactors(call, 'create:authentication_methods');
  const locked = await lockFactors(call);
  if (!locked.factors.some(isEnrollment)) throw noEnrollment();
  const code = newRecoveryCode(deps.entropy);
  const id = newFactorId(deps.entropy, 'recovery-code');
  const { mail } = await changeFactors(deps, call, locked, {
    remove: locked.factors.filter(({ kind }) => kind === 'recovery-code'),
    add: [{ id, kind: 'recovery-code', codeHash: hashRecoveryCode(code) }],
    notice: 'recovery_code',
  });
  return { body: { recovery_code: code }, mail };
}

async function removeProvider(deps: Deps, call: Call): Promise<Reply> {
  checkMayChangeFactors(call, 'delete:authentication_methods');
  // Nobody has the other provider, Duo: there is nothing to remove.
  const isOfProvider = ({ kind }: FactorRecord) => call.params.provider === 'google-authenticator' && kind === 'otp';
  return removeSome(deps, call, isOfProvider);
}

/** Returns the account of the enrollment in the path, and the ids that its factor may have. Throws 404. */
async function findEnrolled({ directory, params }: Call) {
  const ids = idsOfDevice(params.id ?? '');
  const userId = await directory.factors.findAccount(ids);
  if (userId === undefined) throw noEnrollment();
  return { userId, isChosen: (factor: FactorRecord) => ids.includes(factor.id) && isEnrollment(factor) };
}

async function getEnrollment(call: Call): Promise<Reply> {
  const { userId, isChosen } = await findEnrolled(call);
  const factor = (await call.directory.factors.list(userId)).find(isChosen);
  if (factor === undefined) throw noEnrollment();
  const { id, status, name, enrolled_at, last_auth } = ENROLLMENT.show(factor);
  return { body: present({ id, status, name, enrolled_at, last_auth }), log: { userId } };
}

async function removeEnrollment(deps: Deps, call: Call): Promise<Reply> {
  const { userId, isChosen } = await findEnrolled(call);
  // The path names no user, so the guard of operators does not see whose factor this is.
  await checkAccounts(deps, call, [userId]);
  const locked = await lockFactors(call, userId);
  const remove = locked.factors.filter(isChosen);
  if (remove.length === 0) throw noEnrollment();
  return { ...(await changeFactors(deps, call, locked, { remove })), log: { userId } };
}

const { auth_method: _method, type: _type, ...SHORT } = ENROLLMENT.schema.properties;

/** Returns the operations on `/guardian/enrollments/{id}`: an enrollment without its user. */
function enrollmentOperations(deps: Deps): Operation[] {
  const path = '/guardian/enrollments/{id}';
  return [
    {
      method: 'get',
      path,
      summary: 'Get an enrollment',
      reply: { ...ENROLLMENT.schema, required: ['id', 'status', 'enrolled_at'], properties: SHORT },
      refusals: [404],
      run: getEnrollment,
    },
    {
      method: 'delete',
      path,
      summary: 'Remove an enrollment',
      refusals: [404],
      run: (call) => removeEnrollment(deps, call),
    },
  ];
}

/** Returns the operations. */
export function factorResetOperations(deps: Deps): Operation[] {
  return [
    ...enrollmentOperations(deps),
    {
      method: 'delete',
      path: '/users/{id}/authenticators',
      summary: 'Remove all second factors of a user',
      refusals: [404],
      run: (call) => removeAuthenticators(deps, call),
    },
    {
      method: 'get',
      path: '/users/{id}/enrollments',
      summary: 'List the confirmed enrollments of a user',
      reply: listOf(ENROLLMENT.schema),
      refusals: [404],
      run: listEnrollments,
    },
    {
      method: 'delete',
      path: '/users/{id}/multifactor/{provider}',
      summary: 'Remove the second factor of a provider from a user',
      refusals: [404],
      run: (call) => removeProvider(deps, call),
    },
    {
      method: 'post',
      path: '/users/{id}/multifactor/actions/invalidate-remember-browser',
      summary: 'Forget the remembered browsers of a user',
      status: 204,
      refusals: [404],
      async run(call) {
        await call.directory.factors.forgetBrowsers((await lockFactors(call)).user.userId);
        return {};
      },
    },
    {
      method: 'post',
      path: '/users/{id}/recovery-code-regeneration',
      summary: 'Replace the recovery code of a user',
      status: 200,
      reply: replyOf({ recovery_code: 'string' }),
      refusals: [404],
      run: (call) => renewRecoveryCode(deps, call),
    },
  ];
}
