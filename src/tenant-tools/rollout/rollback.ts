/**
 * Rolls a plan back by its journal: first the settings of phase `close`, then the people, then those of phase `open`,
 * so that the password works at every instant. Undoes only changes that the journal says this plan began. Running it
 * again continues.
 */
import type { Journal } from './journal.js';
import { findShutDoors } from './lockout.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { findSelfLinked } from './self-linked.js';
import { type Phase, type Place, readBeyond, type SettingChange, toRequests, writeSettings } from './settings.js';
import type { RolloutTenant, UsedDecision } from './tenant.js';
import { type Changed, isChanged } from './totals.js';

export interface RollbackOrder {
  readonly plan: Plan;
  readonly tenant: RolloutTenant;
  readonly place: Place;
  readonly journal: Journal;
  readonly only: ReadonlySet<string> | undefined;
  /** Decision about people who signed in by their new identity. */
  readonly used: UsedDecision;
  /**
   * True to roll back people without the settings, although a setting of the plan keeps their password sign-in closed.
   */
  readonly allowLockout: boolean;
  readonly onProgress: (done: number, total: number) => void;
  readonly isStopped: () => boolean;
}

export interface RollbackResult {
  /** People who signed in by SSO, so that the operator has to decide about them. */
  readonly undecided: readonly Changed[];
  /**
   * People who linked themselves since the plan was made, and the result for their identity: removed, kept, or
   * undecided.
   */
  readonly selfLinked: readonly (Pick<Changed, 'user_id' | 'email'> & {
    readonly end: 'undone' | 'kept' | 'undecided';
  })[];
  /** Settings that somebody changed since; they are left as they are. */
  readonly moved: readonly { readonly change: SettingChange; readonly now: unknown }[];
  readonly stopped: boolean;
}

/**
 * Thrown before anything is done: only some people (`only`) would be rolled back, while a setting of the plan keeps
 * their password sign-in closed.
 */
export class DoorShut extends Error {
  override name = 'DoorShut';
}

/**
 * Refuses to roll back people without the settings while sign-in by password is closed: they would have only the
 * password, which is then refused. Throws {@link DoorShut}.
 */
async function checkDoors({ plan, tenant, place, journal, only, allowLockout }: RollbackOrder): Promise<void> {
  if (only === undefined || allowLockout) return;
  const ours = plan.head.settings.filter(({ id }) => journal.standing(`setting:${id}`)?.touched === true);
  const [door] = await findShutDoors(tenant, place, ours);
  if (door !== undefined)
    throw new DoorShut(`${door.id} is ${String(door.after)} by this plan: they could not sign in any more`);
}

/**
 * Returns the people to roll back: those whom the plan changed, or may have changed, and who are not rolled back yet.
 * People whom an earlier rollback kept count only with `--used undo`.
 */
export function chooseUndo(order: Pick<RollbackOrder, 'plan' | 'journal' | 'only' | 'used'>): readonly Changed[] {
  const chosen = (person: PlanPerson): boolean =>
    order.only === undefined || order.only.has(person.user_id ?? '') || order.only.has(person.email ?? '');
  return order.plan.people.filter(isChanged).filter((person) => {
    const standing = order.journal.standing(person.user_id);
    const isOpen = standing?.touched === true && (standing.mark !== 'kept' || order.used === 'undo');
    return isOpen && chosen(person);
  });
}

async function undoSettings(order: RollbackOrder, phase: Phase): Promise<RollbackResult['moved']> {
  const { journal, place } = order;
  const { remote } = order.tenant;
  const ready: SettingChange[] = [];
  const moved: { change: SettingChange; now: unknown }[] = [];
  for (const change of order.plan.head.settings.filter((one) => one.phase === phase).reverse()) {
    if (journal.standing(`setting:${change.id}`)?.touched !== true) continue;
    const now = await readBeyond(remote, place, change.id, change.before);
    if (now === change.after || now === change.before) ready.push(change);
    else moved.push({ change, now });
  }
  for (const changes of toRequests(ready)) {
    const ids = changes.map(({ id }) => `setting:${id}`);
    const keepsList = ids.every((id) => journal.standing(id)?.data.listed !== false);
    await journal.append({ ids, mark: 'undoing' });
    const writes = changes.map(({ id, before }) => ({ id, value: before }));
    await writeSettings(remote, place, writes, { keepsList });
    await journal.append({ ids, mark: 'undone' });
  }
  return moved;
}

async function undoPeople(order: RollbackOrder, work: readonly Changed[]): Promise<boolean> {
  const { tenant, journal } = order;
  for (let at = 0; at < work.length; at += tenant.batch) {
    if (order.isStopped()) return false;
    await tenant.undo(work.slice(at, at + tenant.batch), journal, order.used);
    order.onProgress(Math.min(at + tenant.batch, work.length), work.length);
  }
  return true;
}

/**
 * Rolls back as far as the order says; with `only`, only these people and no setting. Throws {@link DoorShut}, and any
 * error of the tenant.
 */
export async function rollBack(order: RollbackOrder): Promise<RollbackResult> {
  await checkDoors(order);
  const whole = order.only === undefined;
  const linked = await findSelfLinked(order);
  const shut = whole ? await undoSettings(order, 'close') : [];
  const work = chooseUndo(order);
  order.onProgress(0, work.length);
  const finished = await undoPeople(order, work);
  if (finished) await order.tenant.undoLinked(linked, order.journal, order.used);
  await order.tenant.close(order.journal);
  const opened = whole && finished ? await undoSettings(order, 'open') : [];
  const undecided = work.filter((person) => {
    const mark = order.journal.standing(person.user_id)?.mark;
    return mark !== 'undone' && mark !== 'kept';
  });
  const selfLinked = linked.map(({ user_id, email }) => ({ user_id, email, end: endOf(order.journal, user_id) }));
  return { undecided: finished ? undecided : [], selfLinked, moved: [...shut, ...opened], stopped: !finished };
}

function endOf(journal: Journal, id: string): 'undone' | 'kept' | 'undecided' {
  const mark = journal.standing(id)?.mark;
  return mark === 'undone' || mark === 'kept' ? mark : 'undecided';
}
