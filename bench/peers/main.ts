/**
 * `npm run bench:peers`: whole logins of Vestibule, oidc-provider and better-auth in one run, in turns, on one PostgreSQL
 * and against the same identity provider. Installs better-auth from the registry into a temporary folder, and leaves
 * nothing behind. A run in which a login failed has no result.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedLoop, login } from '../load-driver.mjs';
import { ssoScenario } from '../logins.js';
import { countFailures, measureBlocks, note, type Result, type Target } from '../measure.js';
import { findFreePort, firstLine, startProgram, stopProgram, waitUntilReady } from '../processes.js';
import { setUp } from '../setup.js';
import { createDatabase, environment, type Stand, startStand } from '../stand.js';
import { type Application, betterAuthScenario, CALLBACK, oidcProviderScenario } from './scenarios.js';

const HELP = `npm run bench:peers [-- --quick]

  --quick   fewer logins

Installs better-auth into a temporary folder, so it needs the npm registry.`;
/** The packages, and the versions of their peers that belong to them. */
const PACKAGES = [
  ...['better-auth@1.7.5', '@better-auth/core@1.7.5', '@better-auth/oauth-provider@1.7.5', '@better-auth/sso@1.7.5'],
  ...['@better-auth/utils@0.4.2', '@better-fetch/fetch@1.3.2', 'better-call@1.4.0', 'pg@8.23.1'],
];
const SECRET = 'the secret of the application, of some length';

interface Peer {
  readonly name: string;
  readonly pid: number;
  readonly run: (index: number) => Promise<{ ok: boolean; error?: unknown }>;
  end(): Promise<void>;
}

/** Starts a program that prints one line when it serves. */
async function startPeer(script: string, cwd: string | undefined, env: Record<string, string>) {
  const child = startProgram(process.execPath, [script], env, cwd);
  return { line: await firstLine(child), pid: child.pid ?? 0, end: () => stopProgram(child) };
}

async function startVestibule(stand: Stand): Promise<Peer> {
  const port = await findFreePort();
  const settings = {
    DATABASE_URL: await createDatabase(stand.databaseUrl, 'peer_vestibule'),
    VESTIBULE_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
  };
  const child = startProgram(process.execPath, ['dist/main.js', 'serve'], environment(port, settings));
  const origin = `http://localhost:${port}`;
  await waitUntilReady(origin);
  const tenant = await setUp(origin, stand.issuer, stand.samlMetadata);
  const scenario = ssoScenario({ origin, tenant }, 'vestibule', tenant.openOrganization, PEOPLE);
  const run = (index: number) => login(scenario, index);
  return { name: 'Vestibule', pid: child.pid ?? 0, run, end: () => stopProgram(child) };
}

async function startOidcProvider(stand: Stand): Promise<Peer> {
  const { line, ...process } = await startPeer('bench/peers/oidc-provider.mjs', undefined, {
    PORT: String(await findFreePort()),
    ISSUER: stand.issuer,
    DATABASE_URL: await createDatabase(stand.databaseUrl, 'peer_oidc_provider'),
    CALLBACK,
    SECRET,
  });
  const scenario = oidcProviderScenario({ origin: line, clientId: 'app', clientSecret: SECRET }, PEOPLE);
  return { name: 'oidc-provider 9.13', ...process, run: (index) => login(scenario, index) };
}

async function startBetterAuth(stand: Stand, folder: string): Promise<Peer> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  note('installing better-auth …');
  execFileSync('npm', ['install', '--loglevel=error', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  copyFileSync('bench/peers/better-auth.mjs', join(folder, 'server.mjs'));
  const { line, ...process } = await startPeer('server.mjs', folder, {
    PORT: String(await findFreePort()),
    ISSUER: stand.issuer,
    DATABASE_URL: await createDatabase(stand.databaseUrl, 'peer_better_auth'),
    CALLBACK,
  });
  const scenario = betterAuthScenario(JSON.parse(line) as Application, PEOPLE);
  return { name: 'better-auth 1.7.5', ...process, run: (index) => login(scenario, index) };
}

const PEOPLE = { prefix: 'back', users: 1_000 };
const SIZES = { full: { warm: 3_000, block: 600 }, quick: { warm: 300, block: 100 } };

/** Prints a row for each server, and its ratios to Vestibule. */
function printTable(rows: readonly Result[]): void {
  const [own] = rows;
  if (own === undefined) return;
  const cells = (row: Result) => [
    row.name.padEnd(20),
    ...[row.rate, row.p50, row.p99, row.signatures ?? 0, row.spread ?? 0, row.dbSignatures ?? 0].map((value) =>
      value.toFixed(1).padStart(9),
    ),
    ((own.signatures ?? 0) / (row.signatures ?? 1)).toFixed(2).padStart(14),
    (own.rate / row.rate).toFixed(2).padStart(15),
  ];
  console.log(
    `${' '.repeat(20)}      per s    p50 ms    p99 ms    server   spread  database  our CPU to its  our rate to its`,
  );
  for (const row of rows) console.log(cells(row).join(' '));
  console.log('server and database: RS256 signatures a login. A returning person, at 16 at once.');
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((word) => !['--help', '--quick'].includes(word));
  if (unknown !== undefined) {
    console.error(`${unknown} is no option of this command\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  if (args.includes('--help')) return console.log(HELP);
  const { warm, block } = SIZES[args.includes('--quick') ? 'quick' : 'full'];
  const work = mkdtempSync(join(tmpdir(), 'vestibule-peers-'));
  const peers: Peer[] = [];
  const stand = await startStand(work);
  try {
    peers.push(await startVestibule(stand), await startOidcProvider(stand));
    const folder = mkdtempSync(join(work, 'better-auth-'));
    peers.push(await startBetterAuth(stand, folder));
    for (const { name, run } of peers) {
      const { ok, errors } = await closedLoop(run, { n: warm, c: 16, first: 0 });
      if (ok < warm) throw new Error(`${name}: ${warm - ok} logins failed, for example: ${Object.keys(errors)[0]}`);
      note(`${name} is warm`);
    }
    const loads = peers.map(({ name, pid, run }) => ({
      target: { pool: stand.pool, serverPid: pid } satisfies Pick<Target, 'pool' | 'serverPid'>,
      load: { name, concurrency: 16, count: block, first: 0, run },
    }));
    const rows = await measureBlocks(loads);
    if (countFailures() > 0) throw new Error(`${countFailures()} of the measured logins failed, so there is no result`);
    printTable(rows);
  } finally {
    for (const peer of peers) await peer.end();
    await stand.end();
    rmSync(work, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
