/**
 * The documents lead where they say: pages, headings, files of the sources, commands. Asks no network; addresses of other hosts are not followed.
 * A finding names the document and the line.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composePages } from '../../scripts/docs/compose.js';
import { findDocuments, ROOT } from '../../scripts/docs/find-documents.js';
import { maskCode, readHeadings, readLinks, toSlug } from '../../scripts/docs/markdown.js';
import { factsOfPages, QUICKSTART_IDS, QUICKSTARTS } from '../../scripts/docs/quickstarts.js';
import { FRAMEWORK_IDS, FRAMEWORKS, RECIPES_PAGE, readRecipe } from '../../scripts/docs/recipes.js';
import { listPages } from '../../scripts/docs/sidebar.js';
import { findHelp, HELP_PAGES } from '../../src/console/help-pages.js';

interface Document {
  readonly path: string;
  readonly text: string;
}

const readDocument = (path: string): Document => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') });
const documents = findDocuments().map(readDocument);
/** Programs print where a document explains more. */
const programs = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => readDocument(`src/${path}`));

const hasHeading = (path: string, slug: string): boolean =>
  readHeadings(readFileSync(`${ROOT}${path}`, 'utf8')).some((heading) => heading.slug === slug);

/** The name of a section may leave out its number and what comes after its first words. */
const hasSection = (path: string, name: string): boolean =>
  readHeadings(readFileSync(`${ROOT}${path}`, 'utf8')).some(({ slug }) =>
    `${slug.replace(/^\d+-/, '')}-`.startsWith(`${toSlug(name)}-`),
  );

/** All matches of `pattern`, each with the document and the line of its beginning. */
function findAll({ path, text }: Document, pattern: RegExp) {
  return [...text.matchAll(pattern)].map((match) => ({
    match,
    place: `${path}:${text.slice(0, match.index).split('\n').length}`,
  }));
}

/** Why a link of `path` leads nowhere; undefined when it leads somewhere, or to another host. */
function checkTarget(path: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [file = '', anchor] = target.split('#');
  const leadsTo = file === '' ? path : posix.join(posix.dirname(path), file);
  if (!existsSync(`${ROOT}${leadsTo}`)) return `${leadsTo} does not exist`;
  if (anchor !== undefined && !hasHeading(leadsTo, anchor)) return `${leadsTo} has no heading #${anchor}`;
  return undefined;
}

describe('the checks see', () => {
  const wrong = ['[a](missing.md)', '![a](missing.png)', '[a](README.md#no-such-heading)', '[a](#no-such-heading)'];
  test.each(wrong)('case=%s leads nowhere', (text) => {
    expect(readLinks(text).map(({ target }) => checkTarget('README.md', target) ?? 'found')).toEqual([
      expect.stringMatching(/does not exist|has no heading/),
    ]);
  });

  test.each(['[a](README.md)', '[`a` [b]](README.md#try-it)', '[a\nb](#try-it)', '[a](https://example.com/#x)'])(
    'case=%s leads somewhere',
    (text) => {
      expect(readLinks(text).map(({ target }) => checkTarget('README.md', target))).toEqual([undefined]);
    },
  );

  test('case=code holds no links and no headings', () => {
    const text = 'A `[a](b)` and ``[c](`d`)``\n\n```sh\n# no heading\n[e](f)\n```\n\n# Yes: `this`, [one](g)\n';
    expect(maskCode(text)).toHaveLength(text.length);
    expect(readLinks(text).map(({ target }) => target)).toEqual(['g']);
    expect(readHeadings(text)).toEqual([{ level: 1, text: 'Yes: this, one', slug: 'yes-this-one', line: 8 }]);
  });

  test('case=the second heading of the same text has a number', () => {
    expect(readHeadings('# A b\n## A b\n').map(({ slug }) => slug)).toEqual(['a-b', 'a-b-1']);
  });
});

