/**
 * The operator behind a person's token, with their current rights (ADR 0062). The rights are read when the request
 * arrives, and again when its body is complete. Reads only; knows no operation.
 */

import type { OperatorAccess, OperatorToken } from '../../ports/directory/operators.js';
import type { Directory } from '../../ports/directory.js';
import { ROLES_SCOPE } from '../additions.js';
import { managementAudience } from './audience.js';
import type { Bearer, Caller, ManagementDeps } from './deps.js';
import { ManagementError } from './errors.js';

type Deps = Pick<ManagementDeps, 'directory' | 'origin'>;

function toToken({ origin }: Pick<Deps, 'origin'>, bearer: Bearer): OperatorToken | undefined {
  const { clientId, subject: userId, organizationId } = bearer;
  return organizationId === undefined
    ? undefined
    : { userId, organizationId, clientId, audience: managementAudience(origin) };
}

function scopesOf({ scopes }: Bearer, { scopes: permitted }: OperatorAccess): ReadonlySet<string> {
  return new Set(scopes.has(ROLES_SCOPE) ? permitted : permitted.filter((scope) => scopes.has(scope)));
}

/**
 * Returns the operator with those scopes of their token that their roles permit and that their application is granted
 * now; undefined for anybody else. Attack: privilege escalation by a person, since anybody may request any scope of any
 * API at /authorize. So the claims of a token alone give no rights: it must name the operators' organization, and the
 * person must be a current member.
 */
export async function asOperatorNow(deps: Deps, bearer: Bearer): Promise<Caller | undefined> {
  const token = toToken(deps, bearer);
  const access = token && (await deps.directory.operators.findAccess(token));
  if (access === undefined) return undefined;
  const { email, name } = access;
  const { clientId, subject } = bearer;
  return { clientId, subject, scopes: scopesOf(bearer, access), person: { email, name } };
}

/**
 * Throws 403 when the operator has lost a scope since `caller` was determined. With `purpose: 'write'` it runs in the
 * transaction of `directory`, and the operator's removal has to wait until that transaction is finished. Attack: an
 * operator who expects to be removed sends the body of an invitation for themselves slowly, byte by byte, and completes
 * it after their removal.
 */
export async function checkStillOperator(
  deps: Pick<Deps, 'origin'>,
  { directory, purpose }: { readonly directory: Pick<Directory, 'operators'>; readonly purpose: 'read' | 'write' },
  bearer: Bearer,
  caller: Caller,
): Promise<void> {
  const token = toToken(deps, bearer);
  const { operators } = directory;
  const access = token && (await (purpose === 'write' ? operators.holdAccess(token) : operators.findAccess(token)));
  const held = access && scopesOf(bearer, access);
  if (held !== undefined && [...caller.scopes].every((scope) => held.has(scope))) return;
  throw new ManagementError(
    403,
    'Your rights as an operator were taken or changed while this request was on its way. Nothing was done.',
    'insufficient_scope',
  );
}
