/**
 * The code in docs/quickstarts: it is that of the kits, and each kit has its page. `scripts/judges/ready-code.ts` runs
 * it. Kits of the console are judged by ready-code.test.ts; here are those that only the pages have.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/docs/find-documents.js';
import { factsOfPages, QUICKSTART_IDS, QUICKSTARTS, withCode } from '../../scripts/docs/quickstarts.js';
import type { Kit } from '../../src/console/pages/applications/kits/kit.js';
import { KITS } from '../../src/console/pages/applications/ready-code.js';

const readPage = (id: string): string => readFileSync(`${ROOT}docs/quickstarts/${id}.md`, 'utf8');

const CONSOLE: readonly Kit[] = Object.values(KITS);
const OWN = QUICKSTART_IDS.map((id) => [id, QUICKSTARTS[id] as Kit] as const).filter(
  ([, kit]) => !CONSOLE.includes(kit),
);

test('every kit with code has a page, and every page a kit', () => {
  const pages = readdirSync(`${ROOT}docs/quickstarts`).map((name) => name.replace('.md', ''));
  expect(pages.toSorted()).toEqual(QUICKSTART_IDS.toSorted());
  const shown = QUICKSTART_IDS.map((id): Kit => QUICKSTARTS[id]);
  expect(CONSOLE.filter((kit) => kit.tried !== undefined && !shown.includes(kit))).toEqual([]);
});

describe.each(QUICKSTART_IDS)('%s', (id) => {
  const page = readPage(id);

  test('the page has the code of the kit', () => {
    expect(page, 'npx tsx scripts/quickstarts.ts').toBe(withCode(id, page));
    const kit: Kit = QUICKSTARTS[id];
    for (const { text } of kit.files(factsOfPages(kit))) expect(page).toContain(text.trimEnd());
    expect(page).toContain(kit.start(factsOfPages(kit)));
    expect(page).toContain(kit.install(factsOfPages(kit)));
  });

  test('the page has no code of its own beside it', () => {
    const words = page.replaceAll(/<!-- code: \w+ -->[\s\S]*?<!-- \/code -->/g, '');
    expect(words).not.toContain('```');
  });
});

describe.each(OWN)('%s, which the console does not have', (_, kit) => {
  const files = kit.files(factsOfPages(kit));

  test('docs/compatibility/tools.md names the versions that it was run with', () => {
    expect(kit.tried).toMatch(/ \d+\.\d+/);
    expect(readFileSync(`${ROOT}docs/compatibility/tools.md`, 'utf8')).toContain(kit.tried);
  });

  test('it reads the secret that its file of variables has, and prints none', () => {
    const given = files.filter(({ name }) => name === '.env').flatMap(({ text }) => text.match(/^\w+=.*$/gm) ?? []);
    const code = files.filter(({ name }) => name !== '.env').map(({ text }) => text);
    expect(given).toEqual(kit.kinds.includes('spa') ? [] : ['CLIENT_SECRET=']);
    expect(code.some((text) => text.includes('CLIENT_SECRET'))).toBe(given.length > 0);
  });

  test('it begins where the application is told to begin, and comes back where the callback is', () => {
    const facts = factsOfPages(kit);
    const { login = '' } = kit.addresses(facts) ?? {};
    const text = files.map((file) => file.text).join('\n');
    expect(text).toContain(facts.clientId);
    expect(text).toContain(facts.callback);
    if (!kit.kinds.includes('spa')) expect(text).toContain(new URL(login).pathname);
  });
});

test('a part that does not exist, and code that was not run, are no page', () => {
  expect(() => withCode('go', '<!-- code: nothing -->\n<!-- /code -->')).toThrow('there is no part nothing');
  expect(() => withCode('machine', '<!-- code: addresses -->\n<!-- /code -->')).toThrow('nobody signs in to');
});
