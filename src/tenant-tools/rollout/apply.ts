/**
 * Applies a plan: first the settings of phase `open`, then the people, then those of phase `close`, which close sign-in
 * by password. Every change is journaled before it is sent. People whose state has changed since the plan are skipped
 * and reported (`strict`: everything stops). Running it again continues.
 */
import { RemoteError } from '../remote/exchange.js';
import { applySettings, GroundMoved, type MovedSetting } from './apply-settings.js';
import type { Journal, Standing } from './journal.js';
import { findLockouts, type Lockout } from './lockout.js';
import { digestOf, type Person } from './person.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { type Place, readSetting, type SettingChange } from './settings.js';
import type { RolloutTenant, Subject } from './tenant.js';
import { type Changed, isChanged } from './totals.js';

export interface ApplyOrder {
  readonly plan: Plan;
  readonly tenant: RolloutTenant;
  readonly place: Place;
  readonly journal: Journal;
  /** The only people to change (ids or addresses); undefined for all. */
  readonly only: ReadonlySet<string> | undefined;
  /** Maximum number of people to change in this run. */
  readonly limit: number | undefined;
  readonly strict: boolean;
  /** True to close sign-in by password even for people who joined since the plan was made. */
  readonly allowLockout: boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** True when the operator wants to stop: the current step is finished and journaled. */
  readonly isStopped: () => boolean;
}

export interface ApplyResult {
  /** Settings left for later, since some people are not done. */
  readonly later: readonly SettingChange[];
  /** Settings that somebody else changed: their value is neither the former nor the planned one. */
  readonly moved: readonly MovedSetting[];
  /** Settings that were not applied: they would lock out people whom the plan did not count. */
  readonly lockedOut: readonly Lockout[];
  readonly stopped: boolean;
}

const FINAL: ReadonlySet<string> = new Set(['done', 'kept']);

/** Returns the people of this run: changed by the plan, not done, and chosen. */
export function chooseWork(
  order: Pick<ApplyOrder, 'plan' | 'only' | 'limit'> & { readonly journal: Pick<Journal, 'standing'> },
): readonly Changed[] {
  const chosen = (person: PlanPerson): boolean =>
    order.only === undefined || order.only.has(person.user_id ?? '') || order.only.has(person.email ?? '');
  const open = order.plan.people
    .filter(isChanged)
    .filter((person) => chosen(person) && !FINAL.has(order.journal.standing(person.user_id)?.mark ?? ''));
  return order.limit === undefined ? open : open.slice(0, order.limit);
}

/** Returns why the plan no longer applies to this person; undefined where it does. */
function whyMoved(plan: Changed, now: Person, standing: Standing | undefined): string | undefined {
  // `now` may contain the effect of an earlier try of this plan, unfinished or rolled back, so it is not compared.
  if (standing?.touched === true) return undefined;
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
    if (standing?.touched === true && order.tenant.isPrepared(subject)) sorted.ready.push(now.userId);
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

/** Prepares one page of people and removes them from `open`. */
async function preparePage(order: ApplyOrder, sorted: Sorted, open: Map<string, Changed>, total: number) {
  const { tenant, journal } = order;
  const end = (ids: readonly string[]): void => {
    for (const id of ids) open.delete(id);
    order.onProgress(total - open.size, total);
  };
  await skip(order, sorted.moved);
  if (sorted.ready.length > 0) await journal.append({ ids: sorted.ready, mark: 'done' });
  end([...sorted.moved.map(({ id }) => id), ...sorted.ready]);
  for (const batch of inBatches(sorted.subjects, tenant.batch)) {
    if (order.isStopped()) return;
    await tenant.prepare(batch, journal);
    end(batch.map(({ plan }) => plan.user_id));
  }
}

async function preparePeople(order: ApplyOrder, work: readonly Changed[]): Promise<boolean> {
  const open = new Map(work.map((person) => [person.user_id, person]));
  const total = open.size;
  let last: Promise<void> = Promise.resolve();
  try {
    for await (const page of order.tenant.people(new Set(open.keys()))) {
      if (order.isStopped()) break;
      // The next page is read while the last one is written; only one page ahead, so that no read is outdated.
      await last;
      last = preparePage(order, sortPage(order, page, open), open, total);
      // The next await sees its failure; until then it must not count as an unhandled rejection.
      last.catch(() => undefined);
    }
  } finally {
    // Waits also when reading the list failed: nothing may be written after the journal is closed.
    await last.catch(() => undefined);
  }
  await last;
  if (order.isStopped()) return false;
  const gone = [...open.keys()].map((id) => ({ id, why: 'is no member of the organization any more' }));
  await skip(order, gone);
  return true;
}

/**
 * True when everybody of the plan is done. People who were skipped or failed have only the password, so sign-in by
 * password stays open.
 */
function nobodyWaits({ plan, journal }: ApplyOrder): boolean {
  return plan.people.filter(isChanged).every(({ user_id }) => {
    const mark = journal.standing(user_id)?.mark;
    return mark === 'done' || mark === 'kept';
  });
}

/**
 * Finds the settings that must not be applied because they would lock people out. Leaves out a setting that an earlier
 * run has applied and whose answer was lost.
 */
async function findLockoutsNow({
  plan,
  tenant,
  place,
  journal,
  allowLockout,
}: ApplyOrder): Promise<readonly Lockout[]> {
  if (allowLockout) return [];
  const doors: SettingChange[] = [];
  for (const change of plan.head.settings.filter(({ phase }) => phase === 'close')) {
    if ((await readSetting(tenant.remote, place, change.id)) !== change.after) doors.push(change);
  }
  const moved = plan.people.filter(isChanged).filter(({ user_id: id }) => journal.standing(id)?.mark === 'done');
  return findLockouts(plan, tenant, place, doors, new Set(moved.map(({ user_id: id }) => id)));
}

/** Closes sign-in by password, except where that would lock out a person who joined since the plan was made. */
async function shutDoors(order: ApplyOrder): Promise<Pick<ApplyResult, 'moved' | 'lockedOut'>> {
  const lockedOut = await findLockoutsNow(order);
  const [first] = lockedOut;
  if (first !== undefined && order.strict)
    throw new GroundMoved(`${first.change.id} would lock out ${first.people[0]?.email}, whom the plan did not count`);
  const left = new Set(lockedOut.map(({ change }) => change.id));
  return { moved: await applySettings(order, 'close', left), lockedOut };
}

/**
 * Applies the plan. If it throws, the access that only this work needed may still be open: the caller or the next run
 * closes it.
 */
async function carryOut(order: ApplyOrder): Promise<ApplyResult> {
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
  if (finished && nobodyWaits(order)) {
    const { moved, lockedOut } = await shutDoors(order);
    return { later: [], moved: [...opened, ...moved], lockedOut, stopped: false };
  }
  const shut = plan.head.settings.filter(({ phase }) => phase === 'close');
  const later = shut.filter(({ id }) => journal.standing(`setting:${id}`)?.mark !== 'done');
  return { later, moved: opened, lockedOut: [], stopped: !finished };
}

/**
 * Applies the plan as far as the order says. Throws {@link GroundMoved} under `strict`, and any error of the tenant.
 */
export async function applyPlan(order: ApplyOrder): Promise<ApplyResult> {
  try {
    return await carryOut(order);
  } catch (error) {
    // The tenant answers, so the access for the work is closed now, not at the next run. A tenant that does not answer
    // would not close it either.
    const isAnswered = error instanceof GroundMoved || (error instanceof RemoteError && error.end === 'refused');
    if (isAnswered) await order.tenant.close(order.journal).catch(() => undefined);
    throw error;
  }
}
