/**
 * Story 29: `kill -9` at a random instant of a login, of the server's process and of PostgreSQL's. Afterwards each login is whole or
 * nothing of it is left, and each person who tries again gets in, once. More kills: `npm run soak:kill -- --rounds N`.
 */

import { SMTPServer } from 'smtp-server';
import { expect, test } from 'vitest';
import { createCast } from '../support/cast.js';
import { createTestDatabase } from '../support/database.js';
import { startInstance } from '../support/instance.js';
import { createDice, startKillRounds, waitUntilReady } from '../support/kill-rounds.js';
import { LOGIN_STORIES, type Story } from '../support/login-stories.js';
import { expectClearPage, expectOnce, footprintOf, judge, Stopped } from '../support/nothing-or-everything.js';
import { startOwnPostgres } from '../support/own-postgres.js';
import { SEED } from '../support/random.js';
import { startServerProcess } from '../support/server-process.js';
import { shareOfCount } from '../support/share.js';
import { answerOf } from '../support/stage.js';

// Fewer would often fall all before the commit, or all after it.
const KILLS = Math.max(12, shareOfCount(20));

test(`${KILLS} kills of the server in the middle of logins, seed ${SEED}: nothing or everything, and a second try gets in once`, async () => {
  const database = await createTestDatabase();
  const rounds = await startKillRounds(database);
  try {
    for (let kill = 0; kill < KILLS; kill++) await rounds.round(SEED + kill);
  } catch (error) {
    throw new Error(`TEST_SEED=${SEED}, kill ${rounds.tally.kills + 1}: ${(error as Error).message}`, { cause: error });
  } finally {
    console.log(`kills, seed ${SEED}: ${JSON.stringify(rounds.tally)}`);
    await rounds.stop();
    await database.drop();
  }
  // The instants are spread over the login: some fell before its commit, some after.
  expect(rounds.tally.nothing).toBeGreaterThan(0);
  expect(rounds.tally.answered + rounds.tally.wholeUnanswered).toBeGreaterThan(0);
}, 600_000);

/** A mail server that takes everything and says when it has. */
async function startMailServer(onTaken: (recipient: string) => void) {
  const taken: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, callback) {
      stream.resume();
      stream.on('end', () => {
        const recipient = session.envelope.rcptTo[0]?.address ?? '';
        taken.push(recipient);
        callback();
        onTaken(recipient);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as { port: number };
  return { taken, port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

test('killed between sending a mail and marking it: each mail at least once, twice only those that were in flight', async () => {
  const database = await createTestDatabase();
  const keeper = await startInstance({ database });
  const cast = await createCast(keeper);
  const dice = createDice(SEED);
  let onTaken: (recipient: string) => void = () => {};
  const mail = await startMailServer((recipient) => onTaken(recipient));
  const start = () =>
    startServerProcess({
      databaseUrl: database.url,
      origin: 'http://localhost:1',
      environment: { SMTP_URL: `smtp://127.0.0.1:${mail.port}` },
    });
  const unsent = async () =>
    (await database.pool.query('select recipient from outbox where sent_at is null')).rows as { recipient: string }[];
  let killed = 0;
  const inFlight = new Set<string>();
  try {
    const recipients = Array.from({ length: 6 }, (_item, index) => `mail${index}@acme.example`);
    for (const recipient of recipients) await cast.invite(recipient);
    for (let round = 0; round < 2; round++) {
      await new Promise<void>((resolve, reject) => {
        const starting = start();
        const killAt = mail.taken.length + 1 + Math.floor(dice() * 2);
        onTaken = () => {
          if (mail.taken.length === killAt) starting.then((server) => server.kill()).then(resolve, reject);
        };
        starting.catch(reject);
      });
      killed += 1;
      onTaken = () => {};
      for (const { recipient } of await unsent()) if (mail.taken.includes(recipient)) inFlight.add(recipient);
      // The lease of the killed server expires.
      await database.pool.query(
        `update outbox set next_attempt_at = now() - interval '1 second' where sent_at is null`,
      );
    }
    const last = await start();
    for (let waited = 0; waited < 200 && (await unsent()).length > 0; waited++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await last.stop();
    expect(await unsent()).toEqual([]);
    for (const recipient of recipients) {
      const times = mail.taken.filter((item) => item === recipient).length;
      expect(times, recipient).toBeGreaterThanOrEqual(1);
      expect(times, `${recipient}, ${killed} kills`).toBeLessThanOrEqual(inFlight.has(recipient) ? 1 + killed : 1);
    }
  } finally {
    await mail.stop();
    await cast.stop();
    await keeper.stop();
    await database.drop();
  }
}, 120_000);

test(`kill -9 of PostgreSQL's backends and of its first process in the middle of logins, seed ${SEED}`, async () => {
  const database = await startOwnPostgres();
  const instance = await startInstance({ database });
  const cast = await createCast(instance);
  const dice = createDice(SEED);
  const story = LOGIN_STORIES[0] as Story;
  try {
    const model = await story.arrange(cast, 'model', (work) => work());
    const clean = await instance.snapshot();
    const started = performance.now();
    await model.play();
    const usualMs = performance.now() - started;
    const whole = footprintOf(clean, await instance.snapshot());
    const seen = { nothing: 0, everything: 0, stopped: 0 };
    for (const [index, kind] of (['backend', 'backend', 'backend', 'postmaster', 'postmaster'] as const).entries()) {
      const scene = await story.arrange(cast, `p${index}x`, (work) => work());
      const before = await instance.snapshot();
      const playing = scene.play().catch((error: unknown) => {
        if (error instanceof Stopped) return error;
        throw error;
      });
      await new Promise((resolve) => setTimeout(resolve, dice() * usualMs));
      await database.kill(kind);
      const outcome = await playing;
      // The process lives: people in the middle of a login read a page, never a broken connection.
      if (outcome instanceof Stopped) {
        seen.stopped += 1;
        expectClearPage(outcome);
      }
      await waitUntilReady(instance.database.pool, [instance.origin]);
      const left = judge(before, await instance.snapshot(), whole, 'identity');
      seen[left] += 1;
      let answer = outcome instanceof Stopped ? await scene.play() : outcome;
      if (answerOf(answer).error_description === 'invitation not found or already used') {
        expect(left).toBe('everything');
        answer = await scene.playAsUsual();
      }
      expect((await scene.visitor.redeem(answer)).claims.sub).toBe(scene.userId);
      expectOnce(before, await instance.snapshot(), whole);
    }
    console.log(`kills of PostgreSQL, seed ${SEED}: ${JSON.stringify(seen)}`);
  } finally {
    await cast.stop();
    await instance.stop();
    await database.drop();
  }
}, 120_000);
