/**
 * The name on a page and in a mail: the organization's, else the tenant's own, else the application's. It is never that of
 * the program that does the work.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Visit } from '../support/http-browser.js';
import { linkOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();

beforeAll(async () => {
  const { api } = stage.instance;
  await api('PATCH', `/clients/${stage.cast.client.id}`, { organization_usage: 'allow' });
  await stage.cast.createUser('olga@plain.example');
});

const withoutOrganization = () => stage.visitor().open({ organization: '' });

async function resetMail() {
  const found = (await stage.instance.mail()).find(({ mail }) => mail.template === 'password_reset');
  if (found === undefined) throw new Error('no mail for a new password');
  return found.mail.model as { readonly brand: { readonly title: string }; readonly url: string };
}

/** Expects the words that every page of an unnamed tenant must have, and not those it must not have. */
function expectNotebook(page: Visit): void {
  expect(wordsOf(page)).toContain('Notebook');
  expect(page.text).not.toContain('Vestibule');
}

describe('a tenant that nobody has named', () => {
  test('the application: at the sign-in, the password, the forgotten one, and in the mail', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: '' });
    expectNotebook(page);
    expect(wordsOf(page)).toContain('Sign in to Notebook');
    const password = await visitor.type(page, 'olga@plain.example', 'password');
    expectNotebook(password);
    const forgot = await visitor.browser.visit(linkOf(password, 'Forgot your password?'));
    expectNotebook(forgot);
    expectNotebook(await visitor.browser.submit(forgot, { username: 'olga@plain.example' }));
    const { brand, url } = await resetMail();
    expect(brand.title).toBe('Notebook');
    expectNotebook(await visitor.browser.visit(url));
  });

  test('the application: where it signs people out', async () => {
    const { origin } = stage.instance;
    const { browser } = stage.visitor();
    const { id } = stage.cast.client;
    // An application with an address for people who signed out gets them back there, and they see no page.
    const setAddresses = (allowed_logout_urls: readonly string[]) =>
      stage.instance.api('PATCH', `/clients/${id}`, { allowed_logout_urls });
    const { allowed_logout_urls: before = [] } = await stage.instance.api<{ allowed_logout_urls?: string[] }>(
      'GET',
      `/clients/${id}`,
    );
    await setAddresses([]);
    expect(wordsOf(await browser.visit(`${origin}/oidc/logout?client_id=${id}`))).toContain('signed out of Notebook');
    expectNotebook(await browser.visit(`${origin}/v2/logout?client_id=${id}&returnTo=https://elsewhere.example`));
    await setAddresses(before);
  });

  test('with an organization, the organization', async () => {
    expect(wordsOf(await stage.visitor().open())).toContain('Sign in to Acme');
  });

  test.each(['/nowhere', '/u/login/identifier?state=long-gone', '/authorize?client_id=nobody', '/oidc/logout'])(
    'where nothing is known, the address of the server: %s',
    async (path) => {
      const { origin } = stage.instance;
      const page = await stage.visitor().browser.visit(`${origin}${path}`);
      expect(wordsOf(page)).toContain(new URL(origin).hostname);
      expect(page.text).not.toContain('Vestibule');
    },
  );
});

test('a tenant with a name: that one, not the application', async () => {
  await stage.instance.api('PATCH', '/tenants/settings', { friendly_name: 'Northwind' });
  const page = wordsOf(await withoutOrganization());
  expect(page).toContain('Sign in to Northwind');
  expect(page).toContain('to continue to Notebook');
});