describe('links', () => {
  test('every link and picture leads to a file that exists, and to a heading in it', () => {
    const links = documents.flatMap(({ path, text }) => readLinks(text).map((link) => ({ path, ...link })));
    expect(links.length).toBeGreaterThan(200);
    const wrong = links.flatMap(({ path, line, target }) => {
      const reason = checkTarget(path, target);
      return reason === undefined ? [] : [`${path}:${line} ${target}: ${reason}`];
    });
    expect(wrong).toEqual([]);
  });

  test('a section that is named beside its document exists', () => {
    const named = [...documents, ...programs].flatMap((document) =>
      findAll(document, /`?(docs\/[\w/-]+\.md)`?, "([^"]+)"/g),
    );
    expect(named.length).toBeGreaterThan(0);
    const wrong = named.filter(
      ({ match: [, path = '', section = ''] }) => existsSync(`${ROOT}${path}`) && !hasSection(path, section),
    );
    expect(wrong.map(({ match: [text], place }) => `${place} ${text}`)).toEqual([]);
  });

  test('every document that a program names exists, with the heading', () => {
    const named = programs.flatMap((document) => findAll(document, /docs\/[\w/-]+\.md(?:#[a-z][\w-]*)?/g));
    expect(named.length).toBeGreaterThan(20);
    const wrong = named.filter(({ match: [target] }) => checkTarget('README.md', target) !== undefined);
    expect(wrong.map(({ match: [target], place }) => `${place} ${target}`)).toEqual([]);
  });
});

/** The addresses of the console's pages, with something in the place of each id. */
function listConsolePages(): readonly string[] {
  const folders = readdirSync(`${ROOT}src/console/pages`);
  return folders.flatMap((folder) => {
    const text = readFileSync(`${ROOT}src/console/pages/${folder}/routes.ts`, 'utf8');
    const whole = [...text.matchAll(/path: '(\/[^']*)'/g)].map(([, path = '']) => path);
    const parts = [...text.matchAll(/part\('(\/[^']*)'/g)].map(([, path = '']) => `/settings${path}`);
    return [...whole, ...parts].map((path) => path.replace(/\$\w+/g, 'id_1'));
  });
}

describe('the site', () => {
  const pages = composePages();
  const paths = pages.map(({ path }) => path);

  test('every page stands in the list at the left once, decisions in a list of their own', () => {
    const listed = listPages();
    const wanted = paths.filter((path) => !/^adr\/\d/.test(path));
    expect(listed.map(({ path }) => path).sort(), 'scripts/docs/sidebar.ts').toEqual([...wanted].sort());
    const names = listed.map(({ path, name }) => name ?? pages.find((page) => page.path === path)?.title);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('links between pages, and to their headings, lead somewhere', () => {
    const headings = new Map(
      pages.map(({ path, text }) => [path, [...text.matchAll(/^#.* \{#(.+)\}$/gm)].map(([, slug]) => slug)]),
    );
    const links = pages.flatMap(({ path, text }) => readLinks(text).map(({ target }) => ({ path, target })));
    expect(links.length).toBeGreaterThan(200);
    const wrong = links.filter(({ path, target }) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const leadsTo = file === '' ? path : posix.join(posix.dirname(path), file);
      if (/\.(png|svg)$/.test(leadsTo)) return !existsSync(`${ROOT}docs/${leadsTo}`);
      return !paths.includes(leadsTo) || (anchor !== undefined && headings.get(leadsTo)?.includes(anchor) !== true);
    });
    expect(wrong.map(({ path, target }) => `${path} ${target}`)).toEqual([]);
  });

  test('the page for the first five minutes begins with the two commands of README.md', () => {
    const start = pages.find(({ path }) => path === 'start.md');
    expect(start?.title).toBe('Start in five minutes');
    const [firstBlock = ''] = /^```sh\n[\s\S]*?^```/m.exec(readDocument('README.md').text) ?? [];
    expect(firstBlock).toContain('npm ci && npm start');
    expect(/^```sh\n[\s\S]*?^```/m.exec(start?.text ?? '')?.[0]).toBe(firstBlock);
  });

  test('the pages that the console leads to exist, with their headings', () => {
    const wrong = HELP_PAGES.filter(({ page }) => checkTarget('docs/README.md', page) !== undefined);
    expect(wrong.map(({ page }) => page)).toEqual([]);
    expect(findHelp('/organizations/org_1/rollout').href).toBe('/console/help/guides/move-to-sso.html');
    expect(findHelp('/nowhere').href).toBe('/console/help/guides/console.html');
  });

  test('every page of the console has help of its own, and every row of the table helps at some page', () => {
    const pages = listConsolePages();
    expect(pages.length).toBeGreaterThan(40);
    const fallback = findHelp('/nowhere').name;
    expect(pages.filter((page) => findHelp(page).name === fallback)).toEqual([]);
    const rowOf = (page: string) => HELP_PAGES.findIndex(({ place }) => place.test(page));
    const used = new Set([...pages, '/nowhere'].map(rowOf));
    expect(HELP_PAGES.filter((_row, index) => !used.has(index)).map(({ place }) => String(place))).toEqual([]);
  });
});

/** Words in a path that stand for others: `NNNN-what.sql`, `<name>`, `{a,b}`, `*`, `…`. */
const HOLE = /[<>{}*?…$]|NNNN|NAME/;
/** Made by commands, and so not there in every checkout. */
const MADE = /^(dist|artifacts|node_modules)\//;

/** Files that a reader of a quickstart or of a recipe makes. */
const OF_READERS = new Set([
  ...QUICKSTART_IDS.flatMap((id) => QUICKSTARTS[id].files(factsOfPages(QUICKSTARTS[id])).map(({ name }) => name)),
  ...FRAMEWORK_IDS.flatMap((id) =>
    readRecipe(readDocument(RECIPES_PAGE).text, FRAMEWORKS[id].heading).files.map(({ name }) => name),
  ),
]);

/** True for a page that tells its reader to make files. */
const hasReaders = (place: string): boolean => place.startsWith('docs/quickstarts/') || place.startsWith(RECIPES_PAGE);

const IN_SOURCES = /(?<![\w./@-])(?:src|test|docs|scripts|deploy|demo|examples|bench|sql)\/[\w./<>{}*?…$,@-]+/g;

function isMissing(named: string): boolean {
  const path = named.replace(/[.,]+$/, '');
  return !HOLE.test(path) && !MADE.test(path) && !existsSync(`${ROOT}${path}`);
}

describe('the sources', () => {
  test('every file or folder of the sources that a document names exists', () => {
    const named = documents.flatMap((document) => findAll(document, IN_SOURCES));
    expect(named.length).toBeGreaterThan(500);
    const wrong = named.filter(
      ({ match: [text], place }) => isMissing(text) && !(hasReaders(place) && OF_READERS.has(text)),
    );
    expect(wrong.map(({ match: [text], place }) => `${place} ${text}`)).toEqual([]);
  });

  test.each(['src/main.js', 'test/no-such-folder/', 'docs/no-such-page.md,'])('case=%s would be found', (path) => {
    expect(
      findAll({ path: '', text: `see \`${path}\`` }, IN_SOURCES).map(({ match: [text] }) => isMissing(text)),
    ).toEqual([true]);
  });

  test('every `npm run` that a document names is a script', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };
    const named = documents.flatMap((document) => findAll(document, /npm run (?:-s )?([a-z][\w:-]*)/g));
    expect(named.length).toBeGreaterThan(20);
    const wrong = named.filter(({ match: [, name = ''] }) => scripts[name] === undefined);
    expect(wrong.map(({ match: [text], place }) => `${place} ${text}`)).toEqual([]);
  });
});
