/**
 * Front channel (response_mode=form_post) in a real browser: the IdP on another site posts the ID token to the callback. The browser
 * withholds SameSite=Lax cookies from such a post, so the login can go on only through the page that posts it once more from here.
 */
import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BrowserStage, claimsOf, useBrowserStage } from '../support/browser-stage.js';
import type { Place } from '../support/cast.js';
import { hasOpenssl } from '../support/certificate.js';
import { noChromium } from '../support/chromium.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import type { Person } from '../support/scripted-idp.js';

const NAMES = ['bo', 'cy', 'di', 'ed', 'flo'];
const people: Record<string, Person> = Object.fromEntries(
  NAMES.map((login) => [login, { sub: `idp-${login}`, email: `${login}@beta.example`, email_verified: true }]),
);

/** An organization whose IdP answers by the front channel. */
async function createFrontChannelPlace({ cast, instance }: BrowserStage): Promise<Place> {
  const place = await cast.createPlace('beta', people, { domain: 'beta.example' });
  await instance.api('PATCH', `/connections/${place.connectionId}`, {
    options: {
      type: 'front_channel',
      issuer: place.idp.issuer,
      discovery_url: `${place.idp.issuer}/.well-known/openid-configuration`,
      client_id: place.idp.clientId,
      scope: 'openid profile email',
      domain_aliases: ['beta.example'],
    },
  });
  for (const login of NAMES) await cast.createMember(`${login}@beta.example`, { organizationId: place.id });
  return place;
}

interface Arrival {
  readonly site: string | undefined;
  readonly cookies: readonly string[];
}

/** Notes each post to the callback with the cookies that the browser really sent. */
function watchCallback(tab: Tab, origin: string): Promise<Arrival>[] {
  const seen: Promise<Arrival>[] = [];
  tab.on('request', (request) => {
    if (request.method() !== 'POST' || request.url() !== `${origin}/login/callback`) return;
    seen.push(
      request.allHeaders().then((headers) => ({
        site: headers['sec-fetch-site'],
        cookies: (headers.cookie ?? '').split('; ').flatMap((pair) => (pair === '' ? [] : [pair.split('=')[0] ?? ''])),
      })),
    );
  });
  return seen;
}

describe.skipIf(noChromium()).each(['http', 'https'] as const)('front channel over %s', (scheme) => {
  if (scheme === 'https' && !hasOpenssl()) {
    test.skip('skipped: the openssl command is not installed', () => undefined);
    return;
  }
  const stage = useBrowserStage(scheme);
  let place: Place;
  beforeAll(async () => {
    place = await createFrontChannelPlace(stage);
  });

  async function goToIdp(login: string, options: BrowserContextOptions = {}): Promise<Tab> {
    const { tab } = await stage.open(options);
    await tab.goto(stage.login({ organization: place.id }));
    await tab.fill('#username', `${login}@beta.example`);
    await tab.press('#username', 'Enter');
    await tab.fill('#login', login);
    return tab;
  }

  test('the post from the IdP comes without cookies; it is relayed with them, and the person is in', async () => {
    const tab = await goToIdp('bo');
    const arrivals = watchCallback(tab, stage.instance.origin);
    await tab.press('#login', 'Enter');
    expect(await claimsOf(tab, stage.application)).toMatchObject({ org_id: place.id, email: 'bo@beta.example' });
    const prefix = scheme === 'https' ? '__Host-' : '';
    const [across, relayed] = await Promise.all(arrivals);
    expect(across).toEqual({ site: 'cross-site', cookies: [] });
    expect(relayed?.site).toBe('same-origin');
    expect(new Set(relayed?.cookies.map((name) => name.slice(0, -1)))).toEqual(new Set([`${prefix}vestibule_login_`]));
  });

  test('without JavaScript it takes a click at the IdP and one here', async () => {
    const tab = await goToIdp('cy', { javaScriptEnabled: false });
    await tab.press('#login', 'Enter');
    await tab.getByRole('button', { name: 'Continue' }).click();
    await tab.waitForURL(`${stage.instance.origin}/login/callback`);
    expect(await tab.locator('h1').textContent()).toContain('Signing you in');
    await stage.look(tab, `relay-${scheme}`);
    await tab.getByRole('button', { name: 'Continue' }).click();
    await tab.waitForURL(`${stage.application.origin}/me`);
    expect(await tab.content()).toContain('cy@beta.example');
  });

  test('an ID token with many groups goes through whole', async () => {
    place.idp.next({ claims: { groups: Array.from({ length: 400 }, (_, index) => `Group number ${index} of many`) } });
    const tab = await goToIdp('di');
    await tab.press('#login', 'Enter');
    expect(await claimsOf(tab, stage.application)).toMatchObject({ email: 'di@beta.example' });
  });

  test('a post for a login that this browser does not know is relayed once and then told so', async () => {
    const before = await stage.instance.snapshot();
    const tab = await goToIdp('ed');
    // A forged post: a genuine token of a login that another browser began.
    await tab.context().clearCookies({ domain: 'localhost' });
    const arrivals = watchCallback(tab, stage.instance.origin);
    await tab.press('#login', 'Enter');
    await tab.getByText('Reference').first().waitFor();
    expect(await tab.locator('h1').textContent()).toBe('This sign-in cannot be continued');
    expect(arrivals).toHaveLength(2);
    expect((await stage.refusalOn(tab)).details.code).toBe('authenticate.unknown_transaction');
    await expectNothingLeft(stage.instance, before);
  });

  test('the answer posted a second time, by the reload button, does nothing', async () => {
    const tab = await goToIdp('flo');
    let body: string | undefined;
    tab.on('request', (request) => {
      if (request.url() === `${stage.instance.origin}/login/callback`) body ??= request.postData() ?? undefined;
    });
    await tab.press('#login', 'Enter');
    await claimsOf(tab, stage.application);
    const before = await stage.instance.snapshot();
    const fields = Object.fromEntries(new URLSearchParams(body));
    expect(Object.keys(fields).sort()).toEqual(['id_token', 'iss', 'state']);
    await tab.goto(`${place.idp.issuer}/auth`);
    await tab.setContent(
      `<form method="post" action="${stage.instance.origin}/login/callback">${Object.entries(fields)
        .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
        .join('')}<button>Again</button></form>`,
    );
    await tab.getByRole('button').click();
    await tab.getByText('Reference').first().waitFor();
    expect(await tab.locator('h1').textContent()).toBe('This sign-in cannot be continued');
    await expectNothingLeft(stage.instance, before);
  });
});
