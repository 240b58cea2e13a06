/**
 * `npm run restore-rehearsal`: people sign in at a server whose PostgreSQL is archived by pgBackRest (deploy/pgbackrest.conf).
 * An operator deletes an organization by mistake, and the database is restored to the second before, beside the first one.
 * Then the machine is gone, and the archive is restored to its end. Compares tables by digests, looks for every login that
 * a browser saw, and signs people in at each copy, with the key and without. Writes the table of docs/reliability.md.
 * Needs Debian's postgresql and pgbackrest, and listens on 127.0.0.1 only. Takes two minutes.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agent } from '../bench/load-driver.mjs';
import { findFreePort, waitUntilReady } from '../bench/processes.js';
import { type BenchTenant, MACHINE, setUp } from '../bench/setup.js';
import { keyOf, type SeenLogin } from './cluster/judge.js';
import { Load } from './cluster/load.js';
import { killAll, Programs } from './cluster/programs.js';
import { findStored } from './cluster/rehearse.js';
import { replaceTable } from './cluster/table.js';
import { findAccount, findPostgresql, findProgram } from './cluster/tools.js';
import { findReason } from './cluster/upgrade.js';
import { onInterrupt } from './kept-run.js';
import { ARCHIVE_SECONDS, makeArchive, type Places, Postgres, readDigests } from './restore/postgres.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = `${ROOT}docs/reliability.md`;
const USAGE = 'npm run restore-rehearsal    (no options; docs/guides/restore.md says what it does)';
const INSTALL = 'apt-get install --no-install-recommends postgresql pgbackrest';
/** Logins a second. */
const RATE = 6;
const SIGN_IN_MS = 8_000;

const say = (text: string) => process.stderr.write(`… ${text}\n`);

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

/** A row of the table: a restore, and how it went. */
interface Row {
  readonly title: string;
  readonly seconds: number;
  readonly seen: number;
  readonly missing: readonly SeenLogin[];
  /** From the first missing login to the failure. */
  readonly lostSeconds: number;
  /** Tables with the same rows as at the time that was restored, of how many; undefined where nobody counted them. */
  readonly tables: { readonly equal: number; readonly of: number } | undefined;
  /** Logins at the copy. */
  readonly signedIn: number;
}

interface Server {
  readonly origin: string;
  readonly name: string;
}

class Rehearsal {
  private readonly key = randomBytes(32).toString('base64');
  private idpPort = 0;

  constructor(private readonly places: Places) {}

  private get programs(): Programs {
    return this.places.programs;
  }

  async startIdp(): Promise<string> {
    this.idpPort = await findFreePort();
    this.programs.prepare('idp', {});
    const env = { IDP_PORT: String(this.idpPort) };
    this.programs.start('idp', { command: process.execPath, args: [`${ROOT}bench/fast-idp.mjs`], env });
    return `http://127.0.0.1:${this.idpPort}`;
  }

  /** Starts a server on a database, by default with the key of all of them. */
  async startServer(name: string, postgres: Postgres, key = this.key): Promise<Server> {
    const port = await findFreePort();
    this.programs.prepare(name, {});
    const env = {
      DATABASE_URL: postgres.url,
      PORT: String(port),
      VESTIBULE_SECRET_KEY: key,
      VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8',
      VESTIBULE_LOG_LINES_PER_MINUTE: '1000000',
      VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.secret,
    };
    this.programs.start(name, { command: process.execPath, args: [`${ROOT}dist/main.js`, 'serve'], env });
    return { origin: `http://localhost:${port}`, name };
  }

  /** Signs people in for a while. Returns the logins that were seen, or throws if one failed. */
  async signIn(
    { origin }: Server,
    tenant: BenchTenant,
    prefix: string,
    ms = SIGN_IN_MS,
  ): Promise<readonly SeenLogin[]> {
    const load = new Load({ origin, tenant }, prefix);
    load.start(RATE);
    await sleep(ms);
    await load.stop();
    if (load.failures.length > 0) throw new Error(`a login failed: ${load.failures[0]?.error}`);
    return load.seen;
  }

