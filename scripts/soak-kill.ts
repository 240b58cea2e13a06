/**
 * `npm run soak:kill -- --rounds N [--seed S]`: kills processes with -9 at random moments of logins. Three of four
 * kills hit the server, the others PostgreSQL. After each kill every login must be whole or have left nothing, and
 * everybody who was cut off must get in once (test/support/kill-rounds.ts). Rounds do not depend on each other, and
 * each has its own seed. After Ctrl-C or a kill, `--resume` plays the rounds that are left. Exits with 0 if all of this
 * held. Otherwise exits with 1 and prints the command that repeats the round.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type KillTally, startKillRounds } from '../test/support/kill-rounds.js';
import { startOwnPostgres } from '../test/support/own-postgres.js';
import { findKeptRun, forgetRun, formatSeconds, keepRun, onInterrupt } from './kept-run.js';

/** A run and its progress. Round `n` (from 0) has the seed `seed + n`. */
interface Run {
  readonly seed: number;
  readonly rounds: number;
  tally: Readonly<KillTally>;
  databaseKills: number;
  seconds: number;
}

const COMMAND = 'soak-kill';
const NOTHING: KillTally = { kills: 0, logins: 0, nothing: 0, answered: 0, wholeUnanswered: 0, refused: 0 };

const say = (line: string) => void process.stdout.write(`${line}\n`);

function fail(message: string): never {
  process.stderr.write(`${message}\n  npm run soak:kill -- --rounds 200 [--seed 1]\n  npm run soak:kill -- --resume\n`);
  process.exit(2);
}

const OPTIONS = {
  rounds: { type: 'string', default: '200' },
  seed: { type: 'string' },
  resume: { type: 'boolean', default: false },
} as const;

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function parseWanted(): Run {
  const values = readOptions();
  if (values.resume) return findKeptRun<Run>(COMMAND) ?? fail('There is no run to go on with: none was interrupted.');
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) fail(`--rounds takes a whole number above 0, not "${values.rounds}".`);
  const seed = values.seed === undefined ? randomInt(1, 1_000_000_000) : Number(values.seed);
  if (!Number.isInteger(seed)) fail(`--seed takes a whole number, not "${values.seed}".`);
  return { rounds, seed, tally: NOTHING, databaseKills: 0, seconds: 0 };
}

function add(one: Readonly<KillTally>, other: Readonly<KillTally>): KillTally {
  const sum = { ...one };
  for (const key of Object.keys(sum) as (keyof KillTally)[]) sum[key] += other[key];
  return sum;
}

const run = parseWanted();
let interrupted = false;
onInterrupt(() => {
  interrupted = true;
  say('stopping after this kill (Ctrl-C again: at once)');
});

const open = run.rounds - run.tally.kills;
say(
  `${open} kills${run.tally.kills > 0 ? ` (of ${run.rounds}; ${run.tally.kills} were done before)` : ''}, four people in the`,
);
say(
  `middle of a login at each, seed ${run.seed}; about ${Math.ceil(open / 20)} to ${Math.ceil(open / 10)} minutes on two cores.`,
);
say('Own database and processes; nothing else is touched. Ctrl-C stops it after the kill under way; --resume goes on.');

const before = run.tally;
const secondsBefore = run.seconds;
const database = await startOwnPostgres();
let wrong: Error | undefined;
try {
  const rounds = await startKillRounds(database, (dice) => {
    run.databaseKills += 1;
    return database.kill(dice() < 0.5 ? 'backend' : 'postmaster');
  });
  const startedMs = performance.now();
  try {
    while (run.tally.kills < run.rounds && !interrupted) {
      await rounds.round(run.seed + run.tally.kills);
      run.tally = add(before, rounds.tally);
      run.seconds = secondsBefore + (performance.now() - startedMs) / 1000;
      keepRun(COMMAND, run);
      const { kills } = run.tally;
      const left = (run.seconds / kills) * (run.rounds - kills);
      if (kills % 10 === 0)
        say(`${kills} of ${run.rounds} kills, ${formatSeconds(left)} left: ${JSON.stringify(run.tally)}`);
    }
  } catch (error) {
    wrong = error as Error;
  } finally {
    await rounds.stop();
  }
} finally {
  await database.drop();
}

const { tally } = run;
say(`\n${tally.kills} kills (${run.databaseKills} of PostgreSQL) in ${Math.round(run.seconds)} s, seed ${run.seed}`);
say(`${tally.logins} logins cut off or not: ${tally.nothing} left nothing, ${tally.answered} were whole and answered,`);
say(
  `${tally.wholeUnanswered} were whole and the answer was lost, ${tally.refused} were strangers, who stayed outside.`,
);
if (wrong) {
  say(`\nWRONG at kill ${tally.kills + 1}: ${wrong.stack ?? wrong.message}`);
  say(`\nAgain: npm run soak:kill -- --rounds 1 --seed ${run.seed + tally.kills}`);
  process.exitCode = 1;
} else if (tally.kills < run.rounds) say('Interrupted: npm run soak:kill -- --resume goes on.');
else forgetRun(COMMAND);
