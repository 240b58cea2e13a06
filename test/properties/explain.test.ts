/**
 * `explain` says what then happens: before each login of random histories the Management API is asked, and the command line every
 * now and then, about the person who is about to come; outcome, rule and user are compared with the login that follows.
 * `npm run soak -- --explain` goes on for as long as wanted.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/program.js';
import { parseEmail } from '../../src/domain/people/email.js';
import type { Question, Told } from '../model/explained.js';
import { reportFailure, search } from '../model/search.js';
import { startWorld, type World } from '../model/world.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { SEED } from '../support/random.js';

const SECONDS = 12;
/** On a busy machine it goes on until there is something to speak of. */
const LONGEST_SECONDS = 100;
const LEAST_CASES = 50;
const KINDS = ['admitted', 'refused', 'proof_required'];

let database: TestDatabase;
let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-explain-'));
  database = await createTestDatabase();
  world = await startWorld(database.url, database.pool);
});
afterAll(async () => {
  await world?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** One case in so many is asked of the command line as well, which takes three requests for it. */
const BY_COMMAND_LINE = 4;

/** The same question to `vestibule explain`; undefined where the command line cannot put it (no plain address). */
async function askCommandLine({ organizationId, connectionId, body }: Question) {
  const email = 'email' in body ? body.email : body.claims.email;
  if (typeof email !== 'string' || parseEmail(email) === undefined) return undefined;
  const argv = ['explain', email, '--organization', organizationId, '--connection', connectionId, '--json'];
  if ('claims' in body) {
    const file = join(folder, 'claims.json');
    await writeFile(file, JSON.stringify(body.claims));
    argv.push('--claims', file);
  }
  const lines: string[] = [];
  const code = await runCommandLine(argv, {
    env: {
      VESTIBULE_URL: world.origin,
      VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
    },
    out: (line) => lines.push(line),
    note: () => undefined,
    width: 80,
    colourful: false,
    startServer: () => Promise.reject(new Error('explain starts no server')),
    onHangup: () => undefined,
    openKeys: () => Promise.reject(new Error('explain opens no database')),
    openActions: () => Promise.reject(new Error('explain opens no database')),
    openOperators: () => Promise.reject(new Error('explain opens no database')),
    openExaminer: () => Promise.reject(new Error('explain examines nothing')),
    untilStopped: () => Promise.resolve(),
    readInput: () => Promise.reject(new Error('explain reads no input')),
  });
  const { outcome, rule } = lines.length > 0 ? (JSON.parse(lines.join('\n')) as Record<string, unknown>) : {};
  return { code, outcome, rule };
}

async function expectTheSame(question: Question, told: Told): Promise<boolean> {
  const answer = await askCommandLine(question);
  if (answer === undefined) return false;
  if ('error' in told) expect(answer.code).toBeGreaterThan(1);
  else expect(answer).toEqual({ code: told.outcome === 'admitted' ? 0 : 1, outcome: told.outcome, rule: told.rule });
  return true;
}

test(
  'what was explained is what happens',
  async () => {
    const seed = SEED;
    const told: Record<string, number> = {};
    let cases = 0;
    let byCommandLine = 0;
    const isEnough = () =>
      cases > LEAST_CASES &&
      byCommandLine > 5 &&
      KINDS.every((kind) => Object.keys(told).some((label) => label.startsWith(kind)));
    const startedMs = performance.now();
    const { failure, nextSeed } = await search(world, {
      seed,
      until: startedMs + LONGEST_SECONDS * 1000,
      shouldStop: () => performance.now() - startedMs > SECONDS * 1000 && isEnough(),
      shrinkMs: 30_000,
      onExplained: async (question, answer) => {
        cases += 1;
        if (cases % BY_COMMAND_LINE === 0 && (await expectTheSame(question, answer))) byCommandLine += 1;
        const label = 'error' in answer ? 'error' : `${answer.outcome} ${answer.rule}`;
        told[label] = (told[label] ?? 0) + 1;
      },
    });
    console.log(
      `explain: ${cases} logins explained, ${byCommandLine} also by the command line, ` +
        `in ${nextSeed - seed} histories from seed ${seed} on`,
      told,
    );
    expect(failure && reportFailure(failure, ' --explain')).toBeUndefined();
    expect(isEnough()).toBe(true);
  },
  (LONGEST_SECONDS + 60) * 1000,
);