  /** Starts a server with another key. Returns what it says; throws if it starts. */
  async tryOtherKey(postgres: Postgres): Promise<string> {
    const { name } = await this.startServer(`${postgres.name}-other-key`, postgres, randomBytes(32).toString('base64'));
    for (let turn = 0; turn < 200; turn++) {
      if (!this.programs.isRunning(name)) return findReason(this.programs.logOf(name));
      await sleep(100);
    }
    throw new Error('a server with another key starts');
  }

  /** Restores into a new cluster, starts a server there, and compares. */
  async restore(name: string, title: string, time: string | undefined, known: Known): Promise<Row> {
    const copy = await Postgres.prepare(this.places, name);
    const startMs = performance.now();
    await copy.restore(time);
    await copy.start();
    const seconds = (performance.now() - startMs) / 1000;
    const digests = await readDigests(copy);
    const names = Object.keys(known.digests);
    const equal = names.filter((table) => digests[table] === known.digests[table]).length;
    const sql = <R extends object>(text: string, values?: readonly unknown[]) => copy.ask<R>(text, 'vestibule', values);
    const stored = await findStored({ sql }, known.tenant.openOrganization, known.seen);
    const missing = known.seen.filter((login) => !stored.has(keyOf(login)));
    say(`a server with another key: ${await this.tryOtherKey(copy)}`);
    const server = await this.startServer(`${name}-server`, copy);
    await waitUntilReady(server.origin);
    const after = await this.signIn(server, known.tenant, `${name}-`);
    const first = Math.min(...missing.map(({ atMs }) => atMs));
    return {
      title,
      seconds,
      seen: known.seen.length,
      missing,
      lostSeconds: missing.length === 0 ? 0 : (known.endMs - first) / 1000,
      tables: names.length > 0 ? { equal, of: names.length } : undefined,
      signedIn: after.length,
    };
  }
}

/** Facts about the time to restore, for the comparison with the copy. */
interface Known {
  readonly tenant: BenchTenant;
  readonly seen: readonly SeenLogin[];
  /** Digests of the tables at that time; none if it is not known. */
  readonly digests: Readonly<Record<string, string>>;
  readonly endMs: number;
}

function findPlaces(base: string): Places {
  const [postgresql, pgbackrest] = [findPostgresql(), findProgram('pgbackrest')];
  if (postgresql === undefined || pgbackrest === undefined)
    fail(`The rehearsal needs postgresql and pgbackrest. On Debian or Ubuntu, as root:\n${INSTALL}`);
  const folders = { data: join(base, 'run'), logs: join(base, 'logs'), archive: join(base, 'archive') };
  for (const folder of [folders.data, folders.logs]) mkdirSync(folder, { mode: 0o755 });
  const account = findAccount();
  makeArchive(folders.archive, account);
  return {
    programs: new Programs(folders.data, folders.logs),
    postgresql,
    pgbackrest,
    account,
    archive: folders.archive,
  };
}

