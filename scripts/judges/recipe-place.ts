/**
 * Prepares a recipe of docs/guides/recipes.md as a reader would: a folder in the user's cache, filled by the printed
 * commands at fixed versions, with the printed files and the reader's own values in them. Adds nothing to the
 * repository.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../docs/find-documents.js';
import { FRAMEWORKS, type FrameworkId, PRINTED, type Recipe, readQuickstartFile, withPins } from '../docs/recipes.js';
import { fillOnce, runProgram } from './client-packages.js';
import { shellEnvironment, startShell, waitUntilUp } from './printed-code.js';
import { toApacheCommand, UNPACK_APACHE } from './recipe-apache.js';

/** The programs that the printed commands of a recipe run. */
const PROGRAMS: Readonly<Record<FrameworkId, readonly string[]>> = {
  authjs: ['npm'],
  'better-auth': ['npm'],
  passport: ['npm'],
  'oauth2-proxy': ['go'],
  'go-oidc': ['go'],
  django: ['python3'],
  spring: ['mvn', 'java'],
  apache: ['apt-get', 'dpkg-deb'],
};

/** Returns the reason why a recipe cannot be tried on this machine; undefined if it can. */
export function findMissingProgram(id: FrameworkId): string | undefined {
  const missing = PROGRAMS[id].find((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  return missing === undefined ? undefined : `there is no ${missing} on this machine`;
}

/** The values of this run, which replace words of the page. */
export interface Values {
  /** Origin of the server. */
  readonly server: string;
  /** Port of the application. */
  readonly port: number;
  /** Port of an application that runs behind a proxy. */
  readonly behind: number;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Returns a text of the page with the reader's own values. Replaces addresses inside other addresses too. */
export function fillIn(text: string, values: Values): string {
  const { server, port, behind, clientId, clientSecret } = values;
  const host = (address: string) => new URL(address).host;
  const secret = randomBytes(16).toString('hex');
  return (
    [
      [PRINTED.server, server],
      [encodeURIComponent(PRINTED.server), encodeURIComponent(server)],
      [host(PRINTED.server), host(server)],
      [PRINTED.behind, `localhost:${behind}`],
      [PRINTED.port, String(port)],
      [PRINTED.clientId, clientId],
      [PRINTED.clientSecret, clientSecret],
      [PRINTED.random, secret],
    ] as const
  ).reduce((filled, [printed, value]) => filled.replaceAll(printed, value), text);
}

/** File with the names in the folder after the installation. All other names are from earlier runs. */
const INSTALLED = 'installed.json';

/** Installs the recipe's packages at the first run. */
async function install(id: FrameworkId, { install: printed }: Recipe): Promise<string> {
  const commands = id === 'apache' ? UNPACK_APACHE : withPins(printed, FRAMEWORKS[id].pins);
  const folder = await fillOnce(`recipe-${id}`, { commands }, async (cwd) => {
    const env = environment(cwd);
    await runProgram('bash', ['-euc', commands], { cwd, env });
    writeFileSync(join(cwd, INSTALLED), JSON.stringify([...readdirSync(cwd), INSTALLED, 'complete']));
  });
  const kept = new Set(JSON.parse(readFileSync(join(folder, INSTALLED), 'utf8')) as string[]);
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name), { recursive: true });
  return folder;
}

/** Returns the environment of a shell that keeps everything in this folder, programs in Go included. */
function environment(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  return shellEnvironment({ GOBIN: bin, PATH: `${bin}:${process.env.PATH}`, npm_config_ignore_scripts: 'true' });
}

/** Returns the printed files, and the file that the page takes from a quickstart. */
function filesOf({ files, borrowed }: Recipe): readonly { readonly name: string; readonly text: string }[] {
  if (borrowed === undefined) return files;
  const { file, page } = borrowed;
  return [...files, { name: file, text: readQuickstartFile(readFileSync(`${ROOT}${page}`, 'utf8'), file) }];
}

export interface Running {
  /** Stops the application; its folder stays in the cache. */
  stop(): Promise<void>;
}

/** Installs a recipe, writes its files and starts it. Throws with its output if it does not start. */
export async function startRecipe(id: FrameworkId, recipe: Recipe, values: Values): Promise<Running> {
  const folder = await install(id, recipe);
  for (const { name, text } of filesOf(recipe)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, fillIn(text, values));
  }
  const start = id === 'apache' ? toApacheCommand(folder, recipe) : recipe.start;
  const shell = startShell(fillIn(start, values), folder, environment(folder));
  const address = `http://localhost:${values.port}/`;
  await waitUntilUp(address, shell).catch(async (error: unknown) => {
    await shell.stop();
    throw error;
  });
  const stop = async () => {
    await shell.stop();
    if (process.env.JUDGE_LOG_LEVEL !== undefined) process.stderr.write(shell.said());
  };
  return { stop };
}
