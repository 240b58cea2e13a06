/** Makes a plan: reads people and settings, classifies, counts. Writes nothing; returns the lines of the plan file. */
import { createHash } from 'node:crypto';
import type { FactorEffect } from '../../domain/factors/factor-effect.js';
import { type Email, parseEmail } from '../../domain/people/email.js';
import { classify, type Ground, type Holder, type PersonClass } from './classify.js';
import { findLockedOut, needsPassword, type Outside } from './lockout.js';
import { type DirectoryEntry, digestOf, type Person } from './person.js';
import { PLAN_VERSION, type PlanHead, type PlanPerson } from './plan-file.js';
import { factorEffectOf } from './second-factor.js';
import { type Place, readSetting, type SettingChange } from './settings.js';
import type { RolloutTenant } from './tenant.js';

/** The settings that the operator asks for, by id. */
export type WantedSettings = Readonly<Record<string, string | boolean>>;

export interface PlanOrder {
  readonly tenant: RolloutTenant;
  readonly place: Place;
  readonly head: Pick<PlanHead, 'tenant' | 'organization' | 'connection' | 'directory' | 'made_at' | 'notes'>;
  readonly ground: Ground;
  readonly wanted: WantedSettings;
  /** True to leave settings in the plan although they lock people out. */
  readonly allowLockout: boolean;
  readonly onProgress: (done: number) => void;
}

/**
 * Returns the phase of a setting. `close` takes sign-in from people who are not moved: applied after all people, and
 * only if everybody is done.
 */
function phaseOf(id: string, after: string | boolean): SettingChange['phase'] {
  if (id.startsWith('alias:') || id === 'show_as_button') return 'close';
  if (id === 'sso_rollout') return after === 'required' ? 'close' : 'open';
  return id === 'auto_membership' && after === false ? 'close' : 'open';
}

/** Order of settings: domain proofs first, `required` last. */
const ORDER = ['domain', 'auto_membership', 'alias', 'show_as_button', 'sso_rollout'];

function byOrder(a: SettingChange, b: SettingChange): number {
  const rank = ({ id }: SettingChange) => ORDER.indexOf(id.split(':')[0] ?? '');
  return rank(a) - rank(b) || (a.id < b.id ? -1 : 1);
}

interface Counted {
  readonly lines: string[];
  readonly totals: Partial<Record<PersonClass, number>>;
  /** Number of people by what a second factor changes for them. */
  readonly factors: Partial<Record<FactorEffect, number>>;
  readonly outside: { readonly email: Email }[];
  readonly state: string;
  /** Names that the operator overruled and that were found among the members, as the operator wrote them. */
  readonly met: Set<string>;
  prepare: number;
}

function toLine(person: Person, ground: Ground): PlanPerson {
  const verdict = classify(person, ground);
  const { prepare } = verdict;
  const factor = factorEffectOf(person, verdict.class, ground.factorRule);
  return {
    user_id: person.userId,
    email: person.email ?? null,
    ...(person.name === undefined || person.name === person.email ? {} : { name: person.name }),
    class: verdict.class,
    ...(prepare === undefined
      ? {}
      : { prepare: prepare.by === 'subject' ? { subject: prepare.subject } : { expected_email: prepare.email } }),
    ...(person.roles.length === 0 ? {} : { roles: person.roles }),
    ...(factor !== undefined && { second_factor: factor }),
    evidence: verdict.evidence,
    state: digestOf(person),
  };
}

/** Creates the plan's line for a directory entry without a member. */
function toUnknown(entry: DirectoryEntry): PlanPerson {
  return {
    user_id: null,
    email: entry.email,
    class: 'unknown',
    evidence: { line: entry.line, subject: entry.subject ?? null, active: entry.active },
  };
}

/** Subjects that members have, and those that the plan prepares: finds the prepared ones that another member has. */
class Subjects {
  readonly held = new Map<string, Holder>();
  readonly wanted = new Map<string, { readonly userId: string; readonly at: number }>();

  note({ userId, email, identity }: Person, { prepare }: PlanPerson, at: number): void {
    if (identity?.subject !== undefined) this.held.set(identity.subject, { userId, email });
    if (prepare !== undefined && 'subject' in prepare) this.wanted.set(prepare.subject, { userId, at });
  }

  /** Returns, by user id, the index of each line that prepares a subject of another member. */
  listTaken(): ReadonlyMap<string, number> {
    const taken = [...this.wanted].filter(([subject, { userId }]) => {
      const holder = this.held.get(subject);
      return holder !== undefined && holder.userId !== userId;
    });
    return new Map(taken.map(([, { userId, at }]) => [userId, at]));
  }
}

