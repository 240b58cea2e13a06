/**
 * `/users/{id}/authentication-methods`: the second factors and passkeys of a user. Those that are added here count at
 * once: the caller answers for them. Secrets never come back. Accounts of operators are kept by api/operators.ts.
 */
import type { FactorRecord } from '../../ports/directory/factors.js';
import type { ManagementDeps } from '../api/deps.js';
import { notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf } from '../api/wire.js';
import { checkName, checkNoPhone, type MethodBody, toAddedFactor } from './authentication-method-body.js';
import { METHOD } from './authentication-method-wire.js';
import { changeFactors, type LockedFactors, lockFactors, logFactor } from './factor-changes.js';
import { getUserId } from './user-of-path.js';

type Deps = Pick<ManagementDeps, 'entropy' | 'origin' | 'ticketBox'>;

function pick(call: Call, factors: readonly FactorRecord[]): FactorRecord {
  const found = factors.find(({ id }) => id === call.params.authentication_method_id);
  if (found === undefined) throw notFound('Authentication method not found.');
  return found;
}

async function list(call: Call): Promise<Reply> {
  const all = await call.directory.factors.list(await getUserId(call));
  const { offset = 0, limit } = call.paging.request;
  return { page: { items: all.slice(offset, offset + limit).map(METHOD.show), total: all.length } };
}

async function get(call: Call): Promise<Reply> {
  const factors = await call.directory.factors.list(await getUserId(call));
  return { body: METHOD.show(pick(call, factors)) };
}

/** Returns the factors with these ids, as they are stored now. */
async function readAgain(call: Call, { user }: LockedFactors, ids: readonly string[]) {
  const factors = await call.directory.factors.list(user.userId);
  return factors.filter(({ id }) => ids.includes(id)).map(METHOD.show);
}

async function add(deps: Deps, call: Call): Promise<Reply> {
  const locked = await lockFactors(call);
  const ground = { ...deps, user: locked.user, present: locked.factors };
  const factor = toAddedFactor(call.body as MethodBody, ground);
  const { mail } = await changeFactors(deps, call, locked, { add: [factor] });
  return { body: (await readAgain(call, locked, [factor.id]))[0], mail };
}

/** Replaces all: what the body does not name is removed, passkeys and recovery codes too, as on Auth0. */
async function replaceAll(deps: Deps, call: Call): Promise<Reply> {
  const locked = await lockFactors(call);
  const ground = { ...deps, user: locked.user, present: [] };
  const factors = (call.body as readonly MethodBody[]).map((body) => toAddedFactor(body, ground));
  const changes = { remove: locked.factors, add: factors, notice: 'reset' } as const;
  const { mail } = await changeFactors(deps, call, locked, changes);
  const ids = factors.map(({ id }) => id);
  return { body: await readAgain(call, locked, ids), mail };
}

async function rename(deps: Deps, call: Call): Promise<Reply> {
  const locked = await lockFactors(call);
  const factor = pick(call, locked.factors);
  const { name, ...rest } = call.body as Pick<MethodBody, 'name' | 'preferred_authentication_method'>;
  checkNoPhone(rest);
  checkName(name);
  if (name !== undefined && name !== factor.name) {
    await call.directory.factors.rename(locked.user.userId, factor.id, name);
    await logFactor(deps, call, 'gd_update_device_account', locked.user.userId, factor);
  }
  return { body: METHOD.show({ ...factor, name: name ?? factor.name }) };
}

async function remove(deps: Deps, call: Call): Promise<Reply> {
  const locked = await lockFactors(call);
  return changeFactors(deps, call, locked, { remove: [pick(call, locked.factors)] });
}

async function removeAll(deps: Deps, call: Call): Promise<Reply> {
  const locked = await lockFactors(call);
  return changeFactors(deps, call, locked, { remove: locked.factors, notice: 'reset' });
}

/** Returns the operations on `/users/{id}/authentication-methods`. */
export function authenticationMethodOperations(deps: Deps): Operation[] {
  const all = '/users/{id}/authentication-methods';
  const one = `${all}/{authentication_method_id}`;
  const refusals = [404, 409] as const;
  return [
    {
      method: 'get',
      path: all,
      summary: 'List the second factors and passkeys of a user',
      reply: METHOD.schema,
      list: { key: 'authenticators', checkpoint: false },
      refusals: [404],
      run: list,
    },
    {
      ...{ method: 'post', path: all, summary: 'Add a second factor or a passkey to a user' },
      ...{ status: 201, reply: METHOD.schema, refusals, run: (call) => add(deps, call) },
    },
    {
      ...{ method: 'put', path: all, summary: 'Replace the second factors and passkeys of a user' },
      ...{ reply: listOf(METHOD.schema), refusals, run: (call) => replaceAll(deps, call) },
    },
    {
      ...{ method: 'delete', path: all, summary: 'Remove all second factors and passkeys of a user' },
      ...{ refusals: [404], run: (call) => removeAll(deps, call) },
    },
    {
      ...{ method: 'get', path: one, summary: 'Get a second factor or a passkey of a user' },
      ...{ reply: METHOD.schema, refusals: [404], run: get },
    },
    {
      ...{ method: 'patch', path: one, summary: 'Rename a second factor or a passkey of a user' },
      ...{ reply: METHOD.schema, refusals: [404], run: (call) => rename(deps, call) },
    },
    {
      ...{ method: 'delete', path: one, summary: 'Remove a second factor or a passkey of a user' },
      ...{ refusals: [404], run: (call) => remove(deps, call) },
    },
  ];
}
