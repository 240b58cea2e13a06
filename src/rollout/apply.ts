/**
 * Applies a plan: settings that open, then the people, then settings that shut. Everything is journaled before it is sent. A person whose
 * state is not the plan's any more is skipped and reported (`strict`: everything stops). Run again, it goes on where it was.
 */
import type { Journal, Standing } from './journal.js';
import { digestOf, type Person } from './person.js';
import type { Plan, PlanPerson } from './plan-file.js';
import {
  hasAliases,
  type Phase,
  type Place,
  readBeyond,
  readSetting,
  type SettingChange,
  toRequests,
  writeSettings,
} from './settings.js';
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

interface Judged {
  readonly ready: readonly SettingChange[];
  readonly moved: ApplyResult['moved'];
}

/** Which settings of `phase` are to be written; those that somebody else changed meanwhile are told apart. */
async function judgeSettings({ plan, journal, tenant, place, strict }: ApplyOrder, phase: Phase): Promise<Judged> {
  const ready: SettingChange[] = [];
  const moved: { change: SettingChange; now: unknown }[] = [];
  for (const change of plan.head.settings.filter((one) => one.phase === phase)) {
    const standing = journal.standing(`setting:${change.id}`);
    const now =
      standing?.mark === 'done'
        ? await readSetting(tenant.remote, place, change.id)
        : await readBeyond(tenant.remote, place, change.id, change.after);
    if (now === change.after && standing?.touched !== true) continue;
    if (now === change.after && standing?.mark === 'done') continue;
    if (now === change.before || now === change.after) ready.push(change);
    else if (strict) throw new GroundMoved(`${change.id} is ${JSON.stringify(now)} by now`);
    else moved.push({ change, now });
  }
  return { ready, moved };
}

/** Applies the settings of `phase`; those that somebody else changed meanwhile are left and returned. */
async function applySettings(order: ApplyOrder, phase: Phase): Promise<ApplyResult['moved']> {
  const { journal, place } = order;
  const { remote } = order.tenant;
  const { ready, moved } = await judgeSettings(order, phase);
  for (const changes of toRequests(ready)) {
    const ids = changes.map(({ id }) => `setting:${id}`);
    const isList = changes.some(({ id }) => id.startsWith('alias:'));
    // How it was before the first of these writes, which may have been sent by an earlier run.
    const isFirst = ids.every((id) => journal.standing(id)?.touched !== true);
    const data = isList && isFirst ? { data: { listed: await hasAliases(remote, place) } } : {};
    await journal.append({ ids, mark: 'begun', ...data });
    await writeSettings(
      remote,
      place,
      changes.map(({ id, after }) => ({ id, value: after })),
    );
    await journal.append({ ids, mark: 'done' });
  }
  return moved;
}

/** Why the plan does not hold for this person any more; undefined where it does. */
function whyMoved(plan: Changed, now: Person, standing: Standing | undefined): string | undefined {
  // A change of this plan that is under way, or was given up on the way back, is part of the state that is read now.
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

/** Does a page, and takes its people out of `open`. */
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
      // The next page is read while the last one is written; no more than that, so that what was read is never old.
      await last;
      last = preparePage(order, sortPage(order, page, open), open, total);
      // Its failure is seen at the next await; until then it must not count as unhandled.
      last.catch(() => undefined);
    }
  } finally {
    // Also when the list broke off: nothing may be written after the journal is closed.
    await last.catch(() => undefined);
  }
  await last;
  if (order.isStopped()) return false;
  const gone = [...open.keys()].map((id) => ({ id, why: 'is no member of the organization any more' }));
  await skip(order, gone);
  return true;
}

/** True when everybody of the plan is done. One who was skipped or failed has the password alone: no door is shut on them. */
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
