/** `vestibule guard check` as a real process: what it prints, where, and how it ends. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runVestibule } from './run-vestibule.js';

const corpus = fileURLToPath(new URL('../actions/lint/corpus/', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-guard-'));
  await writeFile(join(folder, 'long.js'), `// ${'x'.repeat(1_000_001)}`);
  await writeFile(
    join(folder, 'escape.js'),
    "exports.onExecutePostLogin = async (e, api) => { api['\\u001b[31mred'](); };",
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('guard check', () => {
  test.concurrent('nothing found: nothing on stdout, exit 0', async () => {
    const run = await runVestibule(['guard', 'check', `${corpus}clean/naive-clean-up.js`, '--auth0-sdk', '7']);
    expect(run).toEqual({ code: 0, stdout: '', stderr: 'Nothing found.\n' });
  });

  test.concurrent('a finding: place, severity, id, reason, code, page; exit 1', async () => {
    const file = `${corpus}bad/unknown-sdk-method.js`;
    const run = await runVestibule(['guard', 'check', file, '--trigger', 'post-login']);
    expect(run.code).toBe(1);
    expect(run.stderr).toBe('Found: 1 error.\n');
    expect(run.stdout).toContain(`${file}:10:32 error unknown-sdk-method\n`);
    expect(run.stdout).toContain('    await users.getRoles({ id: event.user.user_id });');
    expect(run.stdout).toContain('docs/guard.md#unknown-sdk-method');
  });

  test.concurrent('--json: one object on stdout', async () => {
    const run = await runVestibule(['guard', 'check', `${corpus}bad/syntax-error.js`, '--json']);
    expect(run.code).toBe(1);
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toMatchObject({
      auth0_sdk: 4,
      findings: [{ id: 'syntax-error', severity: 'error', line: 2, column: 26 }],
    });
  });

  test.concurrent('--auth0-sdk decides which calls there are', async () => {
    const file = `${corpus}bad/sdk-arguments.js`;
    expect((await runVestibule(['guard', 'check', file, '--auth0-sdk', '7'])).code).toBe(1);
    expect((await runVestibule(['guard', 'check', file, '--auth0-sdk', '4'])).code).toBe(0);
  });

  test.concurrent('- reads standard input', async () => {
    const run = await runVestibule(['guard', 'check', '-'], {}, 'exports.onExecutePostLogin = async () => {');
    expect(run.stdout).toMatch(/^stdin:1:\d+ error syntax-error/);
    expect(run.code).toBe(1);
  });

  test.concurrent('what the code says cannot colour the terminal', async () => {
    const run = await runVestibule(['guard', 'check', join(folder, 'escape.js')]);
    expect(run.stdout).toContain('unknown-api-method');
    expect(run.stdout).not.toContain('\u001b');
  });
});

describe('wrong use', () => {
  test.concurrent.each([
    { name: 'no file', args: ['guard', 'check'], says: "missing required argument 'file'" },
    { name: 'no such file', args: ['guard', 'check', 'absent.js'], says: 'The Action cannot be read' },
    { name: 'a folder', args: ['guard', 'check', tmpdir()], says: 'The Action cannot be read' },
    {
      name: 'an unknown trigger',
      args: ['guard', 'check', 'x.js', '--trigger', 'login'],
      says: 'Allowed choices are post-login,',
    },
    {
      name: 'an unknown major',
      args: ['guard', 'check', 'x.js', '--auth0-sdk', '2'],
      says: 'Allowed choices are 3, 4, 5, 6, 7',
    },
    { name: 'no command of guard', args: ['guard'], says: 'Usage: vestibule guard' },
    { name: 'an unknown command of guard', args: ['guard', 'chek'], says: "unknown command 'chek'" },
  ])('case=$name', async ({ args, says }) => {
    const run = await runVestibule(args);
    expect(run.stderr).toContain(says);
    expect(run.stdout).toBe('');
    expect(run.code).toBe(2);
  });

  test.concurrent('a file that is no Action by its length', async () => {
    const run = await runVestibule(['guard', 'check', join(folder, 'long.js')]);
    expect(run.stderr).toContain('that is no Action');
    expect(run.code).toBe(2);
  });

  test.concurrent('--help fits one screen of 80 x 24', async () => {
    for (const args of [
      ['guard', '--help'],
      ['guard', 'check', '--help'],
    ]) {
      const run = await runVestibule(args);
      const lines = run.stdout.trimEnd().split('\n');
      expect(run.code).toBe(0);
      expect(lines.length).toBeLessThanOrEqual(24);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });
});
