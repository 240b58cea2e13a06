/**
 * Builds Auth0's provider for Terraform from the Go module proxy, in the user's cache, and runs the `terraform` command
 * with the configuration next to this file. Adds nothing to the repository. Needs `go` (or GO) and `terraform` (or
 * TERRAFORM, such as OpenTofu's `tofu`).
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MODULE = 'github.com/auth0/terraform-provider-auth0';
export const PROVIDER_VERSION = '1.54.1';
const GO = process.env.GO ?? 'go';
const TERRAFORM = process.env.TERRAFORM ?? 'terraform';

interface Ended {
  readonly code: number;
  /** Standard output and error output together. */
  readonly text: string;
}

/** Runs a program to its end. Throws if it cannot be started. */
async function run(file: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }) {
  return await new Promise<Ended>((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const channel of [child.stdout, child.stderr])
      channel.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
    child.on('error', (error) => reject(new Error(`${file} cannot be started: ${error.message}`)));
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}

async function runWell(...[file, args, options]: Parameters<typeof run>): Promise<string> {
  const { code, text } = await run(file, args, options);
  // Shows the end of the output, because the error follows after the long plan.
  if (code !== 0)
    throw new Error(`${file} ${args[0]} ended with ${code}: ${text.slice(text.search(/^.{0,2}Error: /m))}`);
  return text;
}

/** Returns the folder with the provider. The first call builds it, which takes minutes. */
export async function buildProvider(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vestibule-judges');
  const folder = join(cache, `terraform-provider-auth0-${PROVIDER_VERSION}`);
  const file = join(folder, `terraform-provider-auth0_v${PROVIDER_VERSION}`);
  if (existsSync(file)) return folder;
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GOFLAGS: '' };
  const text = await runWell(GO, ['mod', 'download', '-json', `${MODULE}@v${PROVIDER_VERSION}`], { cwd: folder, env });
  const { Dir: source } = JSON.parse(text) as { Dir: string };
  await runWell(GO, ['build', '-o', file, '.'], { cwd: source, env });
  return folder;
}

export interface Credentials {
  /** Host and port without a scheme: the provider speaks https only. */
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** File with the authority that signed the server's certificate. */
  readonly ca: string;
}

export interface Terraform {
  /** Applies the configuration. Throws with Terraform's output if it fails. */
  apply(variables: Readonly<Record<string, string>>): Promise<void>;
  /** Returns the changes that are still planned, as Terraform prints them; '' if there are none. */
  plan(variables: Readonly<Record<string, string>>): Promise<string>;
  destroy(variables: Readonly<Record<string, string>>): Promise<void>;
}

/** Makes changes one after the other, so that every run sends the same requests in the same order. */
const ONE_BY_ONE = '-parallelism=1';

/** Runs Terraform with a copy of the configuration in the folder `configuration`. State and settings are in `work`. */
export function createTerraform(
  provider: string,
  configuration: string,
  work: string,
  credentials: Credentials,
): Terraform {
  const cwd = join(work, 'configuration');
  cpSync(configuration, cwd, { recursive: true });
  const settings = join(work, 'terraform.rc');
  const overrides = `dev_overrides { "auth0/auth0" = ${JSON.stringify(provider)} }`;
  writeFileSync(settings, `provider_installation {\n  ${overrides}\n  direct {}\n}\n`);
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: settings,
    CHECKPOINT_DISABLE: '1',
    AUTH0_DOMAIN: credentials.domain,
    AUTH0_CLIENT_ID: credentials.clientId,
    AUTH0_CLIENT_SECRET: credentials.clientSecret,
    SSL_CERT_FILE: credentials.ca,
  };
  const at = (variables: Readonly<Record<string, string>>) => {
    const given = Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
    return { cwd, env: { ...env, ...Object.fromEntries(given) } };
  };
  const flags = ['-input=false', '-no-color', ONE_BY_ONE];
  return {
    async apply(variables) {
      await runWell(TERRAFORM, ['apply', ...flags, '-auto-approve'], at(variables));
    },
    async plan(variables) {
      const { code, text } = await run(TERRAFORM, ['plan', ...flags, '-detailed-exitcode'], at(variables));
      if (code === 1) throw new Error(`the plan failed: ${text}`);
      return code === 0 ? '' : text;
    },
    async destroy(variables) {
      await runWell(TERRAFORM, ['destroy', ...flags, '-auto-approve'], at(variables));
    },
  };
}
