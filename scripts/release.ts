/**
 * `npm run release`: makes the package of this version, tests it, and prints the remaining steps. Checks the checkout,
 * packs it, checks the tarball's files and licences, installs it by npm into an empty folder and serves from there.
 * Never makes a tag and never publishes: a person does that.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ROOT } from './docs/find-documents.js';
import { readLicences } from './licences.mjs';
import { findNaming, findStrays, judgeLicences, LICENCE_LISTS } from './release/contents.js';
import { findFaults, listChanges, listTracked, readCheckout } from './release/state.js';
import { install, serve } from './release/trial.js';

const USAGE = 'Usage: npm run release    (no options; CONTRIBUTING.md, "A release", says what to do before and after)';

const PLACE = join(ROOT, 'artifacts/release');
const LAST_LINES = 30;

const run = promisify(execFile);

/** The release cannot be made. The message has one reason on each line. */
class Refusal extends Error {}

function refuseIf(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new Refusal(reasons.join('\n'));
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Runs one step and prints its line with the text that `act` returns. */
async function step(name: string, act: () => string | Promise<string>): Promise<void> {
  process.stdout.write(`${name.padEnd(9)} `);
  console.log(await act());
}

/** Builds and packs into `folder`. `npm pack` builds dist/ and the documentation, and fails where a type is wrong. */
async function pack(folder: string): Promise<void> {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, maxBuffer: 1 << 26 });
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function judgeFiles(unpacked: string, paths: readonly string[]): void {
  const strays = findStrays(paths, listTracked());
  refuseIf(strays.map((path) => `${path} does not belong into the package: package.json, "files", or remove it.`));
  // Guides mention the home of root, so it is no finding.
  const places = [ROOT.replace(/\/$/, ''), ...(homedir().split('/').length > 2 ? [homedir()] : [])];
  refuseIf(findNaming(unpacked, paths, places).map((path) => `${path} names a path of this machine.`));
}

function judgeAllLicences(unpacked: string): string {
  const lists = LICENCE_LISTS.map((path) => {
    const file = join(unpacked, path);
    return { path, list: existsSync(file) ? readFileSync(file, 'utf8') : undefined };
  });
  refuseIf(lists.flatMap(({ path, list }) => judgeLicences(path, list)));
  const packages = new Set(lists.flatMap(({ list = '' }) => readLicences(list).map(({ name }) => name)));
  return `${packages.size} bundled packages, each with its text, in ${lists.length} lists; our own in LICENSE and NOTICE`;
}

/** Builds the image if a container engine is running. Otherwise prints the command to do so. */
function buildImage(version: string): string {
  const rest = `-f deploy/Containerfile -t vestibule:${version} .`;
  const commands = { docker: `docker build ${rest}`, podman: `podman build --format docker ${rest}` };
  for (const [engine, command] of Object.entries(commands)) {
    if (spawnSync(engine, ['info'], { stdio: 'ignore', timeout: 20_000 }).status !== 0) continue;
    const { status, stderr } = spawnSync(engine, command.split(' ').slice(1), {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(`${command}\n${stderr}`);
    return `vestibule:${version}, built by ${engine}`;
  }
  return `not built, since neither docker nor podman runs here. Where one does: ${commands.docker}`;
}

async function release(aside: string): Promise<void> {
  const checkout = readCheckout();
  const { version } = checkout;
  await step('checkout', () => {
    refuseIf(findFaults(checkout));
    return `${version}: committed, in the changelog, migrations frozen; the tag v${version} is ${checkout.tagged ? 'here' : 'free'}`;
  });
  const tarball = join(aside, `vestibule-${version}.tgz`);
  await step('build', async () => {
    rmSync(PLACE, { recursive: true, force: true });
    await pack(aside);
    return `${basename(tarball)}, with the console and the documentation`;
  });
  const unpacked = join(aside, 'package');
  await step('files', async () => {
    await run('tar', ['-xzf', tarball, '-C', aside]);
    const paths = listFiles(unpacked);
    judgeFiles(unpacked, paths);
    const bytes = readFileSync(tarball);
    const sum = createHash('sha256').update(bytes).digest('hex');
    return `${paths.length} files, ${megabytes(bytes.length)}; SHA-256 ${sum}`;
  });
  await step('licences', () => judgeAllLicences(unpacked));
  const installed = join(aside, 'installed');
  mkdirSync(installed);
  await step('install', async () => `${await install(tarball, installed)} packages by npm, into an empty folder`);
  await step('serve', async () => {
    const seconds = (await serve(installed)).toFixed(0);
    return `ready after ${seconds} s with the bundled PostgreSQL; discovery, keys, console, help; stopped by Ctrl-C`;
  });
  await step('image', () => buildImage(version));
  refuseIf(listChanges().length > 0 ? ['The build changed files that git knows: git diff shows them.'] : []);
  // Creates the folder only now, so that it never contains a package that was not proved.
  mkdirSync(PLACE, { recursive: true });
  copyFileSync(tarball, join(PLACE, basename(tarball)));
  const place = relative(ROOT, join(PLACE, basename(tarball)));
  const tag = checkout.tagged ? '' : `git tag -a v${version} -m 'Vestibule ${version}' && `;
  console.log(`made      ${place}

Next:
  TEST_SHARE=1/1 .ci/run    # unless it has passed at this commit
  ${tag}git push origin v${version}
  npm publish ${place}    # or hand the file out: docs/guides/production.md`);
}

/** Parses the command line. Returns an exit code if there is nothing to release: for help or a wrong argument. */
function readArguments(): number | undefined {
  try {
    const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
    if (values.help !== true) return undefined;
    console.log(USAGE);
    return 0;
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
}

/** Returns the reason of a failure: the reasons of a refusal, or the last lines of a failed step. */
function explain(error: unknown): string {
  const { message } = error as Error;
  const lines = error instanceof Refusal ? message.split('\n') : message.trim().split('\n').slice(-LAST_LINES);
  return `${error instanceof Refusal ? 'refused' : 'failed'}\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

async function main(): Promise<number> {
  const early = readArguments();
  if (early !== undefined) return early;
  const aside = mkdtempSync(join(tmpdir(), 'vestibule-release-'));
  // As root the database runs under another account, and has to reach its directory.
  chmodSync(aside, 0o755);
  process.once('exit', () => rmSync(aside, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  try {
    await release(aside);
    return 0;
  } catch (error) {
    console.error(explain(error));
    return 1;
  }
}

process.exitCode = await main();