async function deleteOrganization({ origin }: Server, id: string): Promise<void> {
  const credentials = { client_id: MACHINE.id, client_secret: MACHINE.secret, audience: `${origin}/api/v2/` };
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...credentials });
  const { access_token: token } = (await (await fetch(`${origin}/oauth/token`, { method: 'POST', body })).json()) as {
    access_token: string;
  };
  const answer = await fetch(`${origin}/api/v2/organizations/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });
  if (answer.status !== 204) throw new Error(`the organization was not deleted: ${answer.status}`);
}

/** Restores to the second before a mistake, while the first database goes on. */
async function undoMistake(
  rehearsal: Rehearsal,
  origin: Postgres,
  server: Server,
  tenant: BenchTenant,
): Promise<{ row: Row; seen: readonly SeenLogin[] }> {
  say('people sign in; a base backup meanwhile');
  const [early] = await Promise.all([
    rehearsal.signIn(server, tenant, 'early', 12_000),
    origin.backrest('backup', '--type=full'),
  ]);
  const late = await rehearsal.signIn(server, tenant, 'late');
  const digests = await readDigests(origin);
  const [row] = await origin.ask<{ now: string }>('select clock_timestamp()::text as now');
  const endMs = Date.now();
  await sleep(1_500);
  say('an organization is deleted by mistake');
  await deleteOrganization(server, tenant.openOrganization);
  // Archives what is written, and waits for it.
  await origin.backrest('check');
  const seen = [...early, ...late];
  say('restore to the second before');
  const known = { tenant, seen, digests, endMs };
  return { row: await rehearsal.restore('before', 'to the second before a mistake', row?.now, known), seen };
}

/** Restores to the end of the archive after the machine is gone. */
async function replaceMachine(
  rehearsal: Rehearsal,
  origin: Postgres,
  server: Server,
  tenant: BenchTenant,
): Promise<Row> {
  say('people sign in for longer than a segment is kept');
  const other = { ...tenant, openOrganization: tenant.hangingOrganization };
  const load = new Load({ origin: server.origin, tenant: other }, 'last');
  load.start(RATE);
  await sleep((ARCHIVE_SECONDS + 20) * 1_000);
  const seen = [...load.seen];
  const endMs = Date.now();
  await origin.kill();
  say('the machine is gone; restore to the end of the archive');
  const known = { tenant: other, seen, digests: {}, endMs };
  const row = await rehearsal.restore('after', 'to the end of the archive, the machine is gone', undefined, known);
  await load.stop();
  return row;
}

function printRestores(rows: readonly Row[], heading: string): string {
  const columns = ['restore', 'restored in', 'logins seen', 'missing', 'time lost', 'tables', 'logins at the copy'];
  const lines = rows.map(({ title, seconds, seen, missing, lostSeconds, tables, signedIn }) =>
    [
      title,
      `${seconds.toFixed(1)} s`,
      seen,
      missing.length,
      `${lostSeconds.toFixed(0)} s`,
      tables ? `${tables.equal} of ${tables.of} equal` : 'not compared',
      signedIn,
    ].join(' | '),
  );
  return [
    heading,
    '',
    `| ${columns.join(' | ')} |`,
    `|${'---|'.repeat(columns.length)}`,
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}

function printHeading(pgbackrest: string): string {
  const commit = execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const date = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const version = execFileSync(pgbackrest, ['version'], { encoding: 'utf8' }).trim();
  return `${date}, commit ${commit}, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}. ${version}, \`archive_timeout\` ${ARCHIVE_SECONDS} s, ${RATE} logins a second.`;
}

async function play(places: Places): Promise<void> {
  const rehearsal = new Rehearsal(places);
  const issuer = await rehearsal.startIdp();
  const origin = await Postgres.prepare(places, 'first');
  await origin.create();
  await origin.start();
  await origin.ask('create database vestibule', 'postgres');
  await origin.backrest('stanza-create');
  const server = await rehearsal.startServer('server', origin);
  await waitUntilReady(server.origin);
  const tenant = await setUp(server.origin, issuer);
  const mistake = await undoMistake(rehearsal, origin, server, tenant);
  const gone = await replaceMachine(rehearsal, origin, server, tenant);
  const table = printRestores([mistake.row, gone], printHeading(places.pgbackrest));
  console.log(table);
  writeFileSync(DOCUMENT, replaceTable(readFileSync(DOCUMENT, 'utf8'), 'restore', table));
  const { missing, tables } = mistake.row;
  const isWell = missing.length === 0 && tables?.equal === tables?.of && gone.lostSeconds <= ARCHIVE_SECONDS + 5;
  process.exitCode = isWell ? 0 : 1;
}

async function main(): Promise<void> {
  try {
    parseArgs({ options: {} });
  } catch (error) {
    fail(`${(error as Error).message}\n${USAGE}`);
  }
  if (!existsSync(`${ROOT}dist/main.js`)) fail('Build the server first: npm run build');
  const base = mkdtempSync(join(tmpdir(), 'vestibule-restore-'));
  chmodSync(base, 0o755);
  const places = findPlaces(base);
  const end = async () => {
    await killAll(join(base, 'run'));
    rmSync(base, { recursive: true, force: true });
  };
  onInterrupt(() => void end().then(() => process.exit(130)));
  try {
    await play(places);
  } finally {
    await end();
    await agent.close();
  }
}

await main();
