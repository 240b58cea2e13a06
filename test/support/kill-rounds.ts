/**
 * Kills: some people are in the middle of a login when the process that serves them is killed with -9 at a random instant. Then
 * another process serves: of each login nothing is left or it is whole, and each person who was not in tries again and gets in, once.
 */
import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { type Balancer, startBalancer } from './balancer.js';
import { type Cast, createCast } from './cast.js';
import { compileProgram } from './compiled.js';
import { type Snapshot, snapshotTables } from './database.js';
import type { Visit } from './http-browser.js';
import { type Instance, startInstance } from './instance.js';
import { KILL_STORIES, type Scene, type Story } from './login-stories.js';
import { type Footprint, footprintOf, Stopped } from './nothing-or-everything.js';
import { type ServerProcess, startServerProcess } from './server-process.js';

const PEOPLE_PER_KILL = 4;

/** Repeats itself for a seed (mulberry32): what was random in a failure is not random in its replay. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface KillTally {
  kills: number;
  logins: number;
  /** Logins of which nothing was left, that were whole with and without their answer, and refused ones. */
  nothing: number;
  answered: number;
  wholeUnanswered: number;
  refused: number;
}

interface Person {
  readonly story: Story;
  readonly scene: Scene;
  readonly key: string;
}

export interface KillRounds {
  /** One kill and its checks; what is random in it follows from `seed`. Throws with what is wrong. */
  round(seed: number): Promise<void>;
  readonly tally: Readonly<KillTally>;
  stop(): Promise<void>;
}

