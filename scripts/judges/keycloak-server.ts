/**
 * Starts a Keycloak on loopback for a judge. Maven Central supplies it (into `artifacts/judges`), it runs in its
 * development mode, and its admin API sets it up. Used by scripts only, never by a test.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findFreePort } from '../../bench/processes.js';
import { reapAfterUs } from '../../test/support/reaper.js';

const MAVEN_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack';
const ADMIN = { username: 'admin', password: 'admin-of-a-local-run' };
/** Milliseconds until a new access token for the admin API is fetched. A token is valid for a minute. */
const TOKEN_MS = 40_000;
/**
 * Longest silence in the log before the start counts as failed. The first start builds the server: 40 seconds on two
 * idle cores, many minutes on busy ones, half of them without a new line.
 */
const SILENT_MS = 900_000;

export type Json = Record<string, unknown>;

export interface Keycloak {
  readonly origin: string;
  readonly version: string;
  /** Calls the admin API below `/admin`; throws for anything but 2xx. */
  admin<T = Json>(method: string, path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Lets Maven unpack the distribution, once. */
function fetchDistribution(version: string): string {
  const folder = resolve('artifacts/judges');
  const home = join(folder, `keycloak-${version}`);
  if (existsSync(join(home, 'bin', 'kc.sh'))) return home;
  mkdirSync(folder, { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  const args = [
    '-q',
    '-B',
    '-Dstyle.color=never',
    MAVEN_PLUGIN,
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${folder}`,
  ];
  const { status, error } = spawnSync('mvn', args, { stdio: 'inherit', cwd: folder });
  // Without a project, Maven creates a folder with this very name for its note that the archive was unpacked. With that
  // note it would not unpack it again.
  rmSync(join(folder, `\${project.basedir}`), { recursive: true, force: true });
  if (status !== 0) throw new Error(`mvn could not fetch ${artifact}: ${error?.message ?? `exit ${status}`}`);
  return home;
}

function createAdmin(origin: string): Keycloak['admin'] {
  let token = '';
  let fetchedAt = 0;
  const ask = async () => {
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...ADMIN });
    const response = await fetch(`${origin}/realms/master/protocol/openid-connect/token`, { method: 'POST', body });
    if (!response.ok) throw new Error(`no admin token: ${response.status} ${await response.text()}`);
    fetchedAt = performance.now();
    return ((await response.json()) as { access_token: string }).access_token;
  };
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    if (token === '' || performance.now() - fetchedAt > TOKEN_MS) token = await ask();
    const isText = typeof body === 'string';
    const response = await fetch(`${origin}/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': isText ? 'application/xml' : 'application/json' }),
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Keycloak: ${method} ${path}: ${response.status} ${text.slice(0, 400)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
}

/** Waits until Keycloak answers. Throws if it ended, or wrote nothing for SILENT_MS. */
async function waitFor(origin: string, child: ChildProcess, log: string): Promise<void> {
  let said = { bytes: 0, at: performance.now() };
  while (performance.now() - said.at < SILENT_MS) {
    const bytes = statSync(log).size;
    if (bytes !== said.bytes) said = { bytes, at: performance.now() };
    if (child.exitCode !== null) throw new Error(`Keycloak ended with ${child.exitCode}:\n${tailOf(log)}`);
    const isUp = await fetch(`${origin}/realms/master`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((next) => setTimeout(next, 500));
  }
  throw new Error(
    `Keycloak does not answer, and its log has had no new line for ${SILENT_MS / 60_000} minutes:\n${tailOf(log)}`,
  );
}

const tailOf = (log: string): string => readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  process.kill(-child.pid, 'SIGTERM');
  await gone;
}

/** Uses the Keycloak at `KEYCLOAK_URL` (admin: see ADMIN) if that is set; else fetches and starts one. */
export async function startKeycloak(version: string): Promise<Keycloak> {
  const running = process.env.KEYCLOAK_URL;
  if (running !== undefined) return { origin: running, version, admin: createAdmin(running), stop: async () => {} };
  const home = fetchDistribution(version);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const log = join(home, 'judge.log');
  const output = openSync(log, 'w');
  const child = spawn(
    'sh',
    ['bin/kc.sh', 'start-dev', '--db=dev-mem', '--http-host=127.0.0.1', `--http-port=${port}`],
    {
      cwd: home,
      detached: true,
      stdio: ['ignore', output, output],
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
      },
    },
  );
  const over = reapAfterUs({ group: { pid: child.pid ?? 0, command: 'start-dev' } });
  const stop = () => stopGroup(child).finally(over);
  try {
    await waitFor(origin, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin, version, admin: createAdmin(origin), stop };
}
