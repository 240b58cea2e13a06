/** The language of a login, and the tenant's own words on its pages: the prompt's page in that language, from the next page on, as plain text. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useStage, wordsOf } from '../support/stage.js';

describe('words', () => {
  const stage = useStage({ strategy: 'oidc' });
  const put = (prompt: string, language: string, texts: object) =>
    stage.instance.api('PUT', `/prompts/${prompt}/custom-text/${language}`, texts);

  beforeAll(() => stage.instance.api('PATCH', '/tenants/settings', { enabled_locales: ['en', 'de', 'fr-CA', 'sv'] }));
  afterAll(() => stage.instance.api('PATCH', '/tenants/settings', { enabled_locales: ['en'] }));

  test.each([
    ['de-AT', 'de', 'Bei Acme anmelden'],
    ['sv fr', 'fr', 'Se connecter à Acme'],
    ['ja', 'en', 'Sign in to Acme'],
  ])('case=ui_locales %s', async (uiLocales, language, heading) => {
    const page = await stage.visitor().open({ ui_locales: uiLocales });
    expect(page.text).toContain(`<html lang="${language}"`);
    expect(wordsOf(page)).toContain(heading);
  });

  test('a text reaches the page of its prompt in its language, and no other', async () => {
    await put('login-id', 'de', { 'login-id': { title: 'Hallo', buttonText: 'Los', pageTitle: 'Anmelden' } });
    const visitor = stage.visitor();
    const identifier = await visitor.open({ ui_locales: 'de' });
    expect(wordsOf(identifier)).toContain('Hallo');
    expect(identifier.text).toContain('<title>Anmelden · Acme</title>');
    const password = await visitor.type(identifier, 'dana@plain.example', 'password');
    expect(wordsOf(password)).toContain('Weiter');
    expect(wordsOf(password)).not.toContain('Hallo');
    expect(wordsOf(await stage.visitor().open({ ui_locales: 'fr' }))).not.toContain('Hallo');
    await put('login-id', 'de', {});
    expect(wordsOf(await stage.visitor().open({ ui_locales: 'de' }))).toContain('Bei Acme anmelden');
  });

  test('markup is text, and a name in it turns nothing around', async () => {
    const title = ['<script>alert(1)</script> $', '{companyName} $', '{clientName}'].join('');
    await put('login-id', 'en', { 'login-id': { title } });
    const { text } = await stage.visitor().open();
    expect(text).toContain('<h1>&lt;script>alert(1)&lt;/script> \u2068Acme\u2069 \u2068');
    await put('login-id', 'en', {});
  });
});
