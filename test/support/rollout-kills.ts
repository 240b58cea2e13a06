/**
 * `kill -9` of the rollout command at chosen instants: before the tenant hears of a request, while it does it, after its answer arrived.
 * Then the work is taken up again, in one of two directions, and has to end as if nothing had happened.
 */
import type { Cast, Visitor } from './cast.js';
import { numberOf } from './company.js';
import type { Child, RolloutRig } from './rollout-rig.js';

export const WHENS = ['asked', 'doing', 'answered'] as const;

export interface Instant {
  readonly command: 'apply' | 'rollback';
  /** The request of the command, counted from 1. */
  readonly n: number;
  readonly when: (typeof WHENS)[number];
}

const argsOf = (rig: RolloutRig, command: Instant['command']): string[] =>
  command === 'apply' ? ['apply', rig.planFile] : ['rollback', rig.planFile, '--used', 'undo'];

async function play(rig: RolloutRig, command: Instant['command'], arm: (child: Child) => void): Promise<number | null> {
  const child = rig.start(...argsOf(rig, command));
  arm(child);
  const { code, output } = await child.ended;
  if (code !== null && code !== 0) throw new Error(`${command} ended with ${code}: ${output}`);
  return code;
}

/** Runs the command to its end and counts its requests. */
async function countRequests(rig: RolloutRig, command: Instant['command']): Promise<number> {
  rig.proxy.reset();
  await play(rig, command, () => {});
  return rig.proxy.seen.length;
}

/** Runs the command until it is killed at the instant. False when it ended before. */
async function killAt(rig: RolloutRig, { command, n, when }: Instant): Promise<boolean> {
  rig.proxy.reset();
  const code = await play(rig, command, (child) => {
    const kill = () => child.process.kill('SIGKILL');
    rig.proxy.treat = (request) => {
      if (request.n !== n || when === 'answered') return 'pass';
      kill();
      return when === 'asked' ? 'reset before' : 'reset after';
    };
    rig.proxy.answered = (request) => {
      if (request.n === n && when === 'answered') kill();
    };
  });
  rig.proxy.reset();
  return code === null;
}

export interface KillSetting {
  readonly rig: RolloutRig;
  readonly cast: Cast;
  readonly visitor: () => Visitor;
}

/** One person signs in by SSO, so that the rollback has to unlink and to delete as well. */
async function signInOne({ rig, visitor }: KillSetting): Promise<void> {
  const person = rig.plan().people.find((one) => one.prepare !== undefined);
  if (typeof person?.user_id !== 'string' || person.email === null) throw new Error('nobody is moved');
  const walk = visitor();
  await walk.redeem(await walk.throughSso(`p${numberOf(person.user_id)}`, person.email));
}

/** Kills at the instant, tears the journal, goes on or turns round, and returns whether it was killed. The tenant is as before afterwards. */
async function playKill(setting: KillSetting, instant: Instant, turnsRound: boolean): Promise<boolean> {
  const { rig } = setting;
  if (instant.command === 'rollback') {
    await rig.apply();
    await signInOne(setting);
  }
  const killed = await killAt(rig, instant);
  await rig.tearJournal();
  if (instant.command === 'apply' && !turnsRound) {
    const { later, moved } = await rig.apply();
    if (later.length + moved.length > 0) throw new Error(`not whole: ${JSON.stringify({ later, moved })}`);
  }
  if (instant.command === 'rollback' && turnsRound) await rig.apply();
  const { undecided, moved } = await rig.rollBack('undo');
  if (undecided.length + moved.length > 0) throw new Error(`not back: ${JSON.stringify({ undecided, moved })}`);
  await rig.reset();
  return killed;
}

/** `count` instants, evenly over all requests of both commands and the three moments of each. */
export function spread(count: number, requests: Readonly<Record<Instant['command'], number>>): readonly Instant[] {
  const all = (['apply', 'rollback'] as const).flatMap((command) =>
    Array.from({ length: requests[command] }, (_, index) =>
      WHENS.map((when): Instant => ({ command, n: index + 1, when })),
    ).flat(),
  );
  // A step that has no common divisor with three meets every moment.
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]).filter(
    (instant) => instant !== undefined,
  );
}

/** {@link spread} over all requests that the two commands send. The tenant is as before. */
export async function spreadOverAll(rig: RolloutRig, count: number): Promise<readonly Instant[]> {
  const requests = { apply: await countRequests(rig, 'apply'), rollback: await countRequests(rig, 'rollback') };
  await rig.reset();
  return spread(count, requests);
}

/**
 * Kills at each of the instants, every second one turned round, and throws where the tenant is not as before after one of them. Returns how
 * many met the command at work: after the last answer it may end before the kill arrives.
 */
export async function playKills(setting: KillSetting, instants: readonly Instant[]): Promise<number> {
  const before = await setting.rig.digest('somebody signed in');
  let kills = 0;
  for (const [index, instant] of instants.entries()) {
    if (await playKill(setting, instant, index % 2 === 1)) kills += 1;
    const after = await setting.rig.digest('somebody signed in');
    if (after !== before)
      throw new Error(`not as before after ${JSON.stringify(instant)}: ${after} instead of ${before}`);
  }
  return kills;
}
