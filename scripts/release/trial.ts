/**
 * Tries a tarball as its documents tell people to. npm installs it into an empty folder; `vestibule serve` runs there
 * with its bundled database and its defaults, answers, and stops at Ctrl-C. Uses nothing of the checkout, and passes no
 * variable of the maintainer's to the server.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../../bench/processes.js';
import { playStart } from '../smoke-start.mjs';

const run = promisify(execFile);

/** Returns the environment without npm's settings of this run, which contain the folder of the checkout. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
}

/**
 * Installs `tarball` into the empty folder `folder` by the guide's command. Returns the number of packages. Throws with
 * npm's output.
 */
export async function install(tarball: string, folder: string): Promise<number> {
  const args = ['install', '--prefix', folder, '--omit=dev', '--no-audit', '--no-fund', tarball];
  await run('npm', args, { cwd: folder, env: cleanEnvironment() });
  const lock = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: object;
  };
  if (!readdirSync(join(folder, 'node_modules/.bin')).includes('vestibule'))
    throw new Error('npm made no command vestibule');
  return Object.keys(lock.packages).length;
}

/** Returns the text of an answer with status 200; throws for any other answer. */
async function get(address: string): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${address} answers ${response.status}: ${text.slice(0, 200)}`);
  return text;
}

/** Requests the addresses that people and programs use first. Throws for the first wrong answer. */
async function look(origin: string): Promise<void> {
  const discovery = JSON.parse(await get(`${origin}/.well-known/openid-configuration`)) as {
    issuer: string;
    jwks_uri: string;
  };
  if (discovery.issuer !== `${origin}/`) throw new Error(`the issuer is ${discovery.issuer}, not ${origin}/`);
  if (!(await get(discovery.jwks_uri)).includes('"kid"')) throw new Error('there is no key to check tokens with');
  for (const page of ['/console', '/console/help/']) {
    const script = /<script[^>]+src="([^"]+)"/.exec(await get(origin + page))?.[1];
    if (script === undefined) throw new Error(`${page} has no program`);
    await get(new URL(script, origin + page).href);
  }
}

/**
 * Serves from `folder`, and returns the seconds until the server was ready. Throws with the reason and its last lines.
 */
export async function serve(folder: string): Promise<number> {
  const started = performance.now();
  let seconds = 0;
  let output = '';
  const { PATH, HOME } = process.env;
  const PORT = String(await findFreePort());
  try {
    await playStart('npx --no-install vestibule serve', {
      cwd: folder,
      env: { PATH, HOME, PORT },
      see: (chunk) => {
        output += chunk.toString();
      },
      whenReady: () => {
        seconds = (performance.now() - started) / 1000;
        // Uses the default name, which does not depend on the address it listens at.
        return look(`http://localhost:${PORT}`);
      },
    });
  } catch (error) {
    throw new Error(`vestibule serve: ${(error as Error).message}\n${output.trim().split('\n').slice(-15).join('\n')}`);
  }
  return seconds;
}
