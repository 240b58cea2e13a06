/**
 * Files that the command line is given by name: each command that takes one says in words that it is not there, or is a folder, or that the
 * disk is full. A person who is no programmer reads `ENOENT: no such file or directory, open 'x'` as a fault of the program.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untouched, writeCommandLine } from '../../scripts/docs/command-line.js';
import { runCommandLine } from '../../src/cli/program.js';
import type { World } from '../../src/cli/world.js';
import { toFileReason } from '../../src/kernel/file-errors.js';
import { holdAlone } from '../../src/tenant-tools/guard/alone.js';
import { findState, writeState } from '../../src/tenant-tools/guard/state-file.js';
import { writeSweep } from '../../src/tenant-tools/guard/sweep-file.js';
import { openJournal } from '../../src/tenant-tools/guard/sweep-journal.js';

const TENANT = ['--domain', 'localhost:9', '--client-id', 'tools', '--client-secret', 'hush-hush'];
const PLACE = ['--organization', 'acme', '--connection', 'acme-oidc', ...TENANT];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-named-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(args: readonly string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const add = (line: string): void => {
    lines.push(line);
  };
  const world: World = {
    env: {},
    out: add,
    note: add,
    width: 100,
    colourful: false,
    ...untouched('a wrong file is said before anything is opened'),
  };
  const code = await runCommandLine(args, world);
  return { code, said: lines.join('\n') };
}

/** By the command's name: what it is called with for `file`, and whether it reads or writes it. */
const READ: Readonly<Record<string, (file: string) => readonly string[]>> = {
  'vestibule serve': (file) => ['serve', '--profile', 'auth0', '--double-facts', file],
  'vestibule explain': (file) => [
    'explain',
    'dana@acme.example',
    '--organization',
    'acme',
    '--claims',
    file,
    ...TENANT,
  ],
  'vestibule rollout plan': (file) => ['rollout', 'plan', '--directory', file, ...PLACE],
  'vestibule rollout apply': (file) => ['rollout', 'apply', file, ...TENANT],
  'vestibule rollout verify': (file) => ['rollout', 'verify', file, ...TENANT],
  'vestibule rollout rollback': (file) => ['rollout', 'rollback', file, ...TENANT],
  'vestibule rollout status': (file) => ['rollout', 'status', file],
  'vestibule rollout move-seat': (file) => ['rollout', 'move-seat', '--rollback', '--plan', file, ...TENANT],
  'vestibule guard check': (file) => ['guard', 'check', file],
  'vestibule guard sweep apply': (file) => ['guard', 'sweep', 'apply', file, ...TENANT],
  'vestibule guard sweep rollback': (file) => ['guard', 'sweep', 'rollback', file, ...TENANT],
};

/** Commands that only write files, or read one that need not be there; they come to it after the tenant has answered. */
const AFTER_THE_TENANT = ['vestibule guard install', 'vestibule guard uninstall', 'vestibule guard sweep plan'];

const RAW = /\bE[A-Z]{3,}\b|no such file or directory|illegal operation/;

test('the table has every command that takes a file', async () => {
  const sections = (await writeCommandLine()).split(/^#{2,3} /m).slice(1);
  // A command of commands shows the arguments of those.
  const taking = sections.filter((section) => /<(file|plan)>/.test(section) && !section.includes('\nCommands:\n'));
  const names = taking.map((section) => section.slice(1, section.indexOf('`', 1)));
  expect(names.sort()).toEqual([...Object.keys(READ), ...AFTER_THE_TENANT].sort());
});

describe.each(Object.entries(READ))('%s', (_name, argsFor) => {
  test('a file that is not there', async () => {
    const file = join(folder, 'absent.file');
    const { code, said } = await run(argsFor(file));
    expect(said).toMatch(new RegExp(`there is no file ${file}`, 'i'));
    expect(said).not.toMatch(RAW);
    expect(code).toBe(2);
  });

  test('a folder', async () => {
    const { code, said } = await run(argsFor(folder));
    expect(said).toContain(`${folder} is a folder`);
    expect(said).not.toMatch(RAW);
    expect(code).toBe(2);
  });
});

describe('a folder that is not there', () => {
  test.each(['--out', '--html'])('rollout plan %s', async (option) => {
    const { code, said } = await run(['rollout', 'plan', option, join(folder, 'absent', 'x'), ...PLACE]);
    expect(said).toContain(`cannot be written: there is no folder ${join(folder, 'absent')}.`);
    expect(said).not.toMatch(RAW);
    expect(code).toBe(2);
  });

  test.each([
    ['the state of the guard', (file: string) => writeState(file, {} as never)],
    ['the lock beside it', holdAlone],
    ['the plan of a sweep', (file: string) => writeSweep(file, 'x')],
    ['its journal', (file: string) => openJournal(file, 'x')],
  ])('%s', async (_name, write) => {
    const failed = await Promise.resolve(write(join(folder, 'absent', 'x'))).catch((error: Error) => error);
    expect(failed).toMatchObject({ name: 'GuardError', message: expect.stringContaining('there is no folder ') });
    expect((failed as Error).message).not.toMatch(RAW);
  });
});

test('a folder in place of the state of the guard', async () => {
  await expect(findState(folder, 'https://tenant.example')).rejects.toThrow(`cannot be read: ${folder} is a folder.`);
});

test.each([
  ['EACCES', 'read', 'this account may not read /x/y'],
  ['EACCES', 'write', 'this account may not write /x/y'],
  ['ENOSPC', 'write', 'the disk is full'],
  ['EROFS', 'write', 'the disk of /x/y takes no writes'],
  ['ENOTDIR', 'read', 'a part of /x is no folder'],
] as const)('%s at a %s', (code, wanted, says) => {
  const error = Object.assign(new Error(`${code}: raw, open '/x/y'`), { code, syscall: 'open' });
  expect(toFileReason(error, wanted, '/x/y')).toBe(says);
});

test('an error that is none of files keeps its message', () => {
  expect(toFileReason(new SyntaxError('Unexpected end of JSON input'), 'read', '/x')).toBe(
    'Unexpected end of JSON input',
  );
});

test.each(['keys', 'operator', 'actions', 'rollout', 'guard', 'guard sweep'])(
  '%s: no `help` beside --help',
  async (name) => {
    const { said } = await run([...name.split(' '), '--help']);
    expect(said).toContain('--help');
    expect(said).not.toMatch(/^ {2}help /m);
  },
);
