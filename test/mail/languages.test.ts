/** The mails in each language: the same facts as in English, times as the language writes them, and the choice when a mail leaves. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseLanguage, LANGUAGES } from '../../src/domain/look/languages.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { readWish } from '../../src/mail/models.js';
import { renderMail } from '../../src/mail/render.js';
import type { MailWords } from '../../src/mail/words/mail-language.js';
import { MAIL_WORDS } from '../../src/mail/words/words.js';
import { createMailSettings } from '../../src/storage/mail-settings.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { MAIL_TEMPLATES, sampleMail } from '../support/mail-samples.js';

const variablesOf = (texts: readonly string[]) =>
  [...new Set(texts.flatMap((text) => text.match(/\{\{ \w+ \}\}|\{% when "\w+" %\}/g) ?? []))].sort();
const textsOf = ({ subject, heading, lead, notes, button = '' }: MailWords) => [
  ...[subject, heading, button],
  ...lead,
  ...notes,
];

describe.each(LANGUAGES)('%s', (language) => {
  test.each(MAIL_TEMPLATES)('case=%s says what the English one says', (template) => {
    const own = MAIL_WORDS[language].mails[template];
    const english = MAIL_WORDS.en.mails[template];
    expect(variablesOf(textsOf(own))).toEqual(variablesOf(textsOf(english)));
    expect(variablesOf([own.subject])).toEqual(variablesOf([english.subject]));
    expect([own.lead.length, own.code, own.button === undefined]).toEqual([
      ...[english.lead.length, english.code, english.button === undefined],
    ]);
    if (language !== 'en') expect(own.heading).not.toBe(english.heading);
    const mail = renderMail(sampleMail(template), language);
    expect(mail.html).toContain(`<html lang="${language}">`);
    expect(mail.text).toContain('ivy@acme.example');
    expect(mail.subject).toContain('Acme');
    expect(`${mail.text}${mail.html}`).not.toMatch(/\{\{|\{%/);
  });
});

test.each([
  ['en', '2 December 2026', '13:05 UTC'],
  ['de', '2. Dezember 2026', '13:05 UTC'],
  ['fr', '2 décembre 2026', '13:05 UTC'],
  ['es', '2 de diciembre de 2026', '13:05 UTC'],
  ['ja', '2026年12月2日', '13:05（UTC）'],
  ['pt-BR', '2 de dezembro de 2026', '13:05 UTC'],
] as const)('case=a time in %s', (language, day, time) => {
  const { text } = renderMail(sampleMail('invitation'), language);
  expect(text).toContain(day);
  expect(text).toContain(time);
});

describe('the choice, when the mail leaves', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const choose = async (model: Readonly<Record<string, unknown>>, locales: readonly string[]) => {
    await database.pool.query('update tenant set enabled_locales = $1', [locales]);
    return chooseLanguage(
      readWish(model),
      (await createMailSettings(database.pool, createSecretBox(Buffer.alloc(32), 'rows', systemEntropy)).readTenant())
        .languages,
    );
  };

  test.each([
    ['the browser', { wish: { acceptLanguage: 'fr-CA,fr;q=0.9' } }, ['en', 'fr'], 'fr'],
    [
      'the application before the browser',
      { wish: { uiLocales: 'ja', acceptLanguage: 'fr' } },
      ['en', 'fr', 'ja'],
      'ja',
    ],
    ['a language that the tenant does not offer', { wish: { acceptLanguage: 'de' } }, ['es', 'fr'], 'es'],
    ['nobody asked', {}, ['pt-BR', 'en'], 'pt-BR'],
    ['a tenant that chose none', { wish: { acceptLanguage: 'de' } }, ['en'], 'en'],
    ['locales without words', { wish: { acceptLanguage: 'de' } }, ['xx'], 'en'],
    ['a wish that is none', { wish: { acceptLanguage: 7 } }, ['en', 'de'], 'en'],
  ])('case=%s', async (_who, model, locales, language) => {
    expect(await choose(model, locales)).toBe(language);
  });
});
