/**
 * `npm run soak:kill -- --rounds N [--seed S]`: `kill -9` at random instants of logins, three times out of four of the server's process,
 * else of PostgreSQL's own; after each kill every login must be whole or have left nothing, and whoever was cut off must get in
 * once (test/support/kill-rounds.ts). Ends with 0 when that held each time, with 1 and the command that repeats it otherwise.
 * Rounds do not build on each other: interrupted, it tells what it did, and another run with another seed goes on.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startKillRounds } from '../test/support/kill-rounds.js';
import { startOwnPostgres } from '../test/support/own-postgres.js';

function fail(message: string): never {
  process.stderr.write(`${message}\n  npm run soak:kill -- --rounds 200 [--seed 1]\n`);
  process.exit(2);
}

function parseWanted(): { rounds: number; seed: number } {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) fail(`--rounds takes a whole number above 0, not "${values.rounds}".`);
  const seed = values.seed === undefined ? randomInt(1, 1_000_000_000) : Number(values.seed);
  if (!Number.isInteger(seed)) fail(`--seed takes a whole number, not "${values.seed}".`);
  return { rounds, seed };
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

const { rounds: wanted, seed } = parseWanted();
let interrupted = false;
process.on('SIGINT', () => {
  if (interrupted) process.exit(130);
  interrupted = true;
  say('stopping after this kill (Ctrl-C again: at once)');
});

say(`${wanted} kills, four people in the middle of a login at each, seed ${seed}; about ${Math.ceil(wanted / 20)} to`);
say(
  `${Math.ceil(wanted / 10)} minutes on two cores. Own database and processes; nothing else is touched. Ctrl-C stops it.`,
);
const database = await startOwnPostgres();
let databaseKills = 0;
const rounds = await startKillRounds(database, seed, (dice) => {
  databaseKills += 1;
  return database.kill(dice() < 0.5 ? 'backend' : 'postmaster');
});
const started = performance.now();
let wrong: Error | undefined;
try {
  while (rounds.tally.kills < wanted && !interrupted) {
    await rounds.round();
    const { kills } = rounds.tally;
    const seconds = (performance.now() - started) / 1000;
    const left = Math.round((seconds / kills) * (wanted - kills));
    if (kills % 10 === 0) say(`${kills} of ${wanted} kills, ${left} s left: ${JSON.stringify(rounds.tally)}`);
  }
} catch (error) {
  wrong = error as Error;
}
const { tally } = rounds;
await rounds.stop();
await database.drop();
say(
  `\n${tally.kills} kills (${databaseKills} of PostgreSQL) in ${Math.round((performance.now() - started) / 1000)} s, seed ${seed}`,
);
say(`${tally.logins} logins cut off or not: ${tally.nothing} left nothing, ${tally.answered} were whole and answered,`);
say(
  `${tally.wholeUnanswered} were whole and the answer was lost, ${tally.refused} were strangers, who stayed outside.`,
);
if (wrong) {
  say(`\nWRONG at kill ${tally.kills + 1}: ${wrong.stack ?? wrong.message}`);
  say(`\nAgain: npm run soak:kill -- --rounds ${tally.kills + 1} --seed ${seed}`);
  process.exit(1);
}
