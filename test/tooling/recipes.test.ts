/**
 * The page docs/guides/recipes.md: it has the recipes that `scripts/judges/recipes.ts` runs, at the versions that it
 * runs, and its blocks parse. No framework is run here.
 */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../../scripts/docs/find-documents.js';
import {
  AT_ONCE,
  FRAMEWORK_IDS,
  FRAMEWORKS,
  type Framework,
  listRecipes,
  PRINTED,
  RECIPES_PAGE,
  readQuickstartFile,
  readRecipe,
  withPins,
} from '../../scripts/docs/recipes.js';
import { RECIPES_PAGE as RECIPES_HELP } from '../../src/console/help-pages.js';
import { SETTINGS_LABELS } from '../../src/console/pages/applications/settings-values.js';

const page = readFileSync(`${ROOT}${RECIPES_PAGE}`, 'utf8');
const tools = readFileSync(`${ROOT}docs/compatibility/tools.md`, 'utf8');

test('the page and the script name the same recipes, and the list at the top leads to each; the console leads to the page', () => {
  const headings = FRAMEWORK_IDS.map((id) => FRAMEWORKS[id].heading);
  expect(listRecipes(page)).toEqual(headings);
  const [top = ''] = page.split('\n## ');
  expect(`docs/${RECIPES_HELP}`).toBe(RECIPES_PAGE);
  expect([...top.matchAll(/\| \[(.+?)\]\(#/g)].map(([, name]) => name)).toEqual(headings);
});

/** Brackets of `text` outside of strings, comments and one another, as far as a block of any language has them. */
function isBalanced(text: string): boolean {
  const code = text.replaceAll(/"""[\s\S]*?"""|"(?:\\.|[^"\n\\])*"|'(?:\\.|[^'\n\\])*'|\/\/.*|#.*/g, '');
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const [sign] of code.matchAll(/[()[\]{}]/g)) {
    const pair = pairs[sign];
    if (pair === undefined) open.push(sign);
    else if (open.pop() !== pair) return false;
  }
  return open.length === 0;
}

function parsesAsScript(text: string): boolean {
  const compilerOptions = { jsx: ts.JsxEmit.Preserve, allowJs: true, module: ts.ModuleKind.ESNext };
  const { diagnostics = [] } = ts.transpileModule(text, {
    compilerOptions,
    fileName: 'a.jsx',
    reportDiagnostics: true,
  });
  return diagnostics.length === 0;
}

const isAssignments = (text: string): boolean => text.split('\n').every((line) => /^$|^#|^\w+ ?= ?\S/.test(line));

/** True if a block of the language parses; brackets are all that is checked of the languages that are not listed. */
const PARSERS: Readonly<Record<string, (text: string) => boolean>> = {
  js: parsesAsScript,
  jsx: parsesAsScript,
  yaml: (text) => typeof parse(text) === 'object',
  ini: isAssignments,
};

describe.each(FRAMEWORK_IDS)('%s', (id) => {
  const { heading, pins }: Framework = FRAMEWORKS[id];
  const recipe = readRecipe(page, heading);
  const code = recipe.files.map(({ text }) => text).join('\n');

  test('it has every address of the application, a start, and files with the words to replace', () => {
    const { callbacks, logoutUrls, loginUri } = SETTINGS_LABELS;
    for (const label of [callbacks, logoutUrls, loginUri])
      expect(recipe.settings[label], label).toMatch(new RegExp(`^${PRINTED.application}`));
    expect(recipe.start).not.toBe('');
    for (const word of [PRINTED.server, PRINTED.clientId, PRINTED.clientSecret]) expect(code).toContain(word);
  });

  test('it hands on the organization and the invitation', () => {
    expect(code).toContain('organization');
    expect(code).toContain('invitation');
  });

  test('it installs what the script pins, and names the versions, as the page about tools does', () => {
    const words = recipe.install.split(/\s+/);
    expect(words).toEqual(expect.arrayContaining(Object.keys(pins)));
    const versions = Object.values(pins).flatMap(
      (pinned) => /(?:@v?|==)([\d.]+(?:-\w+\.\d+)?)$/.exec(pinned)?.[1] ?? [],
    );
    expect(versions).toHaveLength(Object.keys(pins).length);
    const [tried = ''] = /Run with [\s\S]+?\d\.(?=\n|$)/.exec(recipe.section) ?? [];
    for (const version of versions) expect(tried).toContain(version);
    const named = tried.match(/\d+\.\d+[\w.-]*\w/g) ?? [];
    expect(named).not.toEqual([]);
    for (const version of named) expect(tools).toContain(version);
  });

  test.each(recipe.files.map(({ name, language, text }) => [name, language, text] as const))(
    '%s parses',
    (_name, language, text) => {
      expect((PARSERS[language] ?? isBalanced)(text)).toBe(true);
    },
  );

  test('a file of a quickstart is there', () => {
    if (recipe.borrowed === undefined) return;
    const quickstart = readFileSync(`${ROOT}${recipe.borrowed.page}`, 'utf8');
    expect(readQuickstartFile(quickstart, recipe.borrowed.file).length).toBeGreaterThan(100);
  });
});

test('the console offers what a recipe chooses in place of the page of a refusal', () => {
  const chosen = FRAMEWORK_IDS.map((id) => readRecipe(page, FRAMEWORKS[id].heading).settings[SETTINGS_LABELS.refusals]);
  expect(new Set(chosen)).toEqual(new Set([undefined, AT_ONCE]));
  expect(readFileSync(`${ROOT}src/console/pages/applications/words.ts`, 'utf8')).toContain(`name: '${AT_ONCE}'`);
});

const readCode = (id: (typeof FRAMEWORK_IDS)[number]) =>
  readRecipe(page, FRAMEWORKS[id].heading)
    .files.map(({ text }) => text)
    .join('\n');

/** Attack: an ID token of another sign-in is put into this one. oauth2-proxy compares the nonce only if it is told to. */
test('oauth2-proxy compares the nonce, and lets members in whose address nobody verified', () => {
  const file = readRecipe(page, FRAMEWORKS['oauth2-proxy'].heading).files.find(({ name }) => name === 'proxy.yaml');
  expect(parse(file?.text ?? '').providers[0].oidcConfig).toMatchObject({
    insecureSkipNonce: false,
    insecureAllowUnverifiedEmail: true,
  });
});

/** Attack: somebody who reaches the application past the proxy sends its headers. */
test.each(['oauth2-proxy', 'apache'] as const)('%s: the page says where the application may listen', (id) => {
  expect(readRecipe(page, FRAMEWORKS[id].heading).section).toContain('must listen on localhost only');
});

test('an application learns who the person is, not the address alone', () => {
  expect(readCode('authjs')).toMatch(/sub: profile\.sub, org_id: profile\.org_id/);
  expect(readCode('authjs')).toContain('{session.user.id}');
  expect(readCode('better-auth')).toContain('account.accountId');
  expect(readCode('passport')).toMatch(/\$\{id\}\) at \$\{org_id\}/);
});

test('a cookie of the Go program is Secure over https', () => {
  expect(readCode('go-oidc')).toContain('Secure: strings.HasPrefix(base, "https:")');
});

test('only the words of the table get a version', () => {
  expect(withPins('npm install a b\n', { a: 'a@1.0.0' })).toBe('npm install a@1.0.0 b\n');
});

test('a section that is missing, and a block that nobody would run, are errors', () => {
  expect(() => readRecipe(page, 'Nothing')).toThrow('the page has no section Nothing');
  const broken = '\n## A\n\n```js\n1;\n```\n';
  expect(() => readRecipe(broken, 'A')).toThrow('a block has no line before it');
  expect(() => readRecipe('\n## A\n\nLook:\n\n```js\n1;\n```\n', 'A')).toThrow('what is the block after "Look:"?');
});

test('blocks that do not parse would be found', () => {
  expect(parsesAsScript('const = 1;')).toBe(false);
  expect(isBalanced('func main() { (')).toBe(false);
  expect(isBalanced('x = "(" # )')).toBe(true);
  expect(isAssignments('name')).toBe(false);
});
