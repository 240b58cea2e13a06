/** `event.transaction.locale` is the language of the login's pages. */
import { expect, test } from 'vitest';
import type { Attempt } from '../../src/login/stages.js';
import { transactionOf } from '../../src/login/tenant-code/action-event.js';

const attempt = (uiLocales: string | undefined, language: string | undefined): Attempt => ({
  at: new Date(0),
  ip: '192.0.2.1',
  userAgent: 'browser',
  replaces: undefined,
  transactionId: 't',
  request: {
    clientId: 'c',
    redirectUri: 'https://app.example/callback',
    responseMode: 'query',
    scope: 'openid',
    ...(uiLocales !== undefined && { extra: { ui_locales: uiLocales } }),
  },
  organizationId: undefined,
  credential: { kind: 'none' },
  ...(language !== undefined && { language }),
});

test.each([
  ['the application', 'ja de', 'fr', ['en', 'de', 'fr'], 'de'],
  ['the browser', undefined, 'fr-CA', ['en', 'de', 'fr'], 'fr'],
  ['nobody', undefined, undefined, ['de', 'en'], 'de'],
  ['a language that is not offered', 'ja', 'ja', undefined, 'en'],
] as const)('case=%s', (_who, uiLocales, language, languages, locale) => {
  const tenant = languages === undefined ? {} : { languages };
  expect(transactionOf(attempt(uiLocales, language), tenant).locale).toBe(locale);
});
