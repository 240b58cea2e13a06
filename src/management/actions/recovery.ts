/**
 * Recovery when an Action refuses everybody, even operators. A command with access to the database deploys an earlier
 * version of the Action again, or unbinds the Action from its trigger. Both run as operations of the Management API,
 * with their log lines; these name the person who ran the command.
 */
import { isTriggerId, TRIGGERS, type TriggerId } from '../../domain/actions/action.js';
import type { ActionKeeper, ByCommand, RunningAction } from '../../ports/action-keeper.js';
import type { ActionRecord, BindingRecord } from '../../ports/directory/actions.js';
import type { Directory, DirectoryStore } from '../../ports/directory.js';
import type { ManagementDeps } from '../api/deps.js';
import { ManagementError } from '../api/errors.js';
import { getOperation, runByCommand } from '../run-by-command.js';
import { actionBindingOperations } from './action-bindings.js';
import { LIMITS } from './action-body.js';
import { actionVersionOperations } from './action-versions.js';

type Deps = Pick<ManagementDeps, 'entropy' | 'checkAction'> & { readonly directory: DirectoryStore };

/** Subject of the log lines that these commands write. */
const SUBJECT = 'command|actions';
const FORMER = 3;
const DAY_MS = 86_400_000;
/** Codes of refusals and failures that an Action causes. */
const STOPPED = ['act.failed', 'act.denied', 'act.not_available', 'act.registration_denied', 'act.route'];
const MOST_LINES = 100;

/** Thrown when somebody changed the trigger's list of Actions while this unbinds one. Nothing is written then. */
class ChangedMeanwhile extends Error {
  override name = 'ChangedMeanwhile';
}

interface Stop {
  readonly actionId: string;
  readonly reason: string | undefined;
}

/** Returns the Actions that caused the refused sign-ins of the last day, newest first. */
async function listStops({ directory }: Deps, now: Date): Promise<readonly Stop[]> {
  const filter = { codes: STOPPED, from: new Date(now.getTime() - DAY_MS) };
  const { items } = await directory.logs.list(filter, { limit: MOST_LINES, newestFirst: true, count: false });
  return items.flatMap(({ details }) => {
    const [last] = (Array.isArray(details.actions) ? details.actions : []).slice(-1) as {
      reason?: string;
      results?: readonly { actionId?: string }[];
    }[];
    // The Actions of a trigger run in order, and a refusal ends the run. So the last report is that of the Action which
    // refused.
    const actionId = last?.results?.at(-1)?.actionId;
    return actionId === undefined ? [] : [{ actionId, reason: last?.reason?.split('\n', 1)[0] }];
  });
}

async function listOf(deps: Deps, trigger: TriggerId, stops: readonly Stop[]): Promise<readonly RunningAction[]> {
  const { items } = await deps.directory.actions.listBindings(trigger, { limit: LIMITS.bindings });
  const running: RunningAction[] = [];
  for (const { action } of items) {
    if (action.deployed === undefined) continue;
    const versions = await deps.directory.actions.listVersions(action.id, { limit: FORMER + 1 });
    const toFact = ({ number, createdAt }: { number: number; createdAt: Date }) => ({ number, deployedAt: createdAt });
    const own = stops.filter(({ actionId }) => actionId === action.id);
    running.push({
      trigger,
      id: action.id,
      name: action.name,
      version: toFact(action.deployed),
      former: versions.items.filter(({ id }) => id !== action.deployed?.id).map(toFact),
      stopped: own.length,
      lastReason: own[0]?.reason,
    });
  }
  return running;
}

const findAction = async ({ directory }: Deps, name: string): Promise<ActionRecord | undefined> =>
  (await directory.actions.findByName(name)) ?? (await directory.actions.find(name));

async function rollBack(deps: Deps, name: string, number: number, now: Date, { by }: ByCommand) {
  const action = await findAction(deps, name);
  if (action === undefined) return 'unknown_action' as const;
  const { items } = await deps.directory.actions.listVersions(action.id, { limit: LIMITS.versions });
  const version = items.find((one) => one.number === number);
  if (version === undefined) return 'unknown_version' as const;
  if (version.id === action.deployed?.id) return 'runs_already' as const;
  const operation = getOperation(actionVersionOperations(deps), 'post', '/deploy');
  const params = { actionId: action.id, id: version.id };
  try {
    const made = await runByCommand(deps, operation, { subject: SUBJECT, by, params, body: {}, now });
    return { number: Number(made.number) };
  } catch (error) {
    if (error instanceof ManagementError) return { refusal: error.message };
    throw error;
  }
}

const idsOf = (bindings: readonly BindingRecord[]) => bindings.map(({ id }) => id).join(' ');

/**
 * Returns a check that throws when the trigger's bindings are no longer `before`. Unbinding writes the whole list of
 * bindings: without the check it would drop an Action that somebody else bound meanwhile.
 */
function checkUnchanged(trigger: TriggerId, before: readonly BindingRecord[]) {
  return async ({ actions }: Directory): Promise<void> => {
    await actions.beginChange();
    const { items } = await actions.listBindings(trigger, { limit: LIMITS.bindings });
    if (idsOf(items) !== idsOf(before)) throw new ChangedMeanwhile('the order of Actions changed meanwhile');
  };
}

async function unbind(deps: Deps, name: string, now: Date, { by }: ByCommand) {
  const action = await findAction(deps, name);
  if (action === undefined) return 'unknown_action' as const;
  const trigger = (await deps.directory.actions.listTriggersOf(action.id)).find(isTriggerId);
  if (trigger === undefined) return 'not_bound' as const;
  const { items: before } = await deps.directory.actions.listBindings(trigger, { limit: LIMITS.bindings });
  const left = before.filter((binding) => binding.action.id !== action.id);
  const body = {
    bindings: left.map(({ id, displayName }) => ({
      ref: { type: 'binding_id', value: id },
      display_name: displayName,
    })),
  };
  const operation = getOperation(actionBindingOperations(deps), 'patch');
  const check = checkUnchanged(trigger, before);
  try {
    await runByCommand(deps, operation, { subject: SUBJECT, by, params: { triggerId: trigger }, body, now, check });
    return { trigger };
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return 'changed_meanwhile' as const;
    throw error;
  }
}

/**
 * Returns the commands' operations on Actions (ports/action-keeper.ts), except `close`. `now` returns the time of each
 * write.
 */
export function createActionKeeper(deps: Deps, now: () => Date): Omit<ActionKeeper, 'close'> {
  return {
    async list() {
      const stops = await listStops(deps, now());
      const all: RunningAction[] = [];
      for (const trigger of Object.keys(TRIGGERS).filter(isTriggerId))
        all.push(...(await listOf(deps, trigger, stops)));
      return all;
    },
    rollBack: (action, version, options) => rollBack(deps, action, version, now(), options),
    unbind: (action, options) => unbind(deps, action, now(), options),
  };
}
