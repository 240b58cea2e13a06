/**
 * A tenant of Auth0's (the double), its cast, and `vestibule guard` as an administrator runs it: a real process that knows the tenant by its
 * address and a machine client alone.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import type { DoubleFacts } from '../../src/double/facts.js';
import { type Run, runVestibule } from '../cli/run-vestibule.js';
import { COMPILED } from './compiled.js';
import type { Visit } from './http-browser.js';
import { MANAGEMENT_CLIENT } from './instance.js';
import { answerOf, type Stage, useStage } from './stage.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface GuardRig {
  readonly stage: Stage;
  /** A folder of the test's own, for plans and state files. */
  readonly folder: string;
  /** Environment of a command. */
  readonly env: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<Run>;
  /** Starts it and kills it as soon as `isTime`. Returns whether it ended with 0 before that. */
  runUntil(isTime: () => Promise<boolean>, ...args: string[]): Promise<boolean>;
  /** Runs it, expects it to end with 0, and parses what `--json` printed. */
  json<T>(...args: string[]): Promise<T>;
  /** Arguments of an installation for Acme. */
  installation(...more: string[]): string[];
  install(...more: string[]): Promise<Run>;
  uninstall(...more: string[]): Promise<Run>;
  /** Somebody whom the company's identity provider knows; returns the id of their user. */
  employ(name: string, more?: { email?: string; email_verified?: boolean }): string;
  /** Through the company's connection and its identity provider; what the application is told. */
  enter(name: string): Promise<Readonly<Record<string, string>>>;
  isMember(userId: string): Promise<boolean>;
  /** Waits for the tenant to show that the user is no member; fails if it never does. */
  untilNoMember(userId: string): Promise<void>;
  /** Waits until no removal of a member is under way: on a busy machine one can come after the next step otherwise. */
  untilRemoved(): Promise<void>;
  rolesOf(userId: string): Promise<readonly string[]>;
}

/** Sets it up before the tests of a file and takes it down afterwards. */
export function useGuardRig(facts: Partial<DoubleFacts> = {}): GuardRig {
  const stage = useStage({ https: true, profile: 'auth0', facts });
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vestibule-guard-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const acme = () => `/organizations/${stage.cast.acme.id}`;
  const rig: GuardRig = {
    stage,
    get folder() {
      return folder;
    },
    get env() {
      return {
        AUTH0_DOMAIN: new URL(stage.instance.origin).host,
        AUTH0_CLIENT_ID: MANAGEMENT_CLIENT.id,
        AUTH0_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
        NODE_EXTRA_CA_CERTS: stage.authority,
      };
    },
    run: (...args) => runVestibule(['guard', ...args], rig.env),
    async runUntil(isTime, ...args) {
      const child = spawn(process.execPath, [...COMPILED, 'guard', ...args], {
        cwd: root,
        stdio: 'ignore',
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...rig.env },
      });
      let code: number | null | undefined;
      const ended = new Promise<void>((resolve) => {
        child.on('close', (value) => {
          code = value;
          resolve();
        });
      });
      while (code === undefined && !(await isTime())) await sleep(2);
      child.kill('SIGKILL');
      await ended;
      return code === 0;
    },
    async json(...args) {
      const run = await rig.run(...args, '--json');
      expect(run.code, run.stderr).toBe(0);
      return JSON.parse(run.stdout);
    },
    installation: (...more) => [
      ...['install', '--organization', 'acme', '--connection', 'acme-oidc', '--link-domain', 'acme.example'],
      ...['--settle', '0', '--state', join(folder, 'state.json'), ...more],
    ],
    install: (...more) => rig.run(...rig.installation(...more)),
    uninstall: (...more) => rig.run('uninstall', '--state', join(folder, 'state.json'), ...more),
    employ(name, { email = `${name}@acme.example`, email_verified = true } = {}) {
      stage.cast.people[name] = { sub: `idp-${name}`, email, email_verified };
      return `oidc|acme-oidc|idp-${name}`;
    },
    enter: (name) =>
      answerWhenFree(async () => {
        const visitor = stage.visitor();
        return visitor.signInAtIdp(await visitor.open({ connection: 'acme-oidc' }), name);
      }),
    async isMember(userId) {
      const path = `/users/${encodeURIComponent(userId)}/organizations`;
      const found = await fetchIfThere<{ id: string }[]>(stage, path);
      return (found ?? []).some(({ id }) => id === stage.cast.acme.id);
    },
    untilNoMember: (userId) => expect.poll(() => rig.isMember(userId), { timeout: 15_000 }).toBe(false),
    async untilRemoved() {
      // Twice in a row: a request may be between its socket and its transaction.
      for (let quiet = 0; quiet < 2; await sleep(5)) quiet = stage.instance.removalsAreDone() ? quiet + 1 : 0;
    },
    async rolesOf(userId) {
      const roles = await stage.instance.api<{ name: string }[]>(
        'GET',
        `${acme()}/members/${encodeURIComponent(userId)}/roles`,
      );
      return roles.map(({ name }) => name).sort();
    },
  };
  return rig;
}

/**
 * Signs in and returns what the application is told. On a busy machine no process for Actions may be free in time: the
 * page asks to start again then, and so does this, five times at most.
 */
export async function answerWhenFree(signIn: () => Promise<Visit>): Promise<Readonly<Record<string, string>>> {
  let visit = await signIn();
  for (let tries = 1; visit.status === 503 && tries < 5; tries += 1) visit = await signIn();
  return answerOf(visit);
}

async function fetchIfThere<T>(stage: Stage, path: string): Promise<T | undefined> {
  try {
    return await stage.instance.api<T>('GET', path);
  } catch (error) {
    if (error instanceof Error && error.message.includes(': 404 ')) return undefined;
    throw error;
  }
}
