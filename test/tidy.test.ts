/**
 * The house rules that a compiler does not know. The numbers are ratchets: they may be made stricter, never looser. Every
 * failure says how to fix it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { printErrors } from '../scripts/errors-table.js';
import type { Mutant } from '../scripts/mutants/mutant.js';
import type { RefusalRow } from '../src/facts/refusals/row.js';
import { REFUSALS } from '../src/facts/refusals.js';
import {
  listFiles,
  measureFunctions,
  placeOf,
  readSources,
  readText,
  type SourceFile,
  walk,
} from './support/source-files.js';

const MAX_FILE_LINES = 350;
/** The table with a row for each field of the commit plan: cut in two it would have to be put together again. */
const TABLES = new Set(['src/storage/login-store/commit-parts.ts']);
const MAX_FUNCTION_LINES = 80;
/** Functions of 50 lines and more, as a share of all that are longer than one line. */
const MAX_LONG_FUNCTION_SHARE = 0.02;
const MAX_MISSING_DOCSTRINGS = 0;

const sources = readSources('src');

/** Fails with one line per finding and the way to fix them. */
function expectNone(findings: readonly string[], mend: string): void {
  expect(findings, `${findings.join('\n')}\n-> ${mend}`).toEqual([]);
}

function findNodes(files: readonly SourceFile[], isWrong: (node: ts.Node) => boolean): readonly string[] {
  const found: string[] = [];
  for (const file of files) {
    walk(file.tree, (node) => {
      if (isWrong(node)) found.push(`${placeOf(file, node)} ${node.getText(file.tree).split('\n')[0]}`);
    });
  }
  return found;
}

function outside(...allowed: readonly string[]): readonly SourceFile[] {
  return sources.filter((file) => !allowed.some((path) => file.path.startsWith(path)));
}

/** True for `name`, `globalThis.name` and `global.name`. */
function isGlobal(node: ts.Node | undefined, name: string): boolean {
  if (node === undefined) return false;
  if (ts.isIdentifier(node)) return node.text === name;
  return (
    ts.isPropertyAccessExpression(node) && /^global(This)?$/.test(node.expression.getText()) && node.name.text === name
  );
}

/** True where `object.property` is reached, however it is written: `object['property']` and `const { property } = object` too. */
function isAccess(node: ts.Node, object: string, property: string): boolean {
  if (ts.isPropertyAccessExpression(node)) return isGlobal(node.expression, object) && node.name.text === property;
  if (ts.isElementAccessExpression(node))
    return (
      isGlobal(node.expression, object) &&
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === property
    );
  return (
    ts.isVariableDeclaration(node) &&
    isGlobal(node.initializer, object) &&
    ts.isObjectBindingPattern(node.name) &&
    node.name.elements.some(({ propertyName, name }) => (propertyName ?? name).getText() === property)
  );
}

/** True for the import of `name` from one of Node's own modules. */
function isImport(node: ts.Node, module: string, name: string): boolean {
  if (!ts.isImportSpecifier(node) || (node.propertyName ?? node.name).text !== name) return false;
  const from = node.parent.parent.parent.moduleSpecifier;
  return ts.isStringLiteral(from) && from.text.replace(/^node:/, '') === module;
}

/** Files that a rule names as exceptions, with the reason; one that needs the exception no longer is a finding too. */
function exceptFor(
  exceptions: Readonly<Record<string, string>>,
  files: readonly SourceFile[],
  isWrong: (node: ts.Node) => boolean,
) {
  const needless = Object.keys(exceptions).filter(
    (path) =>
      findNodes(
        files.filter((file) => file.path === path),
        isWrong,
      ).length === 0,
  );
  const found = findNodes(
    files.filter((file) => exceptions[file.path] === undefined),
    isWrong,
  );
  return [...found, ...needless.map((path) => `${path} needs no exception any more`)];
}

test('chance in tests comes from one place, which TEST_SEED repeats', () => {
  const allowed = ['test/support/random.ts', 'test/tidy.test.ts'];
  const found = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `test/${name}`)
    .filter((path) => !allowed.includes(path) && /from 'fast-check'|process\.env\.TEST_SEED/.test(readText(path)));
  expectNone(found, 'import fc or SEED from test/support/random.ts: a commit that passed CI has to pass again');
});

