/**
 * The packed tarball, as somebody installs it: unpacked far from the sources, it has a working `vestibule` command that serves,
 * answers, and stops when it is told to. Dependencies are those of this checkout, so that no network is needed.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let main: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-package-'));
  // As root the database runs under another account, and has to reach its directory.
  await chmod(folder, 0o755);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const name = /"filename": "([^"]+)"/.exec(stdout)?.[1] ?? '';
  await run('tar', ['-xzf', join(folder, name), '-C', folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  main = join(folder, 'package', 'dist', 'main.js');
}, 180_000);

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
      'dist/actions/bundles/child.cjs',
      'dist/actions/bundles/auth0-4.cjs',
      'dist/actions/bundles/THIRD-PARTY-LICENSES.txt',
      'sql/0001_initial.sql',
      'sql/0002_actions.sql',
      'LICENSE',
      'NOTICE',
      'README.md',
      'CHANGELOG.md',
    ].filter((path) => !has(path)),
  ).toEqual([]);
  expect(['src', 'test', 'demo', 'bench', '.ci', 'node_modules'].filter(has)).toEqual([]);
  expect(await readFile(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('answers --help and --version', async () => {
  const version = (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  expect((await run(process.execPath, [main, '--version'])).stdout).toBe(`${version}\n`);
  expect((await run(process.execPath, [main, '--help'])).stdout).toContain('Usage: vestibule');
});

test('serves with its bundled database until SIGTERM, and ends with 0', async () => {
  const port = await findFreePort();
  const child = spawn(process.execPath, [main, 'serve'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      VESTIBULE_DATA_DIR: join(folder, 'data'),
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
    child.kill('SIGTERM');
    expect(await ended(child), output).toBe(0);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await Promise.race([ended(child), sleep(10_000)]);
      child.kill('SIGKILL');
    }
  }
}, 120_000);