/** Returns the changes of one person: rows that name the account or the address. */
function footprintOfPerson(before: Snapshot, after: Snapshot, email: string): Footprint {
  const userIds = [...(before.users ?? []), ...(after.users ?? [])]
    .map((row) => JSON.parse(row) as { user_id: string; email: string | null })
    .filter((row) => row.email === email)
    .map((row) => `"${row.user_id}"`);
  const names = [`"${email}"`, ...userIds];
  const only = (picture: Snapshot): Snapshot =>
    Object.fromEntries(
      Object.entries(picture).map(([table, rows]) => [
        table,
        rows.filter((row) => names.some((name) => row.includes(name))),
      ]),
    );
  const { logs, ...tables } = footprintOf(only(before), only(after));
  // A refusal's line names the address in its trace; the lines of a login are part of it.
  const lines = (logs ?? []).filter((line) => !/"f/.test(line));
  return lines.length > 0 ? { ...tables, logs: lines } : tables;
}

const ONCE = ['users', 'identities', 'members', 'member_roles', 'invitations', 'password_credentials'] as const;

function wrong(what: string, person: Person, detail: unknown): Error {
  return new Error(`${what}: ${person.story.name}, ${person.scene.email}\n${JSON.stringify(detail, null, 1)}`);
}

/** Repeats a look-up of the test itself, which has to wait, too, while PostgreSQL is being killed. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Kills a process of PostgreSQL with -9; resolves when it is dead. */
export type KillDatabase = (dice: () => number) => Promise<void>;

interface Rig {
  readonly keeper: Instance;
  readonly cast: Cast;
  readonly pool: pg.Pool;
  readonly balancer: Balancer;
  readonly startNext: () => Promise<ServerProcess>;
  readonly killDatabase: KillDatabase | undefined;
}

/**
 * Waits until the servers are ready and every connection answers: each that a kill broke has to be noticed, and of a pool one that answers says
 * nothing about the others.
 */
export async function waitUntilReady(pool: pg.Pool, servers: readonly string[]): Promise<void> {
  const isReady = async (address: string) => (await fetch(`${address}/health/ready`)).ok;
  const all = Array.from({ length: 16 });
  for (let waited = 0, good = 0; waited < 600; waited++) {
    const answers = await Promise.allSettled([
      ...all.map(() => pool.query('select 1').then(() => true)),
      ...all.flatMap(() => servers.map(isReady)),
    ]);
    good = answers.every((answer) => answer.status === 'fulfilled' && answer.value) ? good + 1 : 0;
    if (good === 3) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the database does not come back within 30 s');
}

class Rounds implements KillRounds {
  readonly tally: KillTally = { kills: 0, logins: 0, nothing: 0, answered: 0, wholeUnanswered: 0, refused: 0 };
  private readonly whole = new Map<Story, Footprint>();
  private people = 0;
  /** Within how many milliseconds the kill falls; follows the speed of the machine, so that kills hit the middle. */
  private spanMs = 300;

  constructor(
    private readonly rig: Rig,
    private current: ServerProcess,
    private next: Promise<ServerProcess>,
  ) {}

  private async arrange(story: Story): Promise<Person> {
    const key = `k${++this.people}x`;
    return { story, key, scene: await story.arrange(this.rig.cast, key, patiently) };
  }

  /** Records what each story leaves when nobody is killed. */
  async learn(): Promise<void> {
    for (const story of KILL_STORIES) {
      const person = await this.arrange(story);
      const before = await snapshotTables(this.rig.pool);
      await person.scene.play();
      this.whole.set(story, footprintOfPerson(before, await snapshotTables(this.rig.pool), person.scene.email));
    }
  }

  private async waitForServerSide(): Promise<void> {
    // A statement that was on its way is done or undone by the database, no matter who sent it.
    const text = `select 1 from pg_stat_activity where datname = current_database() and state <> 'idle'
      and pid <> pg_backend_pid() limit 1`;
    for (let waited = 0; waited < 200; waited++) {
      if ((await this.rig.pool.query(text)).rowCount === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private judge(person: Person, before: Snapshot, after: Snapshot, answer: Visit | undefined): boolean {
    const left = footprintOfPerson(before, after, person.scene.email);
    const whole = this.whole.get(person.story) ?? {};
    const admitted = answer?.url.searchParams.has('code') === true;
    if (person.story.ends === 'refused') {
      if (Object.keys(left).length > 0) throw wrong('something is left of a stranger', person, left);
      if (admitted) throw wrong('a stranger is in', person, answer?.url.href);
      this.tally.refused += 1;
      return false;
    }
    if (Object.keys(left).length === 0) {
      if (admitted) throw wrong('the application has a code of which the database knows nothing', person, {});
      this.tally.nothing += 1;
      return false;
    }
    if (!isDeepStrictEqual(left, whole)) throw wrong('half a login is left', person, { left, whole });
    if (admitted) this.tally.answered += 1;
    else this.tally.wholeUnanswered += 1;
    return true;
  }

  private async tryAgain(person: Person, before: Snapshot): Promise<void> {
    const { scene, story } = person;
    const { redeem } = scene.visitor;
    let answer = await scene.play();
    if (answer.url.searchParams.get('error_description') === 'invitation not found or already used')
      answer = await scene.playAsUsual();
    if (story.ends === 'refused') {
      if (answer.url.searchParams.get('error') !== 'access_denied') throw wrong('not refused', person, answer.url.href);
      return;
    }
    const { claims } = await redeem.call(scene.visitor, answer);
    if (scene.userId !== undefined && claims.sub !== scene.userId) throw wrong('somebody else', person, claims);
    const left = footprintOfPerson(before, await snapshotTables(this.rig.pool), scene.email);
    const whole = this.whole.get(story) ?? {};
    for (const table of ONCE)
      if (left[table]?.length !== whole[table]?.length)
        throw wrong(`${table}: not exactly once`, person, { left, whole });
  }

  async round(seed: number): Promise<void> {
    const dice = createDice(seed);
    await this.rig.pool.query('delete from attempt_counters');
    const next = await this.next;
    const people: Person[] = [];
    for (let i = 0; i < PEOPLE_PER_KILL; i++) {
      const story = KILL_STORIES[Math.floor(dice() * KILL_STORIES.length)];
      if (story) people.push(await this.arrange(story));
    }
    const before = await snapshotTables(this.rig.pool);
    const playing = people.map(({ scene }) =>
      scene.play().catch((error: unknown) => {
        // The person's browser lost the server, or read a page that says so: both are what a kill looks like.
        if (error instanceof Stopped || /fetch failed|terminated|other side closed|no form with/.test(String(error)))
          return undefined;
        throw error;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, dice() * this.spanMs));
    // In a soak every fourth kill is one of PostgreSQL's own processes.
    const database = this.rig.killDatabase && dice() < 0.25 ? this.rig.killDatabase : undefined;
    await (database ? database(dice) : this.current.kill());
    const answers = await Promise.all(playing);
    const cut = answers.filter((answer) => answer === undefined).length;
    this.spanMs *= cut === 0 ? 0.75 : cut === people.length ? 1.4 : 1;
    if (database) await waitUntilReady(this.rig.pool, [this.rig.keeper.address, this.rig.cast.instance.origin]);
    await this.waitForServerSide();
    if (!database) {
      this.rig.balancer.direct([next.port]);
      this.current = next;
      this.next = this.rig.startNext();
      this.next.catch(() => undefined);
    }

    const after = await snapshotTables(this.rig.pool);
    const whole = people.filter((person, index) => this.judge(person, before, after, answers[index])).length;
    const receipts = (after.login_receipts?.length ?? 0) - (before.login_receipts?.length ?? 0);
    if (receipts !== whole) throw new Error(`${receipts} receipts for ${whole} logins`);
    for (const person of people) await this.tryAgain(person, before);
    this.tally.kills += 1;
    this.tally.logins += people.length;
  }

  async stop(): Promise<void> {
    await this.current.kill();
    await this.next.then((server) => server.kill()).catch(() => undefined);
    await this.rig.balancer.stop();
    await this.rig.cast.stop();
    await this.rig.keeper.stop();
  }
}

/** `database` is migrated and empty. The caller who starts it stops it. */
export async function startKillRounds(
  database: { url: string; pool: pg.Pool; drop(): Promise<void> },
  killDatabase?: KillDatabase,
): Promise<KillRounds> {
  // `npm run soak:kill` has no global set-up that did it.
  await compileProgram();
  const balancer = await startBalancer();
  const origin = `http://localhost:${balancer.port}`;
  const keeper = await startInstance({ beside: { origin, database } });
  const own = await createCast(keeper);
  const startNext = () => startServerProcess({ databaseUrl: database.url, origin });
  const current = await startNext();
  balancer.direct([current.port]);
  const cast: Cast = { ...own, instance: { ...keeper, address: origin } };
  const rig = { keeper, cast, pool: database.pool, balancer, startNext, killDatabase };
  const rounds = new Rounds(rig, current, startNext());
  await rounds.learn();
  return rounds;
}
