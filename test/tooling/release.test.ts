/**
 * The rules of `npm run release`: which checkout it refuses, and which files and licences no package may have. The
 * run itself, from packing to a server that answers, is the command's own work; test/package.test.ts does the same
 * with the tarball of a test run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/docs/find-documents.js';
import { licences } from '../../scripts/licences.mjs';
import { findNaming, findStrays, judgeLicences } from '../../scripts/release/contents.js';
import { readReleased } from '../../scripts/release/released-migrations.js';
import { type Checkout, findFaults, readVersions } from '../../scripts/release/state.js';
import { playStart } from '../../scripts/smoke-start.mjs';
import { readMigrations } from '../../src/storage/database/migrate.js';

const HEAD = '1'.repeat(40);
const GOOD: Checkout = {
  version: '9.8.7',
  lockVersion: '9.8.7',
  changelog: '# Changelog\n\n## 9.8.7 - 2030-01-31\n\n## 9.8.6 - 2030-01-01\n',
  changes: [],
  head: HEAD,
  tagged: undefined,
  documents: [{ path: 'docs/a.md', text: 'VERSION=9.8.7\nnpm install vestibule-9.8.7.tgz\nNEW=9.8.8' }],
  migrations: [],
  released: {},
};

describe('the checkout', () => {
  test('case=all is well, before and after the tag is made', () => {
    expect(findFaults(GOOD)).toEqual([]);
    expect(findFaults({ ...GOOD, tagged: HEAD })).toEqual([]);
  });

  test.each<[string, Partial<Checkout>, string]>([
    ['a file that is not committed', { changes: ['?? deploy/secrets/key'] }, 'Not committed: deploy/secrets/key.'],
    [
      'many of them',
      { changes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ` M ${name}`) },
      'Not committed: a, b, c, d, e and 2 more.',
    ],
    ['another version in the lock', { lockVersion: '9.8.6' }, 'package-lock.json says 9.8.6, package.json 9.8.7'],
    [
      'a changelog without the version',
      { changelog: '# C\n\n## 9.8.6 - 2030-01-01\n' },
      'CHANGELOG.md begins with 9.8.6',
    ],
    ['changes without a version', { changelog: '# C\n\n## Unreleased\n' }, 'CHANGELOG.md begins with "## Unreleased"'],
    ['a version without its day', { changelog: '# C\n\n## 9.8.7\n' }, 'CHANGELOG.md begins with "## 9.8.7"'],
    ['a day that there is not', { changelog: '## 9.8.7 - 2030-13-01\n' }, 'dates 9.8.7 2030-13-01, which is no day'],
    ['an empty changelog', { changelog: '' }, 'CHANGELOG.md begins with "## "'],
    ['a tag elsewhere', { tagged: '2'.repeat(40) }, 'The tag v9.8.7 names 22222222, this is 11111111'],
    [
      'a document with another version',
      { documents: [{ path: 'docs/a.md', text: 'vestibule-9.8.6.tgz' }] },
      'docs/a.md says vestibule-9.8.6.tgz',
    ],
    [
      'a guide with another version',
      { documents: [{ path: 'docs/a.md', text: 'VERSION=9.8.6' }] },
      'says VERSION=9.8.6',
    ],
  ])('case=%s is refused', (_name, change, words) => {
    expect(findFaults({ ...GOOD, ...change })).toEqual([expect.stringContaining(words)]);
  });

  test('case=this checkout has one version everywhere, the documents included', () => {
    const checkout = { ...GOOD, ...readVersions(), migrations: readMigrations(), released: readReleased() };
    // Between two releases the changelog may begin with what is not released.
    const faults = findFaults(checkout).filter((fault) => !/^CHANGELOG\.md begins|is in no release yet/.test(fault));
    expect(faults, faults.join('\n')).toEqual([]);
  });
});

describe('the files', () => {
  const tracked = new Set([
    'package.json',
    'docs/a.md',
    'src/main.ts',
    'src/pages/page.tsx',
    'src/api/s.json',
    'test/a.ts',
  ]);

  test('case=what git has, what is compiled from it, and what the bundlers make', () => {
    const paths = [
      'package.json',
      'docs/a.md',
      'dist/main.js',
      'dist/main.js.map',
      'dist/pages/page.js',
      'dist/api/s.json',
      'dist/chunks/server-A1B2C3D4.js',
      'dist/chunks/server-A1B2C3D4.js.map',
      'dist/chunks/THIRD-PARTY-LICENSES.txt',
      'dist/actions/bundles/auth0-4.cjs',
      'dist/console/assets/index-a1.js.br',
      'dist/docs/guides/a.html',
      'dist/docs/assets/a.a1.svg.br',
    ];
    expect(findStrays(paths, tracked)).toEqual([]);
  });

  test.each([
    ['a secret beside what is packed', 'deploy/secrets/secret_key'],
    ['a document that git does not have', 'docs/private.md'],
    ['a test', 'dist/login/decide.test.js'],
    ['a test that git has', 'test/a.ts'],
    ['a source', 'src/main.ts'],
    ['what was compiled from a source that is gone', 'dist/gone.js'],
    ['a source among compiled files', 'dist/main.ts'],
    ['a source among the files of a bundler', 'dist/console/main.tsx'],
    ['a file of another kind among the parts of the server', 'dist/chunks/notes.txt'],
    ['what a build left', 'dist/docs-a1b2/index.html'],
    ['a map of the console', 'dist/console/assets/index-a1.js.map'],
  ])('case=%s is a stray', (_name, path) => {
    expect(findStrays([path], tracked)).toEqual([path]);
  });

  test('case=a path of the machine is found, in a map too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-contents-'));
    try {
      writeFileSync(join(folder, 'a.js'), 'import "./b.js"');
      writeFileSync(join(folder, 'a.js.map'), '{"sources":["/home/olga/vestibule/src/a.ts"]}');
      expect(findNaming(folder, ['a.js', 'a.js.map'], ['/home/olga/vestibule'])).toEqual(['a.js.map']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the licences', () => {
  const list = (entry: string) => `Bundled.\n\none 1.0.0 (MIT)\n\nCopyright\n\n----\n\n${entry}`;

  test('case=packages with a text', () => {
    expect(judgeLicences('L', list('two 2.0.0 (ISC)\n\nCopyright\n'))).toEqual([]);
  });

  test.each([
    ['no list', undefined, 'L is missing.'],
    [
      'a licence that asks for more',
      list('two 2.0.0 (GPL-3.0)\n\nCopyright\n'),
      'two 2.0.0 in L has the licence "GPL-3.0"',
    ],
    ['no licence', list('two 2.0.0 (undefined)\n\nCopyright\n'), 'has the licence "undefined"'],
    ['no text', list('two 2.0.0 (MIT)\n\n(no licence file in the package)\n'), 'two 2.0.0 in L has no text'],
    ['an empty text', list('two 2.0.0 (MIT)\n\n\n'), 'two 2.0.0 in L has no text'],
    ['an entry that cannot be read', list('two\n'), 'L has an entry without a package.'],
    ['an empty list', 'Bundled.\n\n', 'L has an entry without a package.'],
  ])('case=%s is refused', (_name, text, words) => {
    expect(judgeLicences('L', text)).toEqual([expect.stringContaining(words)]);
  });

  test('case=a package has its text in a file, in its README, or by its author', () => {
    const text = licences(
      ROOT,
      ['tslib', 'agent-base', 'react-remove-scroll-bar'].map((name) => `node_modules/${name}`),
    );
    expect(judgeLicences('L', `Bundled.\n\n${text}`)).toEqual([]);
    expect(text).toContain('Copyright (c) Microsoft Corporation.');
    expect(text).toContain('Copyright (c) 2013 Nathan Rajlich <nathan@tootallnate.net>');
    expect(text).toContain('Copyright (c) Anton Korzunov <thekashey@gmail.com>\n\nPermission is hereby granted');
  });
});

describe('the trial', () => {
  const server = (atEnd: string) =>
    `node -e "const s = require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + s.address().port)); process.on('SIGINT', () => process.exit(${atEnd}))"`;

  test('case=it is ready, looked at and stopped', async () => {
    const seen: string[] = [];
    await playStart(server('0'), { whenReady: (origin) => void seen.push(origin) });
    expect(seen).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)]);
  });

  test.each([
    ['a start that fails', 'exit 7', () => {}, 'ended with 7'],
    ['an end that fails', server('3'), () => {}, 'Ctrl-C ended it with 3'],
    [
      'a look that fails, which is told first',
      server('3'),
      () => {
        throw new Error('no console');
      },
      'no console',
    ],
  ])('case=%s is a failure', async (_name, command, whenReady, words) => {
    await expect(playStart(command, { whenReady })).rejects.toThrow(words);
  });
});
