/**
 * Measures a rollout for a company of 100,000 people: the plan, the move in two parts (the second one resumes), the
 * verification by number, and the move back. Runs the built command as a separate process. SQL writes the rows of the
 * people; the Management API does everything else.
 */
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { add, note } from './measure.js';
import { MACHINE } from './setup.js';

interface Place {
  readonly origin: string;
  readonly pool: pg.Pool;
  /** Folder for the plan and the journal. */
  readonly work: string;
}

async function createOrganization({ origin, pool }: Place): Promise<string> {
  const { access_token: token } = (await (
    await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: MACHINE.id,
        client_secret: MACHINE.secret,
        audience: `${origin}/api/v2/`,
      }),
    })
  ).json()) as { access_token: string };
  const { rows } = await pool.query<{ id: string }>(
    `update connections set domain_aliases = domain_aliases || '{giant.test}',
       options = jsonb_set(options, '{domain_aliases}', options -> 'domain_aliases' || '["giant.test"]')
     where name = 'corp' returning id`,
  );
  const answer = await fetch(`${origin}/api/v2/organizations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'giant', enabled_connections: [{ connection_id: rows[0]?.id }] }),
  });
  return ((await answer.json()) as { id: string }).id;
}

async function addPeople({ pool }: Place, organizationId: string, count: number): Promise<void> {
  const numbers = `from generate_series(1, ${count}) n`;
  const user = `'auth0|' || lpad(to_hex(n), 24, '0')`;
  // A domain of its own. Another organization of the benchmark has proved corp.test, so `verify` would rightly find
  // that nobody with such an address gets in.
  const mail = `'p' || n || '@giant.test'`;
  await pool.query(
    `insert into connections (id, name, strategy, revision, created_at, updated_at) values ('con_giantpasswords1', 'giant-passwords', 'auth0', 'r', now(), now())`,
  );
  await pool.query(
    `insert into users (user_id, email, email_vouched_by, name, created_at, updated_at) select ${user}, ${mail}, 'mail', 'Person ' || n, now(), now() ${numbers}`,
  );
  await pool.query(
    `insert into identities (user_id, id, connection_id, status, subject, is_primary, created_at, bound_at)
     select ${user}, lpad(to_hex(n), 24, '0'), 'con_giantpasswords1', 'bound', lpad(to_hex(n), 24, '0'), true, now(), now() ${numbers}`,
  );
  await pool.query(
    `insert into password_credentials (user_id, connection_id, email, hash, changed_at) select ${user}, 'con_giantpasswords1', ${mail}, '$argon2id$v=19$m=19456,t=2,p=1$x', now() ${numbers}`,
  );
  await pool.query(
    `insert into members (organization_id, user_id, via, first_used_at, created_at) select $1, ${user}, 'invited', now(), date_trunc('milliseconds', now()) + n * interval '1 ms' ${numbers}`,
    [organizationId],
  );
}

interface Ran {
  readonly seconds: number;
  readonly peakMb: number;
  readonly json: { readonly status?: { readonly done: number; readonly undone: number }; readonly prepare?: number };
}

/** Runs the command to its end, and reads its peak memory meanwhile. */
function run({ origin }: Place, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, ['dist/main.js', 'rollout', ...args, '--json'], {
      env: {
        ...process.env,
        VESTIBULE_URL: origin,
        VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.id,
        VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.secret,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let peakKb = 0;
    let text = '';
    const watch = setInterval(() => {
      try {
        peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? peakKb);
      } catch {
        // The process has ended, so its memory can no longer be read.
      }
    }, 50);
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on('close', (code) => {
      clearInterval(watch);
      if (code !== 0) reject(new Error(`rollout ${args.join(' ')} ended with ${code}: ${text.slice(0, 1_000)}`));
      else
        resolve({
          seconds: (performance.now() - start) / 1000,
          peakMb: peakKb / 1024,
          json: JSON.parse(text) as Ran['json'],
        });
    });
  });
}

function tell(name: string, people: number, { seconds, peakMb }: Ran): void {
  const rate = Math.round(people / seconds);
  note(`${name}: ${people} people in ${seconds.toFixed(1)} s, ${rate} a second, at most ${Math.round(peakMb)} MB`);
  add({ name, rate, p50: Math.round(seconds * 1000), rss: Math.round(peakMb) });
}

/** Measures plan, apply, resume and rollback of 100,000 people (10,000 when quick). */
export async function measureRollout(place: Place, quick: boolean): Promise<void> {
  const count = quick ? 10_000 : 100_000;
  const organizationId = await createOrganization(place);
  await addPeople(place, organizationId, count);
  const file = join(place.work, 'giant.jsonl');
  const planned = await run(place, ['plan', '--organization', 'giant', '--connection', 'corp', '--out', file]);
  if (planned.json.prepare !== count) throw new Error(`the plan prepares ${planned.json.prepare} of ${count} people`);
  tell('rollout-plan', count, planned);
  const half = count / 2;
  tell('rollout-apply-half', half, await run(place, ['apply', file, '--limit', String(half)]));
  const rest = await run(place, ['apply', file]);
  if (rest.json.status?.done !== count) throw new Error(`${rest.json.status?.done} of ${count} people are done`);
  tell('rollout-apply-rest', half, rest);
  tell('rollout-verify', count, await run(place, ['verify', file]));
  note(
    `journal: ${(statSync(`${file}.journal`).size / 1_048_576).toFixed(1)} MB, plan: ${(statSync(file).size / 1_048_576).toFixed(1)} MB`,
  );
  tell('rollout-rollback', count, await run(place, ['rollback', file]));
}
