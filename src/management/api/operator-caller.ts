/**
 * The operator behind a person's token, as they are at this moment (ADR 0062): asked when the request arrives, and once more when it is done.
 * Reads only; knows no operation.
 */

import type { OperatorStanding, OperatorToken } from '../../ports/directory/operators.js';
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

function scopesOf({ scopes }: Bearer, { scopes: permitted }: OperatorStanding): ReadonlySet<string> {
  return new Set(scopes.has(ROLES_SCOPE) ? permitted : permitted.filter((scope) => scopes.has(scope)));
}

/**
 * The operator with those scopes of their token that their roles permit and their application was granted at this moment. Attack stopped here:
 * privilege escalation by a person, who may ask for any scope of any API at /authorize. So a token opens nothing by what it says: it has to be
 * of the operators' organization, and its person a member of it now.
 */
export async function asOperatorNow(deps: Deps, bearer: Bearer): Promise<Caller | undefined> {
  const token = toToken(deps, bearer);
  const standing = token && (await deps.directory.operators.findStanding(token));
  if (standing === undefined) return undefined;
  const { email, name } = standing;
  const { clientId, subject } = bearer;
  return { clientId, subject, scopes: scopesOf(bearer, standing), person: { email, name } };
}

/**
 * Throws 403 where the operator has lost a scope since `caller` was read. `write`: in the transaction of `directory`, whose end their removal
 * waits for. Attack stopped here: an operator who expects to be removed sends the body of an invitation for themselves slowly, byte by byte, and
 * ends it after their removal.
 */
export async function checkStillOperator(
  deps: Pick<Deps, 'origin'>,
  { directory, purpose }: { readonly directory: Pick<Directory, 'operators'>; readonly purpose: 'read' | 'write' },
  bearer: Bearer,
  caller: Caller,
): Promise<void> {
  const token = toToken(deps, bearer);
  const { operators } = directory;
  const standing =
    token && (await (purpose === 'write' ? operators.holdStanding(token) : operators.findStanding(token)));
  const held = standing && scopesOf(bearer, standing);
  if (held !== undefined && [...caller.scopes].every((scope) => held.has(scope))) return;
  throw new ManagementError(
    403,
    'Your rights as an operator were taken or changed while this request was on its way. Nothing was done.',
    'insufficient_scope',
  );
}
