/**
 * Rolls a plan back from its journal: settings that shut first, then the people, then settings that opened, so that at every instant the
 * password works. Undoes only what the journal says this plan began. Run again, it goes on where it was.
 */
import type { Journal } from './journal.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { type Phase, type Place, readSetting, type SettingChange, writeSetting } from './settings.js';
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
  readonly onProgress: (done: number, total: number) => void;
  readonly isStopped: () => boolean;
}

export interface RollbackResult {
  /** People who signed in by SSO and wait for a decision. */
  readonly undecided: readonly Changed[];
  /** Settings that somebody changed since; they stay as they are. */
  readonly moved: readonly { readonly change: SettingChange; readonly now: unknown }[];
  readonly stopped: boolean;
}

const STARTED: ReadonlySet<string> = new Set(['begun', 'done', 'failed', 'undoing']);

/** People whom the plan changed, or may have changed, and who are not rolled back. */
export function chooseUndo(order: Pick<RollbackOrder, 'plan' | 'journal' | 'only' | 'used'>): readonly Changed[] {
  const chosen = (person: PlanPerson): boolean =>
    order.only === undefined || order.only.has(person.user_id ?? '') || order.only.has(person.email ?? '');
  return order.plan.people.filter(isChanged).filter((person) => {
    const mark = order.journal.standing(person.user_id)?.mark ?? '';
    // People who were kept can still be undone when the operator says so now.
    return chosen(person) && (STARTED.has(mark) || (mark === 'kept' && order.used === 'undo'));
  });
}

async function undoSettings(order: RollbackOrder, phase: Phase): Promise<RollbackResult['moved']> {
  const moved: { change: SettingChange; now: unknown }[] = [];
  const changes = order.plan.head.settings.filter((one) => one.phase === phase).reverse();
  for (const change of changes) {
    const id = `setting:${change.id}`;
    const mark = order.journal.standing(id)?.mark;
    if (mark === undefined || mark === 'undone') continue;
    const now = await readSetting(order.tenant.remote, order.place, change.id);
    if (now !== change.after && now !== change.before) {
      moved.push({ change, now });
      continue;
    }
    await order.journal.append({ ids: [id], mark: 'undoing' });
    await writeSetting(order.tenant.remote, order.place, change.id, change.before);
    await order.journal.append({ ids: [id], mark: 'undone' });
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

/** Rolls back as far as the order says: with `only`, people alone and no setting. Throws what the tenant throws. */
export async function rollBack(order: RollbackOrder): Promise<RollbackResult> {
  const whole = order.only === undefined;
  const shut = whole ? await undoSettings(order, 'close') : [];
  const work = chooseUndo(order);
  order.onProgress(0, work.length);
  const finished = await undoPeople(order, work);
  await order.tenant.close(order.journal);
  const opened = whole && finished ? await undoSettings(order, 'open') : [];
  const undecided = work.filter((person) => {
    const mark = order.journal.standing(person.user_id)?.mark;
    return mark !== 'undone' && mark !== 'kept';
  });
  return { undecided: finished ? undecided : [], moved: [...shut, ...opened], stopped: !finished };
}
