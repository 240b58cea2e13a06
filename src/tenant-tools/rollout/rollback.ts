/**
 * Rolls a plan back from its journal: settings that shut first, then the people, then settings that opened, so that at every instant the
 * password works. Undoes only what the journal says this plan began. Run again, it goes on where it was.
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
  /** People are taken back alone although a way to sign in of the plan stays shut on them. */
  readonly allowLockout: boolean;
  readonly onProgress: (done: number, total: number) => void;
  readonly isStopped: () => boolean;
}

export interface RollbackResult {
  /** People who signed in by SSO and wait for a decision. */
  readonly undecided: readonly Changed[];
  /** People who linked themselves since the plan was made, with the end of their identity: taken away, kept, or left to a decision. */
  readonly selfLinked: readonly (Pick<Changed, 'user_id' | 'email'> & {
    readonly end: 'undone' | 'kept' | 'undecided';
  })[];
  /** Settings that somebody changed since; they stay as they are. */
  readonly moved: readonly { readonly change: SettingChange; readonly now: unknown }[];
  readonly stopped: boolean;
}

/** People would be taken back alone, while a way to sign in that the plan shut stays shut. Nothing was done. */
export class DoorShut extends Error {
  override name = 'DoorShut';
}

/**
 * Taken back alone, a person has the password only; behind a closed way to sign in that is none. Throws {@link DoorShut}.
 */
async function checkDoors({ plan, tenant, place, journal, only, allowLockout }: RollbackOrder): Promise<void> {
  if (only === undefined || allowLockout) return;
  const ours = plan.head.settings.filter(({ id }) => journal.standing(`setting:${id}`)?.touched === true);
  const [door] = await findShutDoors(tenant, place, ours);
  if (door !== undefined)
    throw new DoorShut(`${door.id} is ${String(door.after)} by this plan: they could not sign in any more`);
}

/** People whom the plan changed, or may have changed, and who are not rolled back. */
export function chooseUndo(order: Pick<RollbackOrder, 'plan' | 'journal' | 'only' | 'used'>): readonly Changed[] {
  const chosen = (person: PlanPerson): boolean =>
    order.only === undefined || order.only.has(person.user_id ?? '') || order.only.has(person.email ?? '');
  return order.plan.people.filter(isChanged).filter((person) => {
    const standing = order.journal.standing(person.user_id);
    // People who were kept can still be undone when the operator says so now.
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
 * Rolls back as far as the order says: with `only`, people alone and no setting. Throws {@link DoorShut}, and what the tenant throws.
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
