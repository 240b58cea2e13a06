/**
 * Installs the client libraries of the judge `browser-clients.ts` at fixed versions, from npm and PyPI into the user's
 * cache, once for each set of versions. Runs none of their install scripts, and adds nothing to the repository. Needs
 * `npm`, and `python3` (or PYTHON) with `venv`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const NPM_PACKAGES = {
  '@auth0/auth0-spa-js': '2.28.3',
  '@auth0/auth0-react': '2.27.0',
  '@auth0/nextjs-auth0': '4.30.0',
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
} as const;

const PYOTP = { pyotp: '2.12.1' } as const;
export const PYTHON_PACKAGES = { 'auth0-python': '6.8.0', authlib: '1.9.10' } as const;
/** In an environment of its own: it and auth0-python are both the module `auth0`. */
export const ORGANIZATION_PACKAGES = { 'myorganization-python': '2.0.0' } as const;

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vestibule-judges');

/** Runs a program to its end. Throws with the last part of its output if it fails. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const channel of [child.stdout, child.stderr])
      channel.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
    child.on('error', (error) => reject(new Error(`${file} cannot be started: ${error.message}`)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} ${args[0]} ended with ${code}: ${text.slice(-2_000)}`)),
    );
  });
}

/**
 * Returns a folder for these packages. At the first time `install` fills it, and a mark says that it was filled
 * completely.
 */
export async function fillOnce(
  name: string,
  packages: object,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const version = createHash('sha256').update(JSON.stringify(packages)).digest('hex').slice(0, 12);
  const folder = join(CACHE, `${name}-${version}`);
  const mark = join(folder, 'complete');
  if (existsSync(mark)) return folder;
  mkdirSync(folder, { recursive: true });
  await install(folder);
  writeFileSync(mark, '');
  return folder;
}

/** Returns the folder whose `node_modules` contains {@link NPM_PACKAGES}. */
export function installNpmClients(): Promise<string> {
  return fillOnce('browser-clients', NPM_PACKAGES, async (cwd) => {
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, dependencies: NPM_PACKAGES }));
    await runProgram('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd });
  });
}

async function installPython(name: string, packages: Readonly<Record<string, string>>): Promise<string> {
  const folder = await fillOnce(name, packages, async (cwd) => {
    await runProgram(process.env.PYTHON ?? 'python3', ['-m', 'venv', '.'], { cwd });
    const pinned = Object.entries(packages).map(([one, version]) => `${one}==${version}`);
    await runProgram(join(cwd, 'bin', 'pip'), ['install', '--quiet', ...pinned], { cwd });
  });
  return join(folder, 'bin', 'python');
}

/** Returns the path of a Python that has {@link PYTHON_PACKAGES}. */
export const installPythonClients = (): Promise<string> => installPython('python-clients', PYTHON_PACKAGES);

/** Returns the path of a Python that has {@link ORGANIZATION_PACKAGES}. */
export const installOrganizationClient = (): Promise<string> =>
  installPython('organization-client', ORGANIZATION_PACKAGES);

/** Returns the path of a Python that has pyotp. */
export const installPyotp = (): Promise<string> => installPython('pyotp', PYOTP);
