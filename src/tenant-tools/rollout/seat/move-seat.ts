/**
 * Applies or rolls back the plan for one membership on its tenant. Every change is journaled before it is sent. After a crash
 * or a lost answer, the tenant itself says whether it was done, so running the command again has the same result.
 * Decides nothing that the plan does not say.
 */
import { type Json, RemoteError } from '../../remote/exchange.js';
import type { Endpoint } from '../../remote/tenant.js';
import type { Journal } from '../journal.js';
import { findBoundSubject, type SeatPlan } from './seat-plan.js';

interface SeatWork {
  readonly plan: SeatPlan;
  readonly remote: Endpoint;
  readonly journal: Journal;
}

/** How a move or its rollback ended; `already`: nothing was left to do. */
export interface SeatEnd {
  readonly end: 'done' | 'already';
  readonly identityId: string | undefined;
  /** The tenant's answer, if this run sent a request. */
  readonly answer: Json | undefined;
}

/** Thrown when the tenant is no longer as planned, or a person has to decide. Nothing was changed. */
export class SeatMoved extends Error {
  override name = 'SeatMoved';
  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

const userPath = ({ user_id: userId }: SeatPlan) => `/users/${encodeURIComponent(userId)}`;

/** Returns path and body of the request that moves the membership. */
export function toMoveCall(plan: SeatPlan): { readonly path: string; readonly body: Json } {
  const { connection, from, to, absorb_user_id: absorb } = plan;
  const identity = `${connection.strategy}/${encodeURIComponent(`${connection.name}|${from}`)}`;
  return {
    path: `${userPath(plan)}/identities/${identity}/move`,
    body: { ...to, ...(absorb !== undefined && { absorb_user_id: absorb }) },
  };
}

/**
 * Asks the tenant whether it would do the move (`dry_run`). Throws {@link RemoteError} with its reason where it would
 * not.
 */
export async function rehearseMove(plan: SeatPlan, remote: Endpoint): Promise<Json> {
  const { path, body } = toMoveCall(plan);
  return (await remote.ask(path, { ...body, dry_run: true })) as Json;
}

/** Finds the tenant's id of the moved identity; undefined where nothing is moved. */
async function findMoved({ plan, remote }: SeatWork): Promise<string | undefined> {
  const list = (await remote.get(`${userPath(plan)}/moved-identities`)) as readonly Json[];
  const found = list.find((one) => one.connection_id === plan.connection.id && one.subject === plan.from);
  return found === undefined ? undefined : String(found.identity_id);
}

async function checkGround({ plan, remote }: SeatWork): Promise<void> {
  const user = (await remote.find(userPath(plan))) as Json | undefined;
  const subject = user && findBoundSubject(user, plan.connection);
  if (subject === plan.from) return;
  throw new SeatMoved(
    user === undefined
      ? `${plan.user_id} is gone`
      : `${plan.user_id} is bound to ${subject ?? 'nothing'} at ${plan.connection.name}, and the plan says ${plan.from}`,
    'Make a new plan, in another file.',
  );
}

/**
 * Sends a change. If the tenant refused it, nothing was done, and the journal notes `ifRefused`. A change with an
 * unknown result keeps its mark in the journal.
 */
async function send({ plan, remote, journal }: SeatWork, path: string, body: Json, ifRefused: 'failed' | 'kept') {
  try {
    return (await remote.send('POST', path, body)) as Json;
  } catch (error) {
    if (error instanceof RemoteError && error.end === 'refused')
      await journal.append({ ids: [plan.user_id], mark: ifRefused, note: error.message });
    throw error;
  }
}

/** Moves the membership, at most once. Throws {@link SeatMoved}, and {@link RemoteError} with the tenant's reason. */
export async function applySeat(work: SeatWork): Promise<SeatEnd> {
  const { plan, journal } = work;
  const before = journal.standing(plan.user_id);
  if (before?.mark === 'undoing')
    throw new SeatMoved(
      'the move is being taken back',
      'Finish that with --rollback, or make a new plan in another file.',
    );
  const identityId = await findMoved(work);
  if (identityId !== undefined) {
    if (before?.mark !== 'begun' && before?.mark !== 'done' && before?.mark !== 'kept')
      throw new SeatMoved(
        `the membership of ${plan.email} was moved by somebody else already`,
        `GET /api/v2${userPath(plan)}/moved-identities says when, and by which client.`,
      );
    if (before.mark === 'begun') await journal.append({ ids: [plan.user_id], mark: 'done', data: { identityId } });
    return { end: 'already', identityId, answer: undefined };
  }
  if (before?.mark === 'done' || before?.mark === 'kept')
    throw new SeatMoved('the move was taken back by somebody else', 'Make a new plan, in another file.');
  await checkGround(work);
  await journal.append({ ids: [plan.user_id], mark: 'begun' });
  const { path, body } = toMoveCall(plan);
  const answer = await send(work, path, body, 'failed').catch(async (error: unknown) => {
    // An earlier run's request, whose answer was lost, may have finished after the check above.
    const found = before?.mark === 'begun' && error instanceof RemoteError ? await findMoved(work) : undefined;
    if (found === undefined) throw error;
    return { identity_id: found } satisfies Json;
  });
  const id = String(answer.identity_id);
  await journal.append({ ids: [plan.user_id], mark: 'done', data: { identityId: id } });
  return { end: 'done', identityId: id, answer };
}

/**
 * Restores the old identity; with `endNew` even if the new account has signed in meanwhile. Throws {@link SeatMoved}
 * where that needs a decision, and {@link RemoteError} with the tenant's reason.
 */
export async function rollBackSeat(work: SeatWork, endNew: boolean): Promise<SeatEnd> {
  const { plan, journal } = work;
  const before = journal.standing(plan.user_id);
  if (before === undefined || before.mark === 'undone' || before.mark === 'failed')
    return { end: 'already', identityId: undefined, answer: undefined };
  const identityId = await findMoved(work);
  if (identityId === undefined) {
    await journal.append({ ids: [plan.user_id], mark: 'undone', note: 'the membership is not moved' });
    return { end: 'already', identityId: undefined, answer: undefined };
  }
  await journal.append({ ids: [plan.user_id], mark: 'undoing' });
  try {
    const path = `${userPath(plan)}/moved-identities/${encodeURIComponent(identityId)}/restore`;
    const answer = await send(work, path, { end_new_identity: endNew }, 'kept');
    await journal.append({ ids: [plan.user_id], mark: 'undone' });
    return { end: 'done', identityId, answer };
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'bound_meanwhile')
      throw new SeatMoved(
        `${plan.email} has signed in with the new account since, and could not any more`,
        'Say --end-new to put the old account back all the same.',
      );
    throw error;
  }
}
