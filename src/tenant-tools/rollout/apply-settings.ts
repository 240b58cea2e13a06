/**
 * Applies a plan's settings, one phase at a time. Every change is journaled before it is sent; a setting that somebody
 * changed since the plan was made is left as it is.
 */
import type { Journal } from './journal.js';
import type { Plan } from './plan-file.js';
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
import type { RolloutTenant } from './tenant.js';

/** Thrown with `strict` when a setting or a person changed on the tenant since the plan was made. */
export class GroundMoved extends Error {
  override name = 'GroundMoved';
}

/** A setting that somebody else changed: its value is neither the former nor the planned one. */
export interface MovedSetting {
  readonly change: SettingChange;
  readonly now: unknown;
}

interface SettingsOrder {
  readonly plan: Plan;
  readonly tenant: RolloutTenant;
  readonly place: Place;
  readonly journal: Journal;
  readonly strict: boolean;
}

interface Judged {
  readonly ready: readonly SettingChange[];
  readonly moved: readonly MovedSetting[];
}

/** Sorts settings into those to write and those that somebody changed meanwhile. */
async function judgeSettings(
  { journal, tenant, place, strict }: SettingsOrder,
  changes: readonly SettingChange[],
): Promise<Judged> {
  const ready: SettingChange[] = [];
  const moved: MovedSetting[] = [];
  for (const change of changes) {
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

/**
 * Applies the settings of `phase` except those in `except`; returns those that somebody changed meanwhile. Throws
 * {@link GroundMoved} under `strict`, and any error of the tenant.
 */
export async function applySettings(
  order: SettingsOrder,
  phase: Phase,
  except: ReadonlySet<string> = new Set(),
): Promise<readonly MovedSetting[]> {
  const { journal, place } = order;
  const { remote } = order.tenant;
  const planned = order.plan.head.settings.filter((one) => one.phase === phase && !except.has(one.id));
  const { ready, moved } = await judgeSettings(order, planned);
  for (const changes of toRequests(ready)) {
    const ids = changes.map(({ id }) => `setting:${id}`);
    const isList = changes.some(({ id }) => id.startsWith('alias:'));
    // Records whether the connection had a list of domains before the first of these writes. A later run must not
    // record it again, since an earlier run may have sent that write.
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
