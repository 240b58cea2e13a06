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

  test('Auth0’s page of address and password together: on both pages, and the page that is named more exactly counts', async () => {
    await put('login', 'en', { login: { title: 'Good day', buttonText: 'Go', passwordPlaceholder: 'Secret word' } });
    await put('login-id', 'en', { 'login-id': { title: 'Who are you?' } });
    const visitor = stage.visitor();
    const identifier = wordsOf(await visitor.open());
    expect(identifier).toContain('Who are you? ');
    expect(identifier).toMatch(/\bGo\b/);
    expect(identifier).not.toContain('Good day');
    const password = wordsOf(await visitor.type(await visitor.open(), 'dana@plain.example', 'password'));
    for (const word of ['Good day', 'Secret word']) expect(password).toContain(word);
    await put('login', 'en', {});
    await put('login-id', 'en', {});
  });

  test('the sign-up: by the address’s words, and by those of the whole page before them', async () => {
    const options = (disable_signup: boolean) =>
      stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, { options: { disable_signup } });
    await options(false);
    await stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, { organization_usage: 'allow' });
    const open = async () => wordsOf(await stage.visitor().open({ organization: '', screen_hint: 'signup' }));
    await put('signup-id', 'en', { 'signup-id': { title: 'Come in', buttonText: 'Further' } });
    await put('signup-password', 'en', { 'signup-password': { passwordPlaceholder: 'A new secret' } });
    const page = await open();
    for (const word of ['Come in', 'Further', 'A new secret']) expect(page).toContain(word);
    await put('signup', 'en', { signup: { title: 'Be one of us' } });
    expect(await open()).toContain('Be one of us');
    for (const prompt of ['signup-id', 'signup-password', 'signup']) await put(prompt, 'en', {});
    await stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, { organization_usage: 'require' });
    await options(true);
  });

  test('a confirmed address', async () => {
    const userId = await stage.cast.createMember('vera@plain.example', { verified: false });
    const { ticket } = await stage.instance.api('POST', '/tickets/email-verification', { user_id: userId });
    const texts = { verifiedTitle: 'Thank you', verifiedDescription: ['$', '{email} is yours.'].join('') };
    await put('email-verification', 'en', { 'email-verification-result': texts });
    const { browser } = stage.visitor();
    const question = await browser.visit(String(ticket));
    expect(wordsOf(question)).not.toContain('Thank you');
    const done = wordsOf(await browser.submit(question, {}));
    expect(done).toContain('Thank you');
    expect(done).toContain('vera@plain.example is yours.');
    await put('email-verification', 'en', {});
  });

  test('signing out: the question and the end of it, from the next page on', async () => {
    const { origin } = stage.instance;
    const description = ['Leave $', '{clientName}?'].join('');
    await put('logout', 'en', {
      logout: { title: 'Going?', description, acceptButtonText: 'Yes' },
      'logout-complete': { eventTitle: 'See you', description: 'You are out.', pageTitle: 'Bye' },
    });
    const visitor = stage.visitor();
    await stage.cast.createMember('olga@plain.example');
    await visitor.withPassword('olga@plain.example');
    const question = await visitor.browser.visit(`${origin}/oidc/logout?client_id=${stage.cast.client.id}`);
    expect(wordsOf(question)).toMatch(/Going\? .*Leave \W?Notebook\W?\?.* Yes/);
    // Without an application there is no address to go to: the person sees the page at the end.
    const plain = await visitor.browser.visit(`${origin}/oidc/logout`);
    expect(wordsOf(plain)).toMatch(/Going\? .*Leave \W*\?/);
    const out = await visitor.browser.submit(plain, {});
    expect(wordsOf(out)).toContain('See you');
    expect(wordsOf(out)).toContain('You are out.');
    expect(out.text).toContain('<title>Bye');
    await put('logout', 'en', {});
    expect(wordsOf(await stage.visitor().browser.visit(`${origin}/oidc/logout`))).toContain('You are signed out of');
  });

  test('markup is text, and a name in it turns nothing around', async () => {
    const title = ['<script>alert(1)</script> $', '{companyName} $', '{clientName}'].join('');
    await put('login-id', 'en', { 'login-id': { title } });
    const { text } = await stage.visitor().open();
    expect(text).toContain('<h1>&lt;script>alert(1)&lt;/script> \u2068Acme\u2069 \u2068');
    await put('login-id', 'en', {});
  });
});
