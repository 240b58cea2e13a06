/**
 * Installs and runs code exactly as a page prints it, in a folder of its own: the install commands, the files with the
 * secrets filled in, the start commands. Adds nothing to the repository; `remove` deletes the folder and stops its
 * programs.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CodeFacts, CodeFile, Kit } from '../../src/console/pages/applications/kits/kit.js';
import { runProgram } from './client-packages.js';

const UP_MS = 120_000;

/** Returns the environment of a person's shell, without the variables that `npx` adds for this program. */
export function shellEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_OPTIONS$|^NODE_ENV$/i.test(name));
  return { ...Object.fromEntries(own), NEXT_TELEMETRY_DISABLED: '1', ...more };
}

/** Returns a file after the changes that its comments ask a person to make. */
function fillIn(text: string, secret: string): string {
  return text
    .replace(/^(CLIENT_SECRET|AUTH0_CLIENT_SECRET)=$/m, `$1=${secret}`)
    .replace(/^(COOKIE_SECRET|AUTH0_SECRET)=$/m, `$1=${randomBytes(32).toString('hex')}`);
}

function write(folder: string, files: readonly CodeFile[], secret: string): void {
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), fillIn(text, secret));
  }
}

/** Returns name and version of every Python package in `packages`. */
const pythonVersions = (packages: string) =>
  readdirSync(packages).flatMap((name) => {
    const [, title, version] = /^(.+)-([^-]+)\.dist-info$/.exec(name) ?? [];
    return title === undefined ? [] : [`${title} ${version}`];
  });

function npmVersions(folder: string): readonly string[] {
  const read = (path: string) => JSON.parse(readFileSync(join(folder, path, 'package.json'), 'utf8')) as Package;
  const { dependencies = {}, devDependencies = {} } = read('.');
  return Object.keys({ ...dependencies, ...devDependencies }).map(
    (name) => `${name} ${read(`node_modules/${name}`).version}`,
  );
}

/** Returns the Go modules that the program requires, and the toolchain. */
function goVersions(folder: string): readonly string[] {
  const text = readFileSync(join(folder, 'go.mod'), 'utf8');
  return [...text.matchAll(/^(?:go|\t\S+) [\w.+-]+/gm)].map(([line]) => line.trim());
}

/** Returns the parent of a Maven project, which decides all versions. */
function mavenVersions(folder: string): readonly string[] {
  const text = readFileSync(join(folder, 'pom.xml'), 'utf8');
  const [, name, version] = /<artifactId>([\w-]+)<\/artifactId>\s*<version>([\w.]+)</.exec(text) ?? [];
  return name === undefined ? [] : [`${name} ${version}`];
}

interface Package {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Returns the installed versions. */
function readVersions(folder: string): readonly string[] {
  const names = readdirSync(folder);
  if (names.includes('package.json')) return npmVersions(folder);
  if (names.includes('go.mod')) return goVersions(folder);
  if (names.includes('pom.xml')) return mavenVersions(folder);
  if (names.includes('my-app')) return npmVersions(join(folder, 'my-app'));
  if (!names.includes('.venv')) return [];
  const library = join(folder, '.venv', 'lib');
  return readdirSync(library).flatMap((name) => pythonVersions(join(library, name, 'site-packages')));
}

export interface Printed {
  /** Names and versions of the packages that the commands installed. */
  readonly versions: readonly string[];
  /** Runs the start commands to their end and returns their output. Rejects if one fails. */
  runToEnd(secret?: string): Promise<string>;
  /** Starts the program and waits until it answers at `address`. */
  startAt(address: string): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a shell with its own process group, so that all of its programs can be stopped together. */
export function startShell(text: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn('bash', ['-euc', text], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const channel of [child.stdout, child.stderr])
    channel.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  const over = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await over;
  };
  return { over, stop, said: () => said };
}

export async function waitUntilUp(address: string, shell: ReturnType<typeof startShell>): Promise<void> {
  const end = performance.now() + UP_MS;
  let isOver = false;
  void shell.over.then(() => {
    isOver = true;
  });
  for (;;) {
    if (await fetch(address, { redirect: 'manual' }).then(Boolean, () => false)) return;
    if (isOver || performance.now() > end) throw new Error(`${address} is not up: ${shell.said().slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * Installs the code of a page and writes its files. The variables `trust` make its programs accept the server's
 * certificate.
 */
export async function print(
  kit: Kit,
  facts: CodeFacts,
  { secret, trust }: { readonly secret: string; readonly trust: Readonly<Record<string, string>> },
): Promise<Printed> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-ready-'));
  const stops: (() => Promise<void>)[] = [];
  const remove = async () => {
    for (const stop of stops) await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await runProgram('bash', ['-euc', kit.install(facts)], { cwd: folder, env: shellEnvironment() });
  } catch (error) {
    await remove();
    throw error;
  }
  write(folder, kit.files(facts), secret);
  return {
    versions: readVersions(folder),
    async runToEnd(another = secret) {
      write(folder, kit.files(facts), another);
      const shell = startShell(kit.start(facts), folder, shellEnvironment(trust));
      const code = await shell.over;
      if (code !== 0) throw new Error(shell.said());
      return shell.said();
    },
    async startAt(address) {
      const shell = startShell(kit.start(facts), folder, shellEnvironment(trust));
      stops.push(shell.stop);
      await waitUntilUp(address, shell);
    },
    remove,
  };
}
