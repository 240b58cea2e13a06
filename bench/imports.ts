/**
 * Imports 100,000 people with their passwords, in files of the largest permitted size. Keeps two jobs pending as far as
 * the server accepts them. In the middle it kills the server with -9 and starts it again. At the end every person must
 * exist exactly once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { add, note } from './measure.js';
import { rssMb } from './processes.js';
import { MACHINE } from './setup.js';

interface Place {
  readonly origin: string;
  readonly pool: pg.Pool;
  /** Returns the id of the server's present process. */
  pid(): number;
  /** Kills the server with -9 and starts it again on the same data. */
  killAndStart(): Promise<void>;
}

/** Number of people in a file. As many fit into 500 kB with a hash and a little metadata. */
const A_FILE = 1_000;
/** A bcrypt hash, in the form in which Auth0's support exports hashes. */
const HASH = '$2b$10$KIXQdC0yGfJ0n2m1eVn0XeP1c5xqT1b6Wl5o7r2Jm3k9n8sT0uVwC';

function toFile(job: number): Blob {
  const users = Array.from({ length: A_FILE }, (_, at) => {
    const n = job * A_FILE + at;
    return {
      email: `import${n}@people.test`,
      email_verified: true,
      user_id: `import${n}`,
      given_name: `Given ${n}`,
      family_name: 'Imported',
      user_metadata: { theme: 'dark', n },
      app_metadata: { plan: 'pro', since: '2019-01-01' },
      password_hash: HASH,
    };
  });
  return new Blob([JSON.stringify(users)]);
}

async function fetchToken(origin: string): Promise<string> {
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: MACHINE.id,
      client_secret: MACHINE.secret,
      audience: `${origin}/api/v2/`,
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Uploads a file. Waits while two jobs are pending, and while the server restarts. */
async function putIn(origin: string, token: string, connectionId: string, job: number): Promise<void> {
  for (;;) {
    const body = new FormData();
    body.append('users', toFile(job), 'users.json');
    body.append('connection_id', connectionId);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${origin}/api/v2/jobs/users-imports`, { method: 'POST', headers, body }).catch(
      () => undefined,
    );
    if (answer?.status === 202) return;
    if (answer !== undefined && answer.status !== 429)
      throw new Error(`import: ${answer.status} ${await answer.text()}`);
    await pause(50);
  }
}

interface Done {
  readonly users: string;
  readonly waiting: string;
  readonly failed: string;
}

async function readDone(pool: pg.Pool): Promise<{ users: number; waiting: number; failed: number }> {
  const { rows } = await pool.query<Done>(
    `select (select count(*) from users where user_id like 'auth0|import%') as users,
       count(*) filter (where finished_at is null) as waiting, coalesce(sum(failed), 0) as failed from user_import_jobs`,
  );
  const [row] = rows;
  return { users: Number(row?.users), waiting: Number(row?.waiting), failed: Number(row?.failed) };
}

/** Runs the whole measurement. Throws if a person is missing at the end. */
export async function measureImports(place: Place, quick: boolean): Promise<void> {
  const { origin, pool } = place;
  const people = quick ? 5_000 : 100_000;
  const token = await fetchToken(origin);
  const { rows } = await pool.query<{ id: string }>(`select id from connections where strategy = 'auth0' limit 1`);
  const connectionId = rows[0]?.id ?? '';
  const memory: number[] = [];
  const watch = setInterval(() => memory.push(rssMb(place.pid())), 1_000);
  const start = performance.now();
  let down = 0;
  for (let job = 0; job < people / A_FILE; job += 1) {
    await putIn(origin, token, connectionId, job);
    if (job !== Math.floor(people / A_FILE / 2)) continue;
    const killed = performance.now();
    await place.killAndStart();
    // Does not wait for the killed server's job: another server takes it over only after its lease of a minute.
    while ((await readDone(pool)).waiting > 1) await pause(100);
    down = performance.now() - killed;
  }
  while ((await readDone(pool)).waiting > 0) await pause(100);
  clearInterval(watch);
  const seconds = (performance.now() - start - down) / 1_000;
  const { users, failed } = await readDone(pool);
  if (users !== people || failed !== 0) throw new Error(`import: ${users} of ${people} people, ${failed} failed`);
  const half = memory.length / 2;
  const most = (list: readonly number[]) => Math.max(0, ...list);
  note(
    `import: ${people} people, ${Math.round(people / seconds)}/s; memory ${most(memory.slice(0, half))} MB, later ${most(memory.slice(half))} MB; killed once, ${Math.round(down / 1_000)} s until the interrupted job went on`,
  );
  add({ name: 'import', rate: Math.round(people / seconds), rss: most(memory) });
}
