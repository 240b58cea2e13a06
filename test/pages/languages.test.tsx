/** The words of the hosted pages in each language: complete, with the same values in each sentence, and nothing said past the catalog. */
import ts from 'typescript';
import { describe, expect, it, test } from 'vitest';
import { LANGUAGES } from '../../src/domain/look/languages.js';
import { chooseSpeech, ENGLISH, sayRefusal } from '../../src/http/pages/speech.js';
import { renderPage } from '../../src/http/pages/views/render.js';
import { createTalk } from '../../src/http/pages/views/talk.js';
import { WORDS, type Words } from '../../src/http/pages/words/words.js';
import { REFUSALS, type RefusalCode } from '../../src/login/refusals.js';
import { PAGE_SAMPLES } from '../support/page-samples.js';
import { readSources, walk } from '../support/source-files.js';

type Flat = ReadonlyMap<string, string>;

/** Each sentence by its path: `identifier.heading`, `refusals.act.busy.title`. */
function flatten(words: Words): Flat {
  const found = new Map<string, string>();
  const add = (at: string, value: unknown): void => {
    if (typeof value === 'string') found.set(at, value);
    else for (const [key, inner] of Object.entries(value as object)) add(`${at}.${key}`, inner);
  };
  const { refusals, ...sections } = words;
  add('words', sections);
  for (const [code, { title, sentence, advice }] of Object.entries(refusals)) {
    // The English table has the refusals of applications too.
    if (code in WORDS.de.refusals) add(code, { title, sentence, advice });
  }
  return found;
}

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
const english = flatten(WORDS.en);
const OTHERS = LANGUAGES.filter((language) => language !== 'en');
const ADMINISTRATORS: readonly string[] = ['setup', 'first-operator', 'no-owner'];
/** The pages of the catalog: those of administrators are in English alone, and a few samples say a sentence of their own. */
const SAID = PAGE_SAMPLES.filter(({ name, page }) => !ADMINISTRATORS.includes(page.page) && !name.includes('-named-'));
/** Alike in some languages, and rightly so. */
const ALIKE = /^(?:|Code|Passkey|Or|Error: \{title\}|\{.*\}.*|OpenID Connect .*|Organisation|.* ·.*)$/;

describe.each(OTHERS)('%s', (language) => {
  const words = flatten(WORDS[language]);

  it('has each sentence, with the values of the English one', () => {
    expect([...words.keys()]).toEqual([...english.keys()]);
    for (const [key, text] of words)
      expect(placeholders(text), `${language} ${key}`).toEqual(placeholders(english.get(key) ?? ''));
  });

  it('has no sentence that was left in English', () => {
    const left = [...words].filter(([key, text]) => text === english.get(key) && !ALIKE.test(text));
    expect(left).toEqual([]);
  });

  it('does not shout, and has no blank at an end', () => {
    for (const [key, text] of words) {
      expect(text, key).not.toMatch(/[!！]/);
      // The rule for a password begins where its length ends.
      if (!key.includes('.rule')) expect(text, key).toBe(text.trim());
    }
  });

  it.each(SAID)('$name says nothing in English', ({ page }) => {
    const render = (to: typeof language | 'en') =>
      renderPage(page, { nonce: 'n', speech: { language: to, words: WORDS[to] } });
    const textsOf = (html: string) =>
      html
        .replace(/<(script|style|bdi|code|details)\b[\s\S]*?<\/\1>/g, '')
        .split(/<[^>]+>/)
        .filter((text) => /[a-z]{3,} [a-z]{2,} /i.test(text));
    const said = new Set(textsOf(render('en')));
    expect(textsOf(render(language)).filter((text) => said.has(text))).toEqual([]);
  });
});

test('a refusal has its words in each language', () => {
  const codes = Object.keys(REFUSALS) as RefusalCode[];
  for (const language of OTHERS) {
    const talk = createTalk({ language, words: WORDS[language] });
    for (const code of codes)
      expect(talk.tell(sayRefusal(code).title), `${language} ${code}`).not.toBe(REFUSALS[code].title);
  }
});

test('no view has text of its own: every sentence comes from the catalog', () => {
  const found: string[] = [];
  for (const { path, tree } of readSources('src/http/pages/views')) {
    if (/\/(?:setup|first-owner)/.test(path)) continue;
    walk(tree, (node) => {
      // `<code>` has an address or a name of a file.
      const isCode =
        node.parent !== undefined &&
        ts.isJsxElement(node.parent) &&
        node.parent.openingElement.tagName.getText(tree) === 'code';
      const isText = ts.isJsxText(node) && !isCode && /\p{L}/u.test(node.text);
      const isAttribute =
        ts.isJsxAttribute(node) &&
        /^(?:label|hint|title|alt|aria-label|placeholder)$/.test(node.name.getText(tree)) &&
        node.initializer !== undefined &&
        ts.isStringLiteral(node.initializer) &&
        node.initializer.text !== '';
      const isSentence = ts.isStringLiteral(node) && /^\p{Lu}\p{Ll}+(?: \p{L}+)+/u.test(node.text);
      if (isText || isAttribute || isSentence) found.push(`${path}: ${node.getText(tree).trim()}`);
    });
  }
  expect(found, 'put it into src/http/pages/words/en.ts, and into each language').toEqual([]);
});

describe('the language of a page', () => {
  const tenant = { friendlyName: 'Acme', languages: ['en', 'de', 'ja'] as const };
  const at = (uiLocales: string) => ({ tenant, request: { extra: { ui_locales: uiLocales } } });

  it.each([
    ['the request before the browser', at('ja'), 'de', 'ja'],
    ['the browser where the request is silent', { tenant }, 'de-AT,de;q=0.9', 'de'],
    ['nothing that the tenant does not offer', at('fr'), 'fr', 'en'],
    ['the default of the tenant', { tenant: { friendlyName: '', languages: ['de', 'en'] as const } }, 'it', 'de'],
    ['a tenant without a list', { tenant: { friendlyName: '' } }, 'de', 'en'],
    ['every language where no tenant is known', {}, 'pt', 'pt-BR'],
    ['no more than the list, whatever is sent', at('"><script>'), '../../etc', 'en'],
  ])('%s', (_what, place, acceptLanguage, language) => {
    expect(chooseSpeech(place, acceptLanguage).language).toBe(language);
  });
});

test('a value is kept from being markup, and a placeholder without a value is left out', () => {
  const talk = createTalk(ENGLISH);
  expect(talk.plain('a {x} b {y}', { x: '{y}' })).toBe('a {y} b ');
  const [page] = PAGE_SAMPLES.filter(({ name }) => name === 'identifier-empty').map((sample) => sample.page);
  const words = { ...WORDS.en, identifier: { ...WORDS.en.identifier, heading: '<b>{brand}</b>{nobody}' } };
  const html = page && renderPage(page, { nonce: 'n', speech: { language: 'en', words } });
  expect(html).toContain('<h1>&lt;b><bdi>Acme</bdi>&lt;/b></h1>');
});
