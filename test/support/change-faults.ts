/**
 * Plays a fault at every storage call of one request by which people change their account: the N-th call fails, N = 1, 2, 3… until
 * none does. The same person repeats the request after each fault, until it is stored: so every try but the first is a repeat.
 */
import { expect } from 'vitest';
import type { Snapshot } from './database.js';
import type { FaultMode, FaultyPool } from './faulty-pool.js';
import type { HttpBrowser, Visit } from './http-browser.js';
import type { Instance } from './instance.js';
import type { ManualClock } from './manual-clock.js';
import { expectClearPage, type Footprint, footprintOf, Stopped } from './nothing-or-everything.js';
import { SHARE_FIRST, SHARE_STEP } from './share.js';
import { wordsOf } from './stage.js';

/** A statement that is not done, and one that is done without an answer. */
export const CHANGE_FAULTS = ['disk-full', 'lost-after'] as const satisfies FaultMode[];

/** More than the pages and the APIs allow one person between two requests. */
const PAUSE_MS = 4_000;

export interface Answer {
  readonly status: number;
  /** The words of the answer, for a failure of the test. */
  readonly told: string;
  /** The page, where the answer is one. */
  readonly visit?: Visit;
}

export interface Change {
  readonly name: string;
  /** Names the tables that the whole change writes, and `mail`. */
  readonly leaves: readonly string[];
  /** Brings somebody new to the moment before the request. Returns the request. */
  arrange(key: string): Promise<() => Promise<Answer>>;
}

export const toAnswer = (visit: Visit): Answer => ({ status: visit.status, told: wordsOf(visit).slice(0, 300), visit });

/** Returns a browser with the same cookies that follows no redirect: the page behind one is no part of the change. */
export function withoutRedirects(browser: HttpBrowser): HttpBrowser {
  const copy = browser.clone();
  copy.visit = async (address, options) => {
    const response = await copy.request(address, options);
    const { status, headers } = response;
    return { status, url: new URL(address), text: await response.text(), forms: [], headers };
  };
  return copy;
}

/** Lines about requests that failed. */
const LINES_OF_FAILURES = /"f[a-z]*"/;

/** Drops the columns that a mere look at the account may write. */
function withoutLooks({ sessions = [], ...others }: Snapshot): Snapshot {
  const kept = sessions.map((row) => {
    const { last_used_at: _used, idle_expires_at: _idle, ...rest } = JSON.parse(row) as Record<string, unknown>;
    return JSON.stringify(rest);
  });
  return { ...others, sessions: kept };
}

const mailsOf = ({ outbox = [] }: Snapshot): readonly string[] =>
  outbox.map((row) => String((JSON.parse(row) as { template: unknown }).template));

/** Returns what a change left, by table, and the templates of new mails under `mail`. */
function changeFootprint(before: Snapshot, after: Snapshot): Footprint {
  const { logs = [], ...tables } = footprintOf(withoutLooks(before), withoutLooks(after));
  const lines = logs.filter((line) => !LINES_OF_FAILURES.test(line));
  const mail = [...mailsOf(after)];
  for (const template of mailsOf(before)) mail.splice(mail.indexOf(template), 1);
  return { ...tables, ...(lines.length > 0 && { logs: lines }), ...(mail.length > 0 && { mail: mail.sort() }) };
}

export interface ChangeFaults {
  readonly instance: Instance;
  readonly clock: ManualClock;
  readonly faults: FaultyPool;
}

let people = 0;

async function begin({ instance }: ChangeFaults, change: Change) {
  // Small tables make quick pictures.
  await instance.database.pool.query('delete from logs');
  await instance.database.pool.query('delete from outbox');
  const play = await change.arrange(`c${++people}`);
  return { play, before: await instance.snapshot() };
}

/** Sends the request while the N-th call fails. Returns the statement that failed; undefined when there is no such call. */
async function playWith(at: ChangeFaults, play: () => Promise<Answer>, nth: number, mode: FaultMode) {
  // The limits on tries are not what is tested here.
  await at.instance.database.pool.query('delete from attempt_counters');
  at.clock.advanceMs(PAUSE_MS);
  at.faults.arm(nth, mode);
  const answer = await play().finally(() => at.faults.disarm());
  return { answer, failed: at.faults.disarm()[0] };
}

/** The answer of a request with a fault: a clear failure, or a success that is stored. */
function expectHonest({ status, told, visit }: Answer, isStored: boolean): void {
  if (status < 400) {
    expect(isStored, `the answer says that it is done: ${told}`).toBe(true);
    return;
  }
  expect(status, `a fault of the server is nobody's mistake: ${told}`).toBeGreaterThanOrEqual(500);
  if (visit) expectClearPage(new Stopped(visit));
}

/**
 * Fails this run's share of the calls of the change in one way. After each fault the database is as before or as after the
 * whole change, and the answer tells the truth. Returns how many calls failed.
 */
export async function failEveryCall(at: ChangeFaults, change: Change, mode: FaultMode): Promise<number> {
  const first = await begin(at, change);
  const undisturbed = await first.play();
  expect(undisturbed.status, undisturbed.told).toBeLessThan(400);
  const whole = changeFootprint(first.before, await at.instance.snapshot());
  expect(Object.keys(whole).sort(), 'what the whole change writes').toEqual([...change.leaves].sort());

  let scene = await begin(at, change);
  for (let nth = SHARE_FIRST, count = 0; ; nth += SHARE_STEP, count += 1) {
    const { answer, failed } = await playWith(at, scene.play, nth, mode);
    const footprint = changeFootprint(scene.before, await at.instance.snapshot());
    const where = `${change.name}, call ${nth} (${mode}): ${failed ?? 'no fault'}`;
    const isStored = Object.keys(footprint).length > 0;
    if (isStored || failed === undefined) expect(footprint, `${where}: half a change is left`).toEqual(whole);
    if (failed === undefined) {
      expect(answer.status, `${where}: ${answer.told}`).toBeLessThan(400);
      return count;
    }
    expectHonest(answer, isStored);
    if (!isStored) continue;
    const repeat = await scene.play();
    expect(repeat.status, `${where}, the repeat of a stored change: ${repeat.told}`).toBeLessThan(500);
    scene = await begin(at, change);
  }
}
