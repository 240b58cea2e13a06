/**
 * Runs the tenant's Actions for a typed address (`login-post-identifier`), before home realm discovery. Does nothing if
 * no Action is bound. Discards an organization that an Action chose when the person types another address.
 */
import type { FastifyReply } from 'fastify';
import type { Email } from '../../domain/people/email.js';
import type { OrganizationConnection } from '../../domain/tenant.js';
import { keepExecutions } from '../../login/kept.js';
import { isRefusal, type Refusal } from '../../login/refusals.js';
import type { ActionExecution, Identified } from '../../login/stages.js';
import { askRoute, findRouted } from '../../login/tenant-code/route-actions.js';
import { newTrace, type Trace } from '../../login/trace.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { newAttempt, refuseHere } from './outcome.js';
import { findIdentified, type Step } from './step.js';

export interface Routed {
  readonly transaction: LoginTransaction;
  readonly identified: Identified;
  /** The connection that an Action chose; when undefined, home realm discovery decides. */
  readonly chosen: OrganizationConnection | undefined;
}

/** Returns the transaction without the organization or the database that an Action chose. */
function forgetRoute({ routed, database: _database, ...transaction }: LoginTransaction): LoginTransaction {
  if (routed !== true) return transaction;
  const { organizationId: _chosen, ...rest } = transaction;
  return rest;
}

function refuseRoute(
  { request, reply, deps }: Step,
  routed: Omit<Routed, 'chosen'>,
  no: { readonly refusal: Refusal; readonly trace: Trace; readonly executions: readonly ActionExecution[] },
): Promise<FastifyReply> {
  const { transaction, identified } = routed;
  const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
  return refuseHere(request, reply, deps, { attempt, transaction, identified, ...no });
}

/** Asks the tenant's Actions which connection this address uses. Returns undefined when an answer was sent already. */
export async function routeAddress(step: Step, typed: LoginTransaction, email: Email): Promise<Routed | undefined> {
  const { request, reply, deps } = step;
  const transaction = forgetRoute(typed);
  const identified = typed.routed === true ? await findIdentified(request, reply, deps, transaction) : step.identified;
  if (identified === undefined) return undefined;
  const trace = newTrace({ email });
  const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
  const asked = await askRoute(identified, email, { attempt, trace }, deps.pipeline);
  if (asked === undefined) return { transaction, identified, chosen: undefined };
  const { answer } = asked;
  const executions = [...(transaction.executions ?? []), ...asked.executions];
  if (isRefusal(answer)) {
    await refuseRoute(step, { transaction, identified }, { refusal: answer, trace, executions });
    return undefined;
  }
  const { organizationId, connection } = answer;
  const told = { ...transaction, executions: keepExecutions(executions) };
  const moved = organizationId === undefined ? told : { ...told, organizationId, routed: true };
  const entered = organizationId === undefined ? identified : await findIdentified(request, reply, deps, moved);
  if (entered === undefined) return undefined;
  const chosen = connection === undefined ? undefined : findRouted(entered, connection);
  if (chosen !== undefined && isRefusal(chosen)) {
    await refuseRoute(step, { transaction: moved, identified: entered }, { refusal: chosen, trace, executions });
    return undefined;
  }
  return { transaction: moved, identified: entered, chosen };
}
