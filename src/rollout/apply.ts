/**
 * Applies a plan: settings that open, then the people, then settings that shut. Everything is journaled before it is sent. A person whose
 * state is not the plan's any more is skipped and reported (`strict`: everything stops). Run again, it goes on where it was.
 */
import type { Journal, Standing } from './journal.js';
import { digestOf, type Person } from './person.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { type Phase, type Place, readSetting, type SettingChange, writeSetting } from './settings.js';
import type { RolloutTenant, Subject } from './tenant.js';
import { type Changed, isChanged } from './totals.js';

export interface ApplyOrder {
  readonly plan: Plan;
  readonly tenant: RolloutTenant;
  readonly place: Place;
  readonly journal: Journal;
  /** Only these people (ids or addresses). */
  readonly only: ReadonlySet<string> | undefined;
  /** At most so many people in this run. */
  readonly limit: number | undefined;
  readonly strict: boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** True when the operator wants to stop: the step under way ends, and is journaled. */
  readonly isStopped: () => boolean;
}

export interface ApplyResult {
  /** Settings that were left, since people still wait. */
  readonly later: readonly SettingChange[];
  /** Settings that are neither as before nor as planned. */
  readonly moved: readonly { readonly change: SettingChange; readonly now: unknown }[];
  readonly stopped: boolean;
}

/** Stops an apply under `strict`. */
export class GroundMoved extends Error {
  override name = 'GroundMoved';
}

const FINAL: ReadonlySet<string> = new Set(['done', 'kept']);

/** People of this run: changed by the plan, not done, chosen. */
export function chooseWork(order: Pick<ApplyOrder, 'plan' | 'journal' | 'only' | 'limit'>): readonly Changed[] {
  const chosen = (person: PlanPerson): boolean =>
    order.only === undefined || order.only.has(person.user_id ?? '') || order.only.has(person.email ?? '');
  const open = order.plan.people
    .filter(isChanged)
    .filter((person) => chosen(person) && !FINAL.has(order.journal.standing(person.user_id)?.mark ?? ''));
  return order.limit === undefined ? open : open.slice(0, order.limit);
}

/** Applies the settings of `phase`; those that somebody else changed meanwhile are left and returned. */
async function applySettings(order: ApplyOrder, phase: Phase): Promise<ApplyResult['moved']> {
  const moved: { change: SettingChange; now: unknown }[] = [];
  for (const change of order.plan.head.settings.filter((one) => one.phase === phase)) {
    const id = `setting:${change.id}`;
    const mark = order.journal.standing(id)?.mark;
    const now = await readSetting(order.tenant.remote, order.place, change.id);
    if (mark === 'done' && now === change.after) continue;
    if (now !== change.before && !(mark === 'begun' && now === change.after)) {
      if (order.strict) throw new GroundMoved(`${change.id} is ${JSON.stringify(now)} by now`);
      if (now !== change.after) moved.push({ change, now });
      continue;
    }
    await order.journal.append({ ids: [id], mark: 'begun' });
    await writeSetting(order.tenant.remote, order.place, change.id, change.after);
    await order.journal.append({ ids: [id], mark: 'done' });
  }
  return moved;
}

/** Why the plan does not hold for this person any more; undefined where it does. */
function whyMoved(plan: Changed, now: Person, standing: Standing | undefined): string | undefined {
  // Its own change under way is part of the state that is read now.
  if (standing?.mark === 'begun' || standing?.mark === 'failed') return undefined;
  return plan.state === digestOf(now) ? undefined : 'changed since the plan was made';
}

interface Sorted {
  readonly subjects: Subject[];
  readonly ready: string[];
  readonly moved: { readonly id: string; readonly why: string }[];
}

function sortPage(order: ApplyOrder, page: readonly Person[], work: ReadonlyMap<string, Changed>): Sorted {
  const sorted: Sorted = { subjects: [], ready: [], moved: [] };
  for (const now of page) {
    const plan = work.get(now.userId);
    if (plan === undefined) continue;
    const standing = order.journal.standing(now.userId);
    const subject = { plan, now };
    const why = whyMoved(plan, now, standing);
    if (standing?.mark === 'begun' && order.tenant.isPrepared(subject)) sorted.ready.push(now.userId);
    else if (why !== undefined) sorted.moved.push({ id: now.userId, why });
    else sorted.subjects.push(subject);
  }
  return sorted;
}

function* inBatches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

async function skip(order: ApplyOrder, moved: Sorted['moved']): Promise<void> {
  const [first] = moved;
  if (first === undefined) return;
  if (order.strict) throw new GroundMoved(`${first.id} ${first.why}`);
  await order.journal.append({ ids: moved.map(({ id }) => id), mark: 'skipped', note: first.why });
}

async function preparePeople(order: ApplyOrder, work: readonly Changed[]): Promise<boolean> {
  const { tenant, journal } = order;
  const open = new Map(work.map((person) => [person.user_id, person]));
  const total = open.size;
  let last: Promise<void> = Promise.resolve();
  for await (const page of tenant.people(new Set(open.keys()))) {
    if (order.isStopped()) return false;
    const sorted = sortPage(order, page, open);
    // The next page is read while the last one is written; no more than that, so that what was read is never old.
    await last;
    last = (async () => {
      await skip(order, sorted.moved);
      if (sorted.ready.length > 0) await journal.append({ ids: sorted.ready, mark: 'done' });
      for (const batch of inBatches(sorted.subjects, tenant.batch)) {
        if (order.isStopped()) return;
        await tenant.prepare(batch, journal);
        for (const { plan } of batch) open.delete(plan.user_id);
        order.onProgress(total - open.size, total);
      }
      for (const { id } of sorted.moved) open.delete(id);
      for (const id of sorted.ready) open.delete(id);
      order.onProgress(total - open.size, total);
    })();
    // Its failure is seen at the next await; until then it must not count as unhandled.
    last.catch(() => undefined);
  }
  await last;
  if (order.isStopped()) return false;
  const gone = [...open.keys()].map((id) => ({ id, why: 'is no member of the organization any more' }));
  await skip(order, gone);
  return true;
}

/** True when nobody of the plan waits any more: everybody is done, or was skipped and reported. */
function nobodyWaits({ plan, journal }: ApplyOrder): boolean {
  return plan.people.filter(isChanged).every(({ user_id }) => {
    const mark = journal.standing(user_id)?.mark;
    return mark === 'done' || mark === 'kept';
  });
}

/** Applies the plan as far as the order says. Throws {@link GroundMoved} under `strict`, and what the tenant throws. */
export async function applyPlan(order: ApplyOrder): Promise<ApplyResult> {
  const { tenant, journal, plan } = order;
  const opened = await applySettings(order, 'open');
  const work = chooseWork(order);
  order.onProgress(0, work.length);
  let finished = true;
  if (work.length > 0) {
    await tenant.open(journal);
    finished = await preparePeople(order, work);
  }
  await tenant.close(journal);
  const shut = plan.head.settings.filter((change) => change.phase === 'close');
  const isLast = finished && nobodyWaits(order);
  const closed = isLast ? await applySettings(order, 'close') : [];
  const later = isLast ? [] : shut.filter((change) => journal.standing(`setting:${change.id}`)?.mark !== 'done');
  return { later, moved: [...opened, ...closed], stopped: !finished };
}