function count(counted: Omit<Counted, 'state'>, line: PlanPerson, by: 1 | -1): void {
  const { class: name, prepare, second_factor: factor } = line;
  counted.totals[name] = (counted.totals[name] ?? 0) + by;
  if (prepare !== undefined) counted.prepare += by;
  if (factor !== undefined) counted.factors[factor] = (counted.factors[factor] ?? 0) + by;
}

/**
 * Classifies again the people for whom the plan would prepare a subject that another member has. That is known only
 * after everybody was read, since the other member may come later in the list. The people are read again to save
 * memory.
 */
async function settleTaken({ tenant, ground }: PlanOrder, counted: Omit<Counted, 'state'>, subjects: Subjects) {
  const taken = subjects.listTaken();
  if (taken.size === 0) return;
  const known: Ground = { ...ground, holders: subjects.held };
  for await (const page of tenant.people(new Set(taken.keys()))) {
    for (const person of page) {
      const at = taken.get(person.userId) ?? -1;
      const before = counted.lines[at];
      if (before === undefined) continue;
      const line = toLine(person, known);
      count(counted, JSON.parse(before) as PlanPerson, -1);
      count(counted, line, 1);
      counted.lines[at] = JSON.stringify(line);
      const email = parseEmail(person.email);
      if (email !== undefined && needsPassword(person, line.class, known)) counted.outside.push({ email });
    }
  }
}

async function countPeople(order: PlanOrder): Promise<Counted> {
  const { tenant, ground } = order;
  const state = createHash('sha256');
  const counted: Omit<Counted, 'state'> = {
    lines: [],
    totals: {},
    factors: {},
    outside: [],
    met: new Set(),
    prepare: 0,
  };
  const add = (line: PlanPerson): void => {
    counted.lines.push(JSON.stringify(line));
    count(counted, line, 1);
  };
  const seen = new Set<string>();
  const subjects = new Subjects();
  for await (const page of tenant.people()) {
    for (const person of page) {
      const line = toLine(person, ground);
      state.update(line.state ?? '');
      const email = parseEmail(person.email);
      if (email !== undefined && ground.directory !== undefined) seen.add(email);
      if (email !== undefined && needsPassword(person, line.class, ground)) counted.outside.push({ email });
      for (const name of [person.userId, email ?? '']) if (ground.overruled.has(name)) counted.met.add(name);
      subjects.note(person, line, counted.lines.length);
      add(line);
    }
    order.onProgress(counted.lines.length);
  }
  await settleTaken(order, counted, subjects);
  for (const entry of ground.directory?.values() ?? []) if (!seen.has(entry.email)) add(toUnknown(entry));
  return { ...counted, state: state.digest('hex') };
}

export interface MadePlan {
  readonly head: PlanHead;
  readonly lines: readonly string[];
  /** Names that the operator overruled and that no member has. */
  readonly unmet: readonly string[];
}

/** Makes the head and the lines of a plan. Throws any error of the tenant. */
export async function makePlan(order: PlanOrder): Promise<MadePlan> {
  const { tenant, ground, place } = order;
  const counted = await countPeople(order);
  const changes: SettingChange[] = [];
  const outside: Outside<{ readonly email: Email }> = {
    people: counted.outside,
    isRequired:
      ground.kind === 'vestibule' &&
      order.wanted.sso_rollout !== 'optional' &&
      (await readSetting(tenant.remote, place, 'sso_rollout')) === 'required',
  };
  for (const [id, after] of Object.entries(order.wanted)) {
    const before = await readSetting(tenant.remote, place, id);
    if (before === after) continue;
    changes.push({
      id,
      phase: phaseOf(id, after),
      before,
      after,
      locksOut: findLockedOut({ id, after }, ground, outside).length,
    });
  }
  changes.sort(byOrder);
  const isAllowed = (change: SettingChange) => change.locksOut === 0 || order.allowLockout;
  const head: PlanHead = {
    vestibule_rollout: PLAN_VERSION,
    ...order.head,
    domains: [...ground.domains].sort(),
    settings: changes.filter(isAllowed),
    withheld: changes.filter((change) => !isAllowed(change)),
    totals: counted.totals,
    prepare: counted.prepare,
    ...(ground.factorRule && { second_factor: { asks: ground.factorRule.asks, people: counted.factors } }),
    state: counted.state,
  };
  return { head, lines: counted.lines, unmet: [...ground.overruled].filter((name) => !counted.met.has(name)) };
}
