/** The choice of a language: the request's wish, then the browser's, within the tenant's list. */
import { describe, expect, test } from 'vitest';
import { acceptedTags, chooseLanguage, LANGUAGES, toLanguage, toLanguages } from '../../src/domain/look/languages.js';

const ALL = toLanguages(LANGUAGES);

describe('toLanguage', () => {
  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE-ch-1996', 'de'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['es-419', 'es'],
    ['fr_CA', 'fr'],
    ['den', undefined],
    ['d', undefined],
    ['zh-TW', undefined],
    ['', undefined],
    ['de"><script>', undefined],
    ['__proto__', undefined],
  ])('case=%s', (tag, language) => {
    expect(toLanguage(tag)).toBe(language);
  });
});

describe('toLanguages', () => {
  test.each([
    [undefined, ['en']],
    [[], ['en']],
    [
      ['de', 'en'],
      ['de', 'en'],
    ],
    [['zh-TW', 'fr-CA', 'fr-FR', 'nl'], ['fr']],
    [['nl'], ['en']],
  ])('case=%j', (locales, languages) => {
    expect(toLanguages(locales)).toEqual(languages);
  });
});

test('the tags of a header come by their weight, and those that are refused do not come', () => {
  expect(acceptedTags('en;q=0.3, ja, de;q=0, *;q=0.9, fr-CA;q=0.8, es')).toEqual(['ja', 'es', 'fr-CA', 'en']);
});

describe('chooseLanguage', () => {
  test.each([
    ['the request comes first', { uiLocales: 'fr-CA de', acceptLanguage: 'ja' }, ALL, 'fr'],
    ['the first wish that is offered', { uiLocales: 'ja de' }, toLanguages(['en', 'de']), 'de'],
    ['an unknown wish leaves it to the browser', { uiLocales: 'xx', acceptLanguage: 'ja' }, ALL, 'ja'],
    ['weights count', { acceptLanguage: 'de;q=0.4, es;q=0.9' }, ALL, 'es'],
    ['only the list', { uiLocales: 'ja', acceptLanguage: 'ja' }, toLanguages(['de', 'fr']), 'de'],
    ['nothing was asked', {}, toLanguages(['pt-BR', 'en']), 'pt-BR'],
    ['markup is no tag', { uiLocales: '"><b>', acceptLanguage: '</html>' }, ALL, 'en'],
    ['a list without end', { uiLocales: `${'xx '.repeat(30)}de` }, ALL, 'en'],
  ] as const)('case=%s', (_name, wish, offered, language) => {
    expect(chooseLanguage(wish, offered)).toBe(language);
  });
});
