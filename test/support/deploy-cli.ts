/**
 * Runs `auth0-deploy-cli` as published, in a process of its own that trusts the test's authority alone, against a server that speaks https.
 * Must not patch the program: it is a judge.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fetchToken, type Instance, MANAGEMENT_CLIENT } from './instance.js';

const require = createRequire(import.meta.url);
const PROGRAM = require.resolve('auth0-deploy-cli/lib/index.js');

export interface Run {
  readonly exitCode: number;
  /** Both streams. */
  readonly output: string;
}

/** Anything but the tenant and the command: `AUTH0_ALLOW_DELETE` and the like. */
export type Settings = Readonly<Record<string, string>>;

/**
 * `a0deploy` with these arguments. A failure is an answer, not an exception. The program gets a token, since it opens no connection then
 * before it has compiled its schemas: on a busy machine that takes longer than a connection may need to be made.
 */
export async function runDeployCli(
  instance: Pick<Instance, 'origin'>,
  ca: string,
  args: readonly string[],
  settings: Settings = {},
): Promise<Run> {
  const env = {
    PATH: process.env.PATH,
    NODE_EXTRA_CA_CERTS: ca,
    AUTH0_DOMAIN: new URL(instance.origin).host,
    AUTH0_CLIENT_ID: MANAGEMENT_CLIENT.id,
    AUTH0_ACCESS_TOKEN: await fetchToken(instance.origin),
    ...settings,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}

const { load } = createRequire(PROGRAM)('js-yaml') as { load(text: string): unknown };

function readFile(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  return /\.(yaml|json)$/.test(file) ? load(text) : text;
}

/** Fields of a discovery domain that each server draws or dates itself, on Auth0 too. */
const OF_ONE_SERVER: ReadonlySet<string> = new Set(['verification_txt', 'verification_host', 'verified_at']);

/**
 * Things in lists come in the order in which they were made, and the program makes several at once: it sends an organization's connections
 * side by side. Only the order of the Actions of a trigger carries a meaning.
 */
function withoutChance(list: readonly unknown[]): readonly unknown[] {
  const isOrdered = list.some((item) => typeof item !== 'object' || item === null || 'action_name' in item);
  if (isOrdered) return list;
  return list.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

function withoutOnesOwn(value: unknown): unknown {
  if (Array.isArray(value)) return withoutChance(value.map(withoutOnesOwn));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !OF_ONE_SERVER.has(name));
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutOnesOwn(item)]));
}

/** An export as data: its files by name, without what differs from server to server or by chance. */
export function readExport(directory: string): Readonly<Record<string, unknown>> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(directory.length + 1), withoutOnesOwn(readFile(file))] as const;
    }),
  );
}
