/**
 * examples/onboarding as its README has it, command by command: the server over https with an authority of its own, an identity
 * provider, the unmodified SDK, and what the database is told to gain when Sam, Dana and Ivy sign in.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasOpenssl } from '../support/certificate.js';
import { launchChromium, noChromium } from '../support/chromium.js';
import { reapAfterUs } from '../support/reaper.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const blocks = [...readFileSync(join(root, 'examples/onboarding/README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)];
const [terminals = [], [question = ''] = []] = blocks.map((block) => (block[1] ?? '').trim().split('\n'));

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function whyNot(): Promise<string | undefined> {
  if (noChromium()) return 'no Chromium';
  if (!hasOpenssl()) return 'no openssl';
  for (const port of [4000, 4001, 4002]) if (!(await isFree(port))) return `port ${port} is taken`;
  return undefined;
}

const reason = await whyNot();
if (reason !== undefined) console.warn(`the onboarding example: skipped, ${reason}`);

interface Terminal {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** A checkout of its own, so that nobody's `.demo` is touched. */
function copyCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'vestibule-onboarding-'));
  chmodSync(copy, 0o711);
  for (const name of ['examples', 'package.json', 'scripts', 'sql', 'src', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

let folder: string;
const opened: Terminal[] = [];
let browser: Browser;

function openTerminal(line: string): Terminal {
  const child = spawn('sh', ['-c', line], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const over = reapAfterUs({ group: { pid: child.pid ?? 0, command: 'examples/onboarding' } });
  child.once('close', over);
  const terminal = { child, output: () => output };
  opened.push(terminal);
  return terminal;
}

async function waitFor(terminal: Terminal, text: RegExp): Promise<string> {
  await vi.waitFor(() => expect(terminal.output()).toMatch(text), { timeout: 60_000, interval: 100 });
  return text.exec(terminal.output())?.[1] ?? '';
}

/** Ctrl-C. */
async function close({ child }: Terminal): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid, 'SIGINT');
  await ended;
}

describe.skipIf(reason !== undefined)('the example', () => {
  let tables: Terminal;
  let application: Terminal;

  beforeAll(async () => {
    folder = copyCheckout();
    browser = await launchChromium();
    const [server = '', idp = '', onboard = '', watch = ''] = terminals;
    await waitFor(openTerminal(server), /Vestibule answers at https:\/\/localhost:4000/);
    await waitFor(openTerminal(idp), /identity provider: http/);
    application = openTerminal(onboard);
    await waitFor(application, /Ivy: +http/);
    tables = openTerminal(watch);
    await waitFor(tables, /What changes/);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    for (const terminal of opened.reverse()) await close(terminal);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** Signs in at Acme's identity provider; gives what the application says and what the tables gained. */
  async function walk(login: string, start: string, ask: boolean): Promise<{ says: string; gained: string }> {
    const before = tables.output().length;
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const tab = await context.newPage();
    await tab.goto(start);
    if (ask) await tab.fill('#username', `${login}@acme.example`);
    await tab.getByRole('button', { name: ask ? 'Continue' : 'Accept invitation', exact: true }).click();
    await tab.fill('input[name=login]', login);
    await tab.fill('input[name=password]', 'any');
    await tab.locator('button[type=submit]').click();
    await tab.waitForURL((url) => url.port === '4001');
    const says = (await tab.locator('body').textContent()) ?? '';
    await context.close();
    // Two looks at the tables, so that everything of this login is told.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return { says, gained: tables.output().slice(before) };
  }

  test('Sam leaves a line in the log, Dana is who she was, Ivy is new', async () => {
    const login = 'http://localhost:4001/login';
    const sam = await walk('sam', login, true);
    expect(sam.says).toMatch(/^not signed in: .*is not part of the .* \(reference V-.*\)$/);
    expect(sam.gained.trim()).toMatch(/^\d\d:\d\d:\d\d {2}logs \+1$/);

    const dana = await walk('dana', login, true);
    const userId = /the user is (\S+)/.exec(application.output())?.[1];
    expect(dana.says).toMatch(new RegExp(`^dana@acme\\.example is ${userId?.replace('|', '\\|')} at org_`));
    expect(dana.gained).toContain('identities +1');
    expect(dana.gained).not.toMatch(/\b(users|members) /);

    const ivy = await walk('ivy', await waitFor(application, /Ivy: +(\S+)/), false);
    expect(ivy.says).toMatch(/^ivy@acme\.example is oidc\|acme-oidc\|ivy at org_/);
    for (const table of ['users', 'identities', 'members']) expect(ivy.gained).toContain(`${table} +1`);
  }, 60_000);

  test('explain tells why Sam would not get in', async () => {
    const terminal = openTerminal(question);
    const code = await new Promise((resolve) => terminal.child.once('close', resolve));
    expect(terminal.output()).toMatch(/^sam@acme\.example would be refused by Acme \(not_a_member\)/);
    expect(code).toBe(1);
  }, 30_000);
});