describe('length', () => {
  test(`no file of src has more than ${MAX_FILE_LINES} lines`, () => {
    const found = sources
      .map((file) => ({ path: file.path, lines: file.text.split('\n').length - 1 }))
      .filter((file) => file.lines > MAX_FILE_LINES && !TABLES.has(file.path))
      .map((file) => `${file.path} has ${file.lines} lines`);
    expectNone(found, 'a file is one idea: find the second one in it and give it a file of its own');
  });

  test(`no function has more than ${MAX_FUNCTION_LINES} lines, and 98 of 100 have fewer than 50`, () => {
    const functions = sources.flatMap(measureFunctions);
    const found = functions
      .filter((item) => item.lines > MAX_FUNCTION_LINES)
      .map((item) => `${item.place} has ${item.lines} lines`);
    expectNone(found, 'name its parts and make them functions');
    const long = functions.filter((item) => item.lines >= 50);
    expect(
      long.length / functions.length,
      `functions of 50 lines and more: ${long.map((item) => item.place).join(', ')}`,
    ).toBeLessThanOrEqual(MAX_LONG_FUNCTION_SHARE);
  });
});

describe('words', () => {
  test('every file of src opens with a comment that says what it is', () => {
    const found = sources.filter((file) => !/^(#!.*\n)?\/\*\*/.test(file.text)).map((file) => file.path);
    expectNone(found, 'open it with /** what it is, and what it must never do. */');
  });

  test('no sentence of a comment opens with What, Who, Whom or Whoever', () => {
    const found = [...sources, ...readSources('test')].flatMap((file) =>
      file.text
        .split('\n')
        .map((line, index) => ({ line, place: `${file.path}:${index + 1}` }))
        .filter(({ line }) => /^\s*(\/\*\*|\*|\/\/) (.*[.;:] )?(What|Who|Whom|Whoever|Whatever) [^?]*$/.test(line))
        .map(({ line, place }) => `${place} ${line.trim()}`),
    );
    expectNone(found, 'subject, verb, object: name the thing or the person, so that nobody reads the sentence twice');
  });

  test('every exported function has a docstring', () => {
    const found = findNodes(sources, (node) => {
      if (!ts.isFunctionDeclaration(node)) return false;
      const isExported = node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
      // A component is its file, which opens with a comment; its properties are a type.
      const isFile = node.getSourceFile().fileName.endsWith(`/${node.name?.text}.tsx`);
      return isExported && !isFile && ts.getJSDocCommentsAndTags(node).length === 0;
    });
    expect(
      found.length,
      `${found.join('\n')}\n-> say what it takes, returns and throws, and where a rule comes from`,
    ).toBeLessThanOrEqual(MAX_MISSING_DOCSTRINGS);
  });

  test('every record of a decision has its five parts', () => {
    const parts = ['Context', 'Decision', 'Consequences', 'Alternatives', 'Non-goals'];
    const records = listFiles('docs/adr').filter((path) => !path.endsWith('README.md'));
    const found = records.flatMap((path) => {
      const text = readText(path);
      return parts.filter((part) => !text.includes(`\n## ${part}\n`)).map((part) => `${path} has no ${part}`);
    });
    expectNone(found, 'write it: what it is not for saves the next reader a question');
  });

  test('no name says handle, process, manage, util, helper or common', () => {
    const files = sources.filter((file) => /(^|[/-])(util|helper|common|manager|handler)s?[.-]/.test(file.path));
    const functions = findNodes(
      sources,
      (node) =>
        ts.isFunctionDeclaration(node) &&
        /^(handle|process|manage)([A-Z]|$)|([uU]til|[hH]elper|[cC]ommon)s?([A-Z]|$)/.test(node.name?.text ?? ''),
    );
    expectNone(
      [...files.map((file) => file.path), ...functions],
      'say what it does: check, find, parse, issue, send, refuse',
    );
  });
});

describe('edges', () => {
  const isEnvironment = (node: ts.Node): boolean =>
    isAccess(node, 'process', 'env') || isImport(node, 'process', 'env');

  test('only src/config/config.ts reads the environment (main.ts passes it on)', () => {
    const child =
      "a process of its own for an Action's code, which gets no environment: it makes sure that there is none";
    const exceptions = { 'src/actions/child/integrity.ts': child, 'src/actions/child/lock-down.ts': child };
    expectNone(
      exceptFor(exceptions, outside('src/config/config.ts', 'src/main.ts'), isEnvironment),
      'make it a field of Config, parsed and checked in src/config/config.ts and listed in docs/configuration.md',
    );
  });

  test.each([
    ['process.env.X', true],
    ["process['env'].X", true],
    ['globalThis.process.env', true],
    ['const { env } = process', true],
    ['const { env: renamed, pid } = globalThis.process', true],
    ["import { env } from 'node:process'", true],
    ["import { env as renamed } from 'process'", true],
    ['const { pid } = process', false],
    ['const { env } = world', false],
    ["import { env } from './own.js'", false],
  ])('%s reads the environment: %s', (text, reads) => {
    const tree = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2023, true);
    expect(findNodes([{ path: 'x.ts', text, tree }], isEnvironment).length > 0).toBe(reads);
  });

  test('only main.ts writes to a terminal', () => {
    const child = 'looks at the outputs of a process of its own, which has an Action’s code in it; writes nothing';
    const exceptions = {
      'src/main.ts': 'the outputs of toCleanTerminal (src/terminal/lines.ts), which cleans every line',
      'src/actions/child/integrity.ts': child,
      'src/actions/child/network.ts': child,
    };
    const writes = (node: ts.Node): boolean =>
      isAccess(node, 'process', 'stdout') ||
      isAccess(node, 'process', 'stderr') ||
      isImport(node, 'process', 'stdout') ||
      isImport(node, 'process', 'stderr') ||
      ['log', 'error', 'warn', 'info', 'debug', 'table', 'dir'].some((name) => isAccess(node, 'console', name));
    // Few files name them at all, and a tree of all others takes half a minute.
    const naming = (files: readonly SourceFile[]) => files.filter(({ text }) => /std(out|err)|console\b/.test(text));
    const found = exceptFor(exceptions, naming(sources), writes);
    expectNone(found, 'return lines, and print them by world.out, world.note or printJson: these clean them');
    const demo = readSources('demo').filter(({ path }) => !/^demo\/((company\/)?main|idp\/oidc)\.ts$/.test(path));
    expectNone(findNodes(naming(demo), writes), 'give the line to demo/main.ts');
    const others = outside('src/compose/log.ts').filter(({ text }) => text.includes('pino'));
    const logs = findNodes(others, (node) => {
      const isPino = ts.isCallExpression(node) && node.expression.getText() === 'pino';
      return isPino && !/level: 'silent'/.test(node.getText());
    });
    expectNone(logs, 'openLog (src/compose/log.ts) escapes what a terminal would obey');
  });

  test('only src/kernel reads a clock', () => {
    const found = findNodes(
      outside('src/kernel/', 'src/console/clock.ts'),
      (node) =>
        isAccess(node, 'Date', 'now') ||
        isAccess(node, 'performance', 'now') ||
        isAccess(node, 'process', 'hrtime') ||
        ((ts.isNewExpression(node) || ts.isCallExpression(node)) &&
          ts.isIdentifier(node.expression) &&
          node.expression.text === 'Date' &&
          (node.arguments ?? []).length === 0),
    );
    expectNone(found, 'take a Clock (src/kernel/clock.ts) and ask it');
  });

  test('only src/kernel draws randomness', () => {
    const drawing =
      /^(randomBytes|randomUUID|randomInt|randomFill(Sync)?|getRandomValues|generateKey(Pair)?(Sync)?|generatePrime(Sync)?|webcrypto|pseudoRandomBytes)$/;
    const exceptions = {
      'src/tokens/signing-keys.ts': 'RSA keys are made by OpenSSL, which takes no random bytes of ours',
    };
    const found = exceptFor(
      exceptions,
      outside('src/kernel/', 'src/console/random.ts'),
      (node) => isAccess(node, 'Math', 'random') || (ts.isIdentifier(node) && drawing.test(node.text)),
    );
    expectNone(found, 'take an Entropy (src/kernel/ids.ts) and one of the makers beside it');
  });

  test('in src/login only 6-commit.ts names LoginCommit', () => {
    const files = sources.filter((file) => file.path.startsWith('src/login/') && file.path !== 'src/login/6-commit.ts');
    const found = findNodes(files, (node) => ts.isIdentifier(node) && node.text === 'LoginCommit');
    expectNone(found, 'a step reads through LoginReads; what it wants written goes into the CommitPlan');
  });
});

describe('types', () => {
  test('nothing is of type any', () => {
    const found = findNodes(sources, (node) => node.kind === ts.SyntaxKind.AnyKeyword);
    expectNone(found, 'take unknown and parse it, or name the type');
  });

  test('no check is switched off without a reason', () => {
    const found = [...sources, ...readSources('test')].flatMap((file) =>
      file.text
        .split('\n')
        .map((line, index) => ({ line, place: `${file.path}:${index + 1}` }))
        .filter(
          ({ line }) =>
            /\/[/*]\s*@ts-(ignore|nocheck)/.test(line) ||
            /\/[/*]\s*@ts-expect-error\s*$/.test(line) ||
            /\/[/*]\s*biome-ignore(?!.*: \S)/.test(line),
        )
        .map(({ place }) => place),
    );
    expectNone(
      found,
      'mend the type; if it cannot be, // @ts-expect-error or biome-ignore with the reason on the same line',
    );
  });
});

describe('refusals', () => {
  const codes = Object.keys(REFUSALS);

  test('docs/errors.md lists exactly the rows', () => {
    const text = readText('docs/errors.md');
    expect(text, 'docs/errors.md differs from src/facts/refusals\n-> npx tsx scripts/errors-table.ts').toBe(
      printErrors(text),
    );
  });

  test('every row says in whole sentences when it happens and how to go on', () => {
    const wordsOf = (row: RefusalRow) => [row.when, row.do, row.whenMore ?? row.when, row.doMore ?? row.do];
    const found = Object.entries<RefusalRow>(REFUSALS)
      .filter(([, row]) => !/^\S[^.]{3,40}$/.test(row.short) || wordsOf(row).some((text) => !/^\S.+\.$/.test(text)))
      .map(([code]) => code);
    expectNone(found, 'write `short`, `when` and `do`: when it happens, and what the administrator can do');
  });

  test('every code begins with the name of its step', () => {
    const steps = ['identify', 'authenticate', 'resolve', 'admit', 'act', 'commit'];
    expectNone(
      codes.filter((code) => !steps.includes(code.split('.')[0] ?? '')),
      '<step>.<reason>, the step being a file of src/login',
    );
  });

  test('every code is produced by a scenario', () => {
    const expected = new Set(
      readSources('test')
        .filter((file) => file.path.startsWith('test/scenarios/'))
        .flatMap((file) => expectedTexts(file.tree)),
    );
    expectNone(
      codes.filter((code) => !expected.has(code)),
      'write the scenario under test/scenarios that ends with it, or take the code out of src/facts/refusals',
    );
  });

  test.each([
    ["expect(code).toBe('a.b')", true],
    ["await refused(page, 'a.b')", true],
    ["expect(line).toMatchObject({ code: 'a.b' })", true],
    ["const stories = { 'a.b': () => open() }", true],
    ["test.each([['what', 'a.b']])('case', run)", true],
    ["test('a.b is told', run)", false],
    ["// refused(page, 'a.b')", false],
    ["const code = 'a.b'", false],
  ])('%s expects a code: %s', (text, expects) => {
    expect(expectedTexts(ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2023, true)).includes('a.b')).toBe(
      expects,
    );
  });
});

/** The texts that a test holds against something: arguments, members of objects (by name or value) and of lists. Not titles, not remarks. */
function expectedTexts(tree: ts.Node): readonly string[] {
  const found: string[] = [];
  walk(tree, (node) => {
    if (!ts.isStringLiteralLike(node)) return;
    const { parent } = node;
    const isTitle =
      ts.isCallExpression(parent) &&
      parent.arguments[0] === node &&
      /^(describe|test|it)\b/.test(parent.expression.getText());
    const isMember = ts.isPropertyAssignment(parent);
    if (isMember || ts.isArrayLiteralExpression(parent) || (ts.isCallExpression(parent) && !isTitle))
      found.push(node.text);
  });
  return found;
}

test('every seeded fault still has its place in the source, exactly once', async () => {
  const lost: string[] = [];
  for (const file of readdirSync('scripts/mutants')) {
    const tables = (await import(`../scripts/mutants/${file}`)) as Record<string, unknown>;
    for (const table of Object.values(tables).filter(Array.isArray) as Mutant[][]) {
      for (const { file: source, breaks, before, tests } of table) {
        const places = readFileSync(source, 'utf8').split(before).length - 1;
        if (places !== 1) lost.push(`${source}: "${breaks}" is found ${places} times`);
        for (const name of tests) if (!existsSync(name)) lost.push(`"${breaks}": ${name} is not there`);
      }
    }
  }
  expect(lost, 'adapt scripts/mutants/ to what the source says now').toEqual([]);
});

/** A file with a process of its own: it is in the lane of long tests, which are isolated. */
const ALONE = new Set(['test/actions/runner/broken-start.test.ts']);

test('a module is replaced for one file only where no other file has loaded it before', () => {
  const replaced = readSources('test')
    .filter(({ path }) => !ALONE.has(path) && path !== 'test/tidy.test.ts')
    .filter(({ text }) => /\bvi\.mock\(/.test(text))
    .map(({ path }) => path);
  expectNone(
    replaced,
    'files of a lane share a process: use vi.resetModules, vi.doMock and import() as test/kernel/durable-files does',
  );
});
