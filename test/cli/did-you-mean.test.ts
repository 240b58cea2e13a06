/** A mistyped command, option or value is told what was probably meant; colours are where they are wanted. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { untouched } from '../../scripts/docs/command-line.js';
import { runCommandLine } from '../../src/cli/program.js';
import type { World } from '../../src/cli/world.js';
import { isColourful } from '../../src/terminal/colours.js';

async function run(words: string, colours: Partial<World> = {}) {
  const [out, notes]: [string[], string[]] = [[], []];
  const code = await runCommandLine(words.split(' '), {
    env: {},
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
    width: 80,
    colourful: false,
    ...colours,
    ...untouched('wrong use needs nothing of the world'),
  });
  return { code, out, notes };
}

describe('did you mean', () => {
  test.each([
    ['explian', "'explain'", 'vestibule'],
    ['roll', "'rollout'", 'vestibule'],
    ['guard instal --organization acme', "'install'", 'vestibule guard'],
    ['guard sweep aply', "'apply'", 'vestibule guard sweep'],
    ['install', "'guard install'", 'vestibule'],
    ['plan', "'rollout plan' or 'guard sweep plan'", 'vestibule'],
    ['--versoin', "'--version'", 'vestibule'],
    ['doctor --sendto=x', "'--send-to'", 'vestibule doctor'],
    ['operator list --jsn', "'--json'", 'vestibule operator list'],
    // The parser says that --organization is missing.
    ['explain sam@acme.example --organisation acme', "'--organization'", 'vestibule explain'],
    ['operator invite sam@acme.example --role suport', "'support'", 'vestibule operator invite'],
    ['rollout plan --sso-rollout requird', "'required'", 'vestibule rollout plan'],
    ['guard check x --trigger post-logn', "'post-login'", 'vestibule guard check'],
    ['guard check x --trigger login', "'post-login' or 'login-post-identifier'", 'vestibule guard check'],
    ['serve --profile auth', "'auth0'", 'vestibule serve'],
    ['completion bahs', "'bash'", 'vestibule completion'],
  ])('case=%s: %s', async (words, meant, path) => {
    const { code, out, notes } = await run(words);
    expect(notes).toHaveLength(2);
    expect(notes[1]).toBe(`Did you mean ${meant}? Try: ${path} --help`);
    expect(out).toEqual([]);
    expect(code).toBe(2);
  });

  test.each([
    'frobnicate',
    'guard x',
    'serve --port 1',
    'operator invite a@b.example --role king',
    'explain a@b.example',
  ])('case=%s: resembles nothing, so nothing is guessed', async (words) => {
    expect((await run(words)).notes[1]).toMatch(/^Try: vestibule/);
  });
});

describe('colours', () => {
  const ESCAPE = '\u001b[';
  test('case=each output has its own: help in colour, errors plain, and the other way round', async () => {
    const help = await run('--help', { colourful: true });
    expect(help.out.filter((line) => line.includes(ESCAPE))).toEqual(
      ['Usage:', 'Options:', 'Commands:', 'Examples:'].map((title) => expect.stringContaining(`${ESCAPE}1m${title}`)),
    );
    expect((await run('explian', { colourful: true })).notes.join('\n')).not.toContain(ESCAPE);
    expect((await run('explian', { colourfulNotes: true })).notes[0]).toBe(
      `${ESCAPE}31mvestibule:${ESCAPE}0m unknown command 'explian'`,
    );
  });

  test.each(['--no-color --help', '--help --no-color', 'explain --no-color --help'])(
    'case=%s has none',
    async (words) => {
      const { code, out } = await run(words, { colourful: true });
      expect(out.join('\n')).not.toContain(ESCAPE);
      expect(code).toBe(0);
    },
  );

  test('case=after -- it is an argument', async () => {
    expect((await run('keys remove a -- --no-color', { colourfulNotes: true })).notes.join('')).toContain(ESCAPE);
  });

  test('case=help is the same with and without colours', async () => {
    const [plain, painted] = [
      await run('guard install --help'),
      await run('guard install --help', { colourful: true }),
    ];
    expect(stripVTControlCharacters(painted.out.join('\n'))).toBe(plain.out.join('\n'));
  });

  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, true, false],
  ])('case=%j on a terminal %s', (env, isTerminal, colourful) => {
    expect(isColourful(env, isTerminal)).toBe(colourful);
  });
});
