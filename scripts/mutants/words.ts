/** Faults in the language of a page, and in the tenant's own texts. */
import { type Mutant, mutantsOf } from './mutant.js';

const LANGUAGES = 'test/domain/languages.test.ts';
const TEXTS = 'test/management/custom-texts.test.ts';
const PAGES = 'test/scenarios/words-of-the-tenant.test.ts';
const STORE = 'test/storage/custom-texts.test.ts';

export const WORD_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/domain/look/languages.ts',
    ['a language that the tenant does not offer', 'offered.includes(language)', 'offered.length > 0', LANGUAGES],
    [
      'the browser goes before the application',
      '[...named, ...acceptedTags(acceptLanguage)]',
      '[...acceptedTags(acceptLanguage), ...named]',
      LANGUAGES,
    ],
  ),
  ...mutantsOf(
    'src/domain/look/custom-text.ts',
    ['a text has no bound', 'text.length > MAX_TEXT', 'text.length < 0', TEXTS],
    ['a variable that the page cannot fill', '  return unknown && ', '  return known && undefined && ', TEXTS],
  ),
  ...mutantsOf(
    'src/http/pages/custom-words.ts',
    ['a text reaches the pages of other prompts', 'at === page.page ?', 'at !== undefined ?', PAGES],
    ['a name turns the text around it', '`\\u2068${name', '`${name', PAGES],
  ),
  ...mutantsOf(
    'src/storage/custom-texts.ts',
    ['a change is never seen', 'kept?.revision !== wanted', 'kept === undefined', STORE],
    ['texts are read for every page', 'kept?.revision !== wanted', 'wanted !== undefined', STORE],
  ),
  ...mutantsOf('src/storage/directory/tenant/tenant.ts', [
    'the last text removed hides one that is added at the same moment',
    'await getSettings(true);',
    'await getSettings(false);',
    STORE,
  ]),
];
