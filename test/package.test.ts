/**
 * The packed tarball, as somebody installs it: by npm, into an empty folder far from the sources, it gives a `vestibule` command
 * that serves, answers, and stops when it is told to. The dependencies come from npm's cache, which `npm ci` has filled; only
 * what the cache lacks is fetched.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findNaming, findStrays, judgeLicences, LICENCE_LISTS } from '../scripts/release/contents.js';
import { toSourcePlaces } from '../src/kernel/source-places.js';
import { listLoaded } from './support/loaded-modules.js';
import { PACK_MS, packOnce } from './support/tarball.js';
import { startTraceCollector } from './support/trace-collector.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let installed: string;
let command: string;
/** Why the tarball was not installed by npm; empty when it was. */
let notInstalled = '';

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
}

/**
 * Writes the lock that `npm install ./vestibule.tgz` would write where the registry answers as it did for this checkout: npm's cache has the
 * tarballs that the lock names, but not the lists of versions that npm would ask for without a lock.
 */
async function writeLock(tarball: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'package', 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const others = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const dependencies = { vestibule: `file:${tarball}` };
  const { version, bin, engines, license } = manifest;
  const own = { version, resolved: `file:${tarball}`, license, dependencies: manifest.dependencies, bin, engines };
  const packages = { '': { dependencies }, 'node_modules/vestibule': own, ...Object.fromEntries(others) };
  await writeFile(join(installed, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await writeFile(
    join(installed, 'package-lock.json'),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
}

/** npm's error when its cache lacks something and there is no registry to ask. */
const NO_REGISTRY = /code (ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|FETCH_ERROR)/;

/** Installs by npm; without a cache and a registry, links the dependencies of this checkout instead and says so. In CI that is a failure. */
async function install(tarball: string): Promise<void> {
  await mkdir(installed);
  await writeLock(tarball);
  try {
    await run('npm', ['install', '--prefer-offline', '--fetch-retries=0', '--no-audit', '--no-fund'], {
      cwd: installed,
    });
    command = join(installed, 'node_modules', '.bin', 'vestibule');
  } catch (error) {
    notInstalled = NO_REGISTRY.exec(String((error as { stderr?: unknown }).stderr))?.[1] ?? '';
    if (notInstalled === '' || process.env.CI) throw error;
    console.warn(`installing the tarball: skipped, npm has neither it in its cache nor a registry (${notInstalled})`);
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    command = join(folder, 'package', 'dist', 'main.js');
    await chmod(command, 0o755);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-package-'));
  installed = join(folder, 'installed');
  // As root the database runs under another account, and has to reach its directory.
  await chmod(folder, 0o755);
  const tarball = await packOnce();
  await run('tar', ['-xzf', tarball, '-C', folder]);
  await install(tarball);
}, PACK_MS);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', resolve));
}

test('carries what it needs and nothing of the sources', async () => {
  const has = (path: string): boolean => existsSync(join(folder, 'package', path));
  expect(
    [
      'dist/main.js',
      'dist/tenant-tools/index.js',
      'dist/tenant-tools/package-types.d.mts',
      'dist/actions/bundles/child.cjs',
      'dist/actions/bundles/lint.cjs',
      'dist/actions/bundles/auth0-4.cjs',
      'dist/console/index.html',
      'dist/docs/index.html',
      'dist/docs/script-hashes.json',
      'sql/0001_initial.sql',
      'LICENSE',
      'NOTICE',
      'README.md',
      'CHANGELOG.md',
    ].filter((path) => !has(path)),
  ).toEqual([]);
  expect(['src', 'test', 'demo', 'bench', '.ci', 'node_modules'].filter(has)).toEqual([]);
  expect(await readFile(join(folder, 'package', 'dist', 'main.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

/** Paths of all files below a folder, from there. */
async function listFiles(from: string): Promise<readonly string[]> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(from, join(entry.parentPath, entry.name)));
}

// The release asks the same and more (scripts/release.ts); here it is asked with each commit.
test('has licences for all that is bundled, no file of unknown origin, and no path of the machine that packed it', async () => {
  const packed = join(folder, 'package');
  for (const path of LICENCE_LISTS) expect(judgeLicences(path, await readFile(join(packed, path), 'utf8'))).toEqual([]);
  const paths = await listFiles(packed);
  const sources = new Set((await listFiles(join(root, 'src'))).map((path) => `src/${path}`));
  const built = paths.filter((path) => path.startsWith('dist/'));
  expect(findStrays(built, sources)).toEqual([]);
  expect(findNaming(packed, paths, [root.replace(/\/$/, '')])).toEqual([]);
});

test('installs into an empty folder, as a command and without what only builds it', async ({ skip }) => {
  skip(notInstalled !== '', notInstalled);
  const has = (path: string): boolean => existsSync(join(installed, 'node_modules', path));
  expect(['.bin/vestibule', 'vestibule/dist/main.js', 'commander/package.json'].filter((path) => !has(path))).toEqual(
    [],
  );
  expect(['typescript', 'vitest', 'esbuild', 'fastify', 'kysely'].filter(has)).toEqual([]);
});

// npm runs it whenever somebody calls `npm install` in the unpacked folder.
test('its `prepare` leaves what came with it as it is', async () => {
  const { stdout, stderr } = await run(process.execPath, ['scripts/prepare.mjs'], { cwd: join(folder, 'package') });
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
  expect(existsSync(join(folder, 'package', 'dist', 'main.js'))).toBe(true);
});

test('answers --help and --version', async () => {
  const version = (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  expect((await run(command, ['--version'])).stdout).toBe(`${version}\n`);
  for (const name of ['', 'serve', 'doctor', 'rollout', 'guard'])
    expect((await run(command, [...name.split(' ').filter(Boolean), '--help'])).stdout).toContain(
      `Usage: ${`vestibule ${name}`.trim()}`,
    );
});

/** The modules that are bundled into these files: the bundler names each in a comment. */
async function listBundled(urls: readonly string[]): Promise<readonly string[]> {
  const ours = [...new Set(urls)].filter((url) => /\/(package|vestibule)\/dist\//.test(url));
  const texts = await Promise.all(ours.map((url) => readFile(fileURLToPath(url), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(/^ *\/\/ ((?:src|.*node_modules)\/\S+)$/gm)].map(([, path = '']) => path),
  );
}

test('a trace of the bundle names our sources', async () => {
  const path = join(folder, 'package', 'dist', 'main.js');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const line = lines.findIndex((text) => text.startsWith('async function runCommandLine(')) + 1;
  expect(toSourcePlaces(`    at runCommandLine (${pathToFileURL(path).href}:${line}:1)`)).toMatch(
    /\(src\/cli\/program\.ts:\d+\)$/,
  );
});

test('gives the tools for a tenant by a door of their own, which loads no server, and no other door', async () => {
  // A package also knows itself by its name: that is how it is asked where npm could not install it.
  const cwd = notInstalled === '' ? installed : join(folder, 'package');
  const ask = (code: string, environment = {}) =>
    run(process.execPath, ['--input-type=module', '-e', code], {
      cwd,
      env: { PATH: process.env.PATH, ...environment },
    });
  const loaded = await listLoaded(async (environment) => {
    const code = "console.log(Object.keys(await import('vestibule/tenant-tools')).join())";
    expect((await ask(code, environment)).stdout).toMatch(/addGuard.*addRollout/);
  });
  const modules = await listBundled(loaded);
  expect(modules.filter((path) => path.startsWith('src/tenant-tools/')).length).toBeGreaterThan(5);
  const server =
    /^src\/(http|storage|connectors|management|tokens|mail|compose|login)\/|node_modules\/(fastify|pg|kysely|preact)\//;
  expect([...modules, ...loaded].filter((path) => server.test(path))).toEqual([]);
  await expect(ask("await import('vestibule/dist/main.js')")).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

/** A program of somebody who uses the package. Its last line is a mistake, which the compiler has to find. */
const USER = `import { Command } from 'commander';
import { addGuard, addRollout, connectTenant, getTenantAccess, RemoteError, type Terminal } from 'vestibule/tenant-tools';

declare const terminal: Terminal;
const program = new Command();
addGuard(program, terminal, (code) => void (code satisfies 0 | 1 | 2 | 3));
addRollout(program, terminal, () => {});
const tenant = await connectTenant(getTenantAccess({ domain: 'login.example.com' }, terminal.env), { tries: 3 });
for await (const clients of tenant.pages('/clients', 'clients')) clients.map(({ name }) => name);
export const wasRefused = (error: unknown) => error instanceof RemoteError && error.end === 'refused';
await tenant.send('GET', '/clients');
`;

test('tells a TypeScript user the types of these tools', async () => {
  const cwd = notInstalled === '' ? installed : join(folder, 'package');
  await writeFile(join(cwd, 'user.mts'), USER);
  const strict = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: [] };
  const compilerOptions = { ...strict, module: 'nodenext', target: 'es2023', lib: ['es2023'] };
  await writeFile(join(cwd, 'user.json'), JSON.stringify({ compilerOptions, files: ['user.mts'] }));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [compiler, '-p', 'user.json'], { cwd }).catch(
    (error: unknown) => error as { readonly stdout: string },
  );
  expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^user\.mts\(11,19\): .*"GET"/)]);
  for (const name of ['user.mts', 'user.json']) await rm(join(cwd, name));
});

/** Serves from the tarball until it is ready, asks it what `ask` asks, and stops it. */
async function serveOnce(
  environment: Readonly<Record<string, string>>,
  ask: (origin: string) => Promise<void> = async () => {},
): Promise<void> {
  const port = await findFreePort();
  const child = spawn(command, ['serve'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      VESTIBULE_DATA_DIR: join(folder, 'data'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    let status = 0;
    for (let tries = 0; tries < 240 && status !== 200 && child.exitCode === null; tries += 1) {
      await sleep(250);
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
      status = response?.status ?? 0;
      await response?.arrayBuffer();
    }
    expect(status, output).toBe(200);
    await ask(`http://127.0.0.1:${port}`);
    child.kill('SIGTERM');
    expect(await ended(child), output).toBe(0);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await Promise.race([ended(child), sleep(10_000)]);
      child.kill('SIGKILL');
    }
  }
}

test('serves with its bundled database until SIGTERM, and ends with 0; it loads nothing that no sign-in needs', async () => {
  const modules = await listBundled(await listLoaded(serveOnce));
  expect(modules).toContain('src/login/pipeline.ts');
  const late =
    /^src\/(connectors\/saml\/connector|mail\/render|http\/metrics|compose\/(double|tracing)|lint\/index|connectors\/factors\/verify)\.ts$|node_modules\/(liquidjs|nodemailer|xml-crypto|@xmldom\/xmldom|prom-client|@simplewebauthn\/server|acorn)\//;
  expect(modules.filter((path) => late.test(path))).toEqual([]);
}, 120_000);

test('sends traces to a collector that the environment names, and compresses files, but no page', async () => {
  const collectorPort = await findFreePort();
  const collector = await startTraceCollector(collectorPort);
  const asset = (await readdir(join(folder, 'package', 'dist', 'console', 'assets'))).find((name) =>
    name.endsWith('.js'),
  );
  const askFor = (url: string) => fetch(url, { headers: { 'accept-encoding': 'br, gzip' } });
  try {
    await serveOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}` }, async (origin) => {
      const script = await askFor(`${origin}/console/assets/${asset}`);
      expect([script.status, script.headers.get('content-encoding')]).toEqual([200, 'br']);
      expect(script.headers.get('vary')).toMatch(/accept-encoding/i);
      await script.arrayBuffer();
      // Attack (BREACH): the length of a compressed answer tells how much of a secret a guess in the address matches.
      const page = await askFor(`${origin}/authorize?client_id=nobody&state=${'guess'.repeat(200)}`);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      expect(page.headers.get('content-encoding')).toBeNull();
      expect(await page.text()).toContain('</html>');
    });
    // Stopping sends what was not sent yet.
    expect(collector.spans.map(({ name }) => name)).toContain('GET /authorize');
  } finally {
    await collector.stop();
  }
}, 120_000);
