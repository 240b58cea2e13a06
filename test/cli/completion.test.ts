/**
 * `vestibule completion`: each shell really completes what it prints. bash and zsh get keys on a terminal of their own,
 * fish answers what it would offer. A shell that this machine lacks is skipped by name.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runVestibule } from './run-vestibule.js';

const run = promisify(execFile);
const has = (name: string) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
/** Attack: a completion that evaluates the line runs the command in it at a TAB. */
const TOUCH = 'explain $(touch evaluated) --cla';
const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A typed line, and the line after a TAB: one word, a file of the folder, or nothing new. */
const LINES = [
  ['rol', 'rollout'],
  ['guard swe', 'guard sweep'],
  ['guard sweep plan --min', 'guard sweep plan --min-age'],
  ['operator invite --role sup', 'operator invite --role support'],
  ['operator invite olga@company.example --role=sup', 'operator invite olga@company.example --role=support'],
  ['rollout apply acme-p', 'rollout apply acme-plan.jsonl'],
  ['explain sam@acme.example --claims acme-p', 'explain sam@acme.example --claims acme-plan.jsonl'],
  ['explain sam@acme.example --organization acme-p', 'explain sam@acme.example --organization acme-p'],
  ['rollout plan --alias a.example --ali', 'rollout plan --alias a.example --alias'],
  ['serve --no-c', 'serve --no-color'],
  ['completion fi', 'completion fish'],
  [TOUCH, `${TOUCH}ims`],
] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-completion-'));
  await writeFile(join(folder, 'acme-plan.jsonl'), '');
  for (const shell of SHELLS) {
    const { code, stdout } = await runVestibule(['completion', shell]);
    expect(code).toBe(0);
    await writeFile(join(folder, `vestibule.${shell}`), stdout);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const START = {
  bash: ['bash --norc --noprofile -i', 'bind "set enable-bracketed-paste off"'],
  zsh: ['zsh -f -i', 'bindkey -e; autoload -U compinit; compinit -u -D'],
} as const;

/** Types each line and a TAB on a terminal of its own, and reads what the shell made of it. */
function complete(shell: keyof typeof START, lines: readonly string[]): Promise<readonly string[]> {
  const [start, setUp] = START[shell];
  const child = spawn('script', ['-qfec', start, '/dev/null'], { cwd: folder, env: { ...process.env, TERM: 'dumb' } });
  // The line is quoted from both ends (Control-A, Control-E) and printed, so that nothing of it runs.
  const keys = lines.map((line) => `vestibule ${line}\t\u0001printf '<%s>\\n' '\u0005'\n`);
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const found = () => [...output.matchAll(/^<vestibule (.*?) *>\r?$/gm)].map(([, line = '']) => line);
    child.stdout.on('data', (data: Buffer) => {
      const before = found().length;
      const isReady = output.includes('READY 2');
      output += data.toString('utf8');
      if (!isReady && output.includes('READY 2')) child.stdin.write(keys[0] ?? '');
      const after = found().length;
      if (after > before) child.stdin.write(keys[after] ?? 'exit\n');
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(found());
    });
    child.stdin.write(`${setUp}; source ./vestibule.${shell}; source ./vestibule.${shell}; echo READY $((1 + 1))\n`);
  });
}

describe('a TAB', () => {
  for (const shell of ['bash', 'zsh'] as const)
    test(`in ${shell} completes, and runs nothing of the line`, async ({ skip }) => {
      for (const needed of [shell, 'script']) skip(!has(needed), `this machine has no ${needed}`);
      const lines = LINES.map(([typed]) => typed);
      expect(await complete(shell, lines)).toEqual(LINES.map(([, completed]) => completed));
      await expect(access(join(folder, 'evaluated'))).rejects.toThrow('ENOENT');
    }, 45_000);
});

describe('fish', () => {
  test('offers what the others complete', async ({ skip }) => {
    skip(!has('fish'), 'this machine has no fish');
    for (const [typed, completed] of LINES) {
      const code = `source ./vestibule.fish; complete --do-complete ${JSON.stringify(`vestibule ${typed}`).replaceAll('$', '\\$')}`;
      const { stdout } = await run('fish', ['--no-config', '-c', code], { cwd: folder });
      const offered = stdout.split('\n').map((line) => line.split('\t', 1)[0]);
      const [wanted] = completed === typed ? [''] : completed.split(' ').slice(-1);
      expect(offered, typed).toContain(wanted);
      if (completed === typed) expect(stdout).toBe('');
    }
    await expect(access(join(folder, 'evaluated'))).rejects.toThrow('ENOENT');
  }, 45_000);
});

test.each(SHELLS)('%s: every command and option of the reference is in the script', async (shell) => {
  const { stdout } = await runVestibule(['completion', shell]);
  const { stdout: help } = await runVestibule(['guard', 'sweep', 'plan', '--help']);
  const options = [...help.matchAll(/^ {2}(?:-\w, )?--([a-z][a-z-]+)/gm)].map(([, name = '']) => name);
  expect(options.length).toBeGreaterThan(5);
  for (const name of [...options, 'doctor', 'move-seat']) expect(stdout).toContain(name);
});

test('no word that zsh or fish evaluates has a character that they would obey', async () => {
  const [{ stdout: zsh }, { stdout: fish }] = await Promise.all([
    runVestibule(['completion', 'zsh']),
    runVestibule(['completion', 'fish']),
  ]);
  // Commands, options and values; the two scripts have the same ones.
  const fishWords = [...fish.matchAll(/ -(?:a|l) ('(?:\\.|[^'\\])*'|\S+)/g)].map(([, word = '']) => word);
  const zshWords = [...zsh.matchAll(/:\(([^(].*?)\)'(?= |$)/gm)].map(([, words = '']) => words);
  // Between double quotes are descriptions.
  const zshCommands = [...zsh.matchAll(/:command:\(\((.+)\)\)'/g)].map(([, list = '']) =>
    list.replaceAll(/\\:"(?:\\.|[^"\\])*"/g, ''),
  );
  expect(fishWords.length).toBeGreaterThan(100);
  expect(zshWords.length).toBeGreaterThan(5);
  expect(zshCommands.join(' ').split(' ').length).toBeGreaterThan(25);
  expect([...zshWords, ...zshCommands].filter((words) => !/^[\w -]+$/.test(words))).toEqual([]);
  expect(fishWords.filter((words) => !/^'?[\w -]+'?$/.test(words))).toEqual([]);
});

test('what bash expands as a list of words has no character that it would obey', async () => {
  const { stdout } = await runVestibule(['completion', 'bash']);
  const lists = [...stdout.matchAll(/_vestibule_offer '([^']*)'/g)].map(([, words = '']) => words);
  expect(lists.length).toBeGreaterThan(30);
  expect(lists.filter((words) => !/^[\w -]*$/.test(words))).toEqual([]);
});
