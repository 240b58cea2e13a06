/** Accept-Language as browsers, libraries and attackers send it. */
import { expect, test } from 'vitest';
import { preferredLanguage } from '../src/http/browser/language.js';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['*', undefined],
  ['de', 'de'],
  ['en-US,en;q=0.9', 'en-US'],
  ['fr;q=0.4, de-AT, en;q=0.8', 'de-AT'],
  ['en;q=0, nl;q=0.1', 'nl'],
  ['zh-Hant-TW', 'zh-Hant-TW'],
  ['<script>alert(1)</script>, it', 'it'],
  ['en;q=9', undefined],
  [`${'x'.repeat(400)},de`, undefined],
])('case=%s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});
