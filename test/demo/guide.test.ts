/**
 * The guide to single sign-on, followed word for word: every line of its shell blocks is run, in order, in a folder of its own, with the demo and the
 * Auth0 double as it says; where it says to sign in, somebody does.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Arrival, signInAt } from '../../demo/actions/walker.js';
import { STRANGERS, toEmployee } from '../../demo/company/employees.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort, type Instance, startInstance } from '../support/instance.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const GUIDE = `${root}docs/guides/move-to-sso.md`;
/** Left to the test, which does the same: the demo and the double run already, on other ports. */
const STARTS = /(^npm start$|serve --profile auth0$)/;

/** The lines of all shell blocks, in order. */
function readCommands(): readonly string[] {
  const text = readFileSync(GUIDE, 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
}

interface Ran {
  readonly line: string;
  readonly code: number | null;
  readonly output: string;
}

/** A shell that remembers `export` and functions, as the reader's terminal does. */
class Terminal {
  private readonly remembered: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly env: () => Readonly<Record<string, string>>,
  ) {}

  run(line: string): Promise<Ran> {
    if (/^(export |\w+\(\) \{)/.test(line)) this.remembered.push(line.replace(/VESTIBULE_URL=\S+/, ''));
    return new Promise((resolve, reject) => {
      const script = [...this.remembered, line.startsWith('export') ? ':' : line].join('\n');
      const child = spawn('bash', ['-c', script], {
        cwd: this.folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_UPDATE_NOTIFIER: '1', ...this.env() },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
      child.on('error', reject);
      child.on('close', (code) => resolve({ line, code, output }));
    });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'guide-'));
const client = { id: 'operator', secret: 'a-secret-for-this-guide-only' };
let database: TestDatabase;
let demo: DemoProcess;
let double: Instance;
let at: 'demo' | 'double' = 'demo';
const terminal = new Terminal(folder, () => ({
  VESTIBULE_URL: at === 'demo' ? (demo.addresses.Vestibule ?? '') : double.origin,
}));
const commands = readCommands();
let next = 0;

/** Runs the guide's lines up to the first that fits, and that one. Every one has to succeed. */
async function follow(last: RegExp): Promise<Ran> {
  for (;;) {
    const line = commands[next];
    if (line === undefined) throw new Error(`the guide has no line like ${last} after line ${next}`);
    next += 1;
    if (line.includes('VESTIBULE_URL=http://localhost:3100')) at = 'double';
    if (STARTS.test(line)) continue;
    const command = line.includes('npm run -s people') ? `${line} --idp '${demo.addresses["Globex' IdP"]}'` : line;
    const ran = await terminal.run(command);
    expect({ line, code: ran.code, output: ran.code === 0 ? '' : ran.output }).toEqual({ line, code: 0, output: '' });
    if (last.test(line)) return ran;
  }
}

async function signIn(number: number): Promise<Arrival> {
  const person = [...STRANGERS].find((one) => one.number === number) ?? toEmployee(number);
  const { application = '', Vestibule: vestibule = '', stage = '' } = demo.addresses;
  const home = await (await fetch(`${application}/`)).text();
  const organizationId = /id="sign-in-globex" href="[^"]*organization=(org_\w+)/.exec(home)?.[1] ?? '';
  const idp = demo.addresses["Globex' IdP"] ?? '';
  const addresses = { application, vestibule, stage, globexIdp: idp, acmeIdp: '', evilIdp: '' };
  return signInAt(addresses, { organizationId, idp }, { ...person, key: person.login });
}

beforeAll(async () => {
  for (const name of readdirSync(root)) {
    if (!['artifacts', '.git', '.vestibule'].includes(name)) symlinkSync(join(root, name), join(folder, name));
  }
  database = await createTestDatabase();
  demo = await startDemo({
    PORT: String(await findFreePort()),
    DATABASE_URL: database.url,
    VESTIBULE_DATA_DIR: join(folder, '.vestibule'),
    VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
    VESTIBULE_MANAGEMENT_CLIENT_ID: client.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: client.secret,
  });
  // Without limits and delays, which test/rollout and test/double try: the guide's people would take minutes.
  double = await startInstance({
    profile: 'auth0',
    environment: { VESTIBULE_MANAGEMENT_CLIENT_ID: client.id, VESTIBULE_MANAGEMENT_CLIENT_SECRET: client.secret },
  });
}, 240_000);
afterAll(async () => {
  await double?.stop();
  await demo?.stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('on Vestibule: five hundred people are planned, moved in two parts, one of them killed, verified', async () => {
  const planned = await follow(/rollout plan/);
  expect(planned.output).toMatch(/^Globex: 502 people, 450 to be moved to globex-oidc\. Nothing was changed\./);
  expect(readFileSync(join(folder, 'plan.html'), 'utf8')).toContain('alan.bauer@globex.example');
  expect((await follow(/--limit 5/)).output).toContain('Applied: 5 of 450 people done');
  expect((await follow(/^vestibule rollout apply rollout\.jsonl$/)).output).toContain(
    'Applied: 450 of 450 people done',
  );
  expect((await follow(/rollout verify/)).output).toContain('everything is as planned');
}, 300_000);

test('they sign in as the same users, a stranger does not', async () => {
  const annie = toEmployee(2);
  expect(await signIn(2)).toMatchObject({ inside: true, userId: annie.userId, roles: ['editor'] });
  expect(await signIn(STRANGERS[0]?.number ?? 0)).toMatchObject({ inside: false, reason: expect.any(String) });
}, 60_000);

test('and back, after the decision about who signed in', async () => {
  const first = await follow(/rollout rollback rollout\.jsonl \|\| true$/);
  expect(first.output).toContain(`Signed in by SSO meanwhile; nothing was done to them:\n  ${toEmployee(2).email}`);
  expect((await follow(/--used undo/)).output).toContain('Rolled back: 450 of 450 people as before');
}, 120_000);

test('on Auth0, as the double imitates it', async () => {
  const planned = await follow(/rollout plan/);
  expect(planned.output).toMatch(/^Globex: 102 people, 92 to be moved/m);
  expect(planned.output).toContain('On Auth0 this relies on:');
  expect((await follow(/--limit 5/)).output).toContain('Applied: 5 of 92 people done');
  expect((await follow(/^vestibule rollout apply auth0\.jsonl$/)).output).toContain('Applied: 92 of 92 people done');
  expect((await follow(/rollout verify/)).output).toContain('everything is as planned');
  expect((await follow(/rollout rollback/)).output).toContain('Rolled back: 92 of 92 people as before');
  expect(next, 'every line of the guide was followed').toBe(commands.length);
}, 600_000);

test('the people whom the guide names are those that it says', () => {
  const text = readFileSync(GUIDE, 'utf8');
  expect([1, 2].map((number) => text.includes(toEmployee(number).email))).toEqual([true, true]);
  expect(text).toContain(STRANGERS[0]?.email);
  expect([toEmployee(21).kind, text.includes(toEmployee(21).email)]).toEqual(['contractor', true]);
});
