/**
 * An application with `refusals: page`: a refused person reads why, on a page of the server, and then the application gets the answer
 * that it would have got at once. Requests without a person are answered as before, and nothing of the refused login is left.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, linkOf, linksOf, referenceOf, sameForAll, useStage, wordsOf } from '../support/stage.js';

const PAGE = '/u/refused';
const GERMAN = { 'accept-language': 'de' };
const stage = useStage();
const path = () => `/clients/${stage.cast.client.id}`;
const set = (body: Json) => stage.instance.api('PATCH', path(), body);
const back = (page: Visit) => linkOf(page, 'Back to the application');
const cookiesOf = ({ browser }: ReturnType<typeof stage.visitor>) => [
  ...browser.cookies(new URL(stage.instance.origin).host).keys(),
];

/** The answer without what differs from one login to the next. */
function comparable(visit: Visit): Json {
  const { error_reference: reference, ...rest } = answerOf(visit);
  expect(reference).toMatch(/^V-/);
  return rest;
}

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
  await stage.instance.api('PATCH', '/tenants/settings', { enabled_locales: ['en', 'de'] });
});
afterEach(() => set({ refusals: null }));

describe('the setting', () => {
  test('is absent until somebody sets it, and as absent again at its default', async () => {
    expect(await stage.instance.api('GET', path())).not.toHaveProperty('refusals');
    expect(await set({ refusals: 'page' })).toMatchObject({ refusals: 'page' });
    expect(await set({ name: 'Notebook' })).toMatchObject({ refusals: 'page' });
    expect(await set({ refusals: 'redirect' })).not.toHaveProperty('refusals');
    await expect(set({ refusals: 'nowhere' })).rejects.toThrow();
    await expect(set({ refusals: true })).rejects.toThrow();
  });
});

describe('a stranger from the company', () => {
  const refused = async (visitor = stage.visitor(), parameters: Record<string, string> = {}) =>
    visitor.throughSso('sam', 'sam@acme.example', { state: 'a state & more', ...parameters });

  test('reads why, goes on, and the application gets what it got before; nothing is left', async () => {
    const atOnce = comparable(await refused());
    await set({ refusals: 'page' });
    const before = await stage.instance.snapshot();
    const sam = stage.visitor();
    const page = await refused(sam);
    expect([page.url.pathname, page.status]).toEqual([PAGE, 403]);
    expect(wordsOf(page)).toContain('You are not part of this organization yet');
    expect(linksOf(page)).toEqual(['Back to the application']);
    const line = await stage.refusal(page);
    expect(line.details).toMatchObject({ code: 'admit.not_a_member', reference: referenceOf(page) });
    await expectNothingLeft(stage.instance, before);
    const answer = await sam.browser.visit(back(page));
    expect(comparable(answer)).toEqual(atOnce);
    expect(answerOf(answer)).toMatchObject({ state: 'a state & more', error_reference: referenceOf(page) });
    await expectNothingLeft(stage.instance, before);
    expect(cookiesOf(sam), 'one small cookie, until it expires').toHaveLength(1);
  });

  test('may reload the page, return to it, and go on once more: each time the same, and one line in the log', async () => {
    await set({ refusals: 'page' });
    const sam = stage.visitor();
    const company = await sam.type(await sam.open(), 'sam@acme.example');
    const page = await sam.signInAtIdp(company, 'sam');
    const before = await stage.instance.snapshot();
    const first = await sam.browser.visit(back(page));
    const again = await sam.browser.visit(page.url);
    expect(sameForAll(again)).toBe(sameForAll(page));
    expect(referenceOf(again)).toBe(referenceOf(page));
    expect((await sam.browser.visit(back(again))).url.href).toBe(first.url.href);
    const state = page.url.searchParams.get('state') ?? '';
    for (const step of ['login/identifier', 'login/password', 'invitation', 'proof']) {
      const returned = await sam.browser.visit(`${stage.instance.origin}/u/${step}?state=${state}`);
      expect([returned.url.pathname, referenceOf(returned)], step).toEqual([PAGE, referenceOf(page)]);
    }
    expect(await stage.instance.snapshot()).toEqual(before);
  });

  test('reads it in the language of the browser, and in that of the request', async () => {
    await set({ refusals: 'page' });
    const sam = stage.visitor();
    const page = await refused(sam);
    const german = await sam.browser.visit(page.url, { headers: GERMAN });
    expect(wordsOf(german)).toContain('Sie gehören noch nicht zu dieser Organisation');
    expect(wordsOf(german)).toContain('Zurück zur Anwendung');
    expect(german.text, 'the error is English').toContain('<code lang="en" dir="ltr">access_denied: ');
    const asked = await refused(stage.visitor(), { ui_locales: 'de' });
    expect(wordsOf(asked)).toContain('Sie gehören noch nicht zu dieser Organisation');
  });

  test.each(['fragment', 'form_post'])('goes on by response_mode=%s', async (mode) => {
    const fields = async (answered: Visit) => {
      const { error_reference: _own, ...rest } =
        answered.forms[0]?.fields ?? Object.fromEntries(new URLSearchParams(answered.url.hash.slice(1)));
      return { ...rest, to: answered.forms[0]?.action ?? answered.url.origin };
    };
    const atOnce = await fields(await refused(stage.visitor(), { response_mode: mode }));
    expect(atOnce).toMatchObject({ error: 'access_denied', state: 'a state & more', iss: `${stage.instance.origin}/` });
    await set({ refusals: 'page' });
    const sam = stage.visitor();
    const page = await refused(sam, { response_mode: mode });
    expect(page.url.pathname).toBe(PAGE);
    expect(await fields(await sam.browser.visit(back(page)))).toEqual(atOnce);
  });

  test('and an application that reads no `iss` gets none', async () => {
    await set({ refusals: 'page', authorization_response_iss: false });
    const sam = stage.visitor();
    const page = await refused(sam);
    const answer = answerOf(await sam.browser.visit(back(page)));
    await set({ authorization_response_iss: null });
    expect(answer).not.toHaveProperty('iss');
    expect(answer.state).toBe('a state & more');
  });

  test('whose application sent more than cookies hold is sent back at once, and no row is made', async () => {
    await set({ refusals: 'page' });
    const long = Array.from({ length: 60 }, () => randomUUID()).join('');
    const before = await stage.instance.snapshot();
    const answer = await refused(stage.visitor(), { state: long });
    expect(answerOf(answer)).toMatchObject({ error: 'access_denied', state: long });
    await expectNothingLeft(stage.instance, before);
  });
});

describe('before anybody proved anything', () => {
  test('an unknown organization is told on the page, with the application known', async () => {
    await set({ refusals: 'page' });
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: 'org_0000000000000000' });
    expect(page.url.pathname).toBe(PAGE);
    expect(wordsOf(page)).toContain('This organization is not known here');
    expect(answerOf(await visitor.browser.visit(back(page)))).toMatchObject({
      error: 'invalid_request',
      error_description: 'authorization request parameter organization is invalid',
    });
  });

  test('an API that is unknown, too; a malformed request goes to the application at once', async () => {
    await set({ refusals: 'page' });
    const visitor = stage.visitor();
    const page = await visitor.open({ audience: 'https://nosuch.example' });
    expect(wordsOf(page)).toContain('The application asked for access to something that is not known here.');
    expect(answerOf(await visitor.browser.visit(back(page)))).toMatchObject({
      error: 'access_denied',
      error_description: 'Service not found: https://nosuch.example',
    });
    expect(answerOf(await stage.visitor().open({ prompt: 'nonsense' })).error).toBe('invalid_request');
  });

  // Attack (phishing): a link makes this server's own page say what its writer wants.
  test('a text in a link is not on the page, but in the log', async () => {
    await set({ refusals: 'page' });
    const page = await stage.visitor().open({ audience: 'Your account is locked. Call 555' });
    expect(page.url.pathname).toBe(PAGE);
    expect(page.text).not.toMatch(/account is locked|555/);
    expect(JSON.stringify((await stage.refusal(page)).details)).toContain('Your account is locked');
  });
});

describe('an Action', () => {
  const use = (body: string) =>
    useActions(stage.instance, 'post-login', {
      name: 'denies',
      code: `exports.onExecutePostLogin = async (event, api) => { ${body} };`,
    });

  test('that denies tells the person its reason', async () => {
    await set({ refusals: 'page' });
    const remove = await use("api.access.deny('Your trial has ended. Call sales.');");
    const page = await stage.visitor().throughSso('dana', 'dana@acme.example');
    await remove();
    expect(page.url.pathname).toBe(PAGE);
    expect(page.text).toMatch(/<p class="body">Your trial has ended\. Call sales\.<\/p>/);
    expect(wordsOf(page)).not.toContain('A rule that the application runs');
  });

  test('that revokes the session ends its cookie in the answer that leads to the page', async () => {
    await set({ refusals: 'page' });
    const dana = stage.visitor();
    await dana.redeem(await dana.throughSso('dana', 'dana@acme.example'));
    expect(cookiesOf(dana).join()).toContain('vestibule_session');
    const remove = await use("if (event.session) api.session.revoke('thrown out');");
    const page = await dana.open();
    await remove();
    expect(page.url.pathname).toBe(PAGE);
    expect(wordsOf(page)).toContain('thrown out');
    expect(cookiesOf(dana).join()).not.toContain('vestibule_session');
  });
});

test('the page of a wrong account leaves the invitation to the right one', async () => {
  await set({ refusals: 'page' });
  const invitation = await stage.cast.invite('ivy@acme.example');
  const sam = stage.visitor();
  const page = await sam.signInAtIdp(await sam.accept(invitation), 'sam');
  expect(page.url.pathname).toBe(PAGE);
  expect(wordsOf(page)).toContain('This invitation is for somebody else');
  const ivy = stage.visitor();
  const { claims } = await ivy.redeem(await ivy.signInAtIdp(await ivy.accept(invitation), 'ivy'));
  expect(claims.sub).toBe('oidc|acme-oidc|idp-ivy');
});

describe('where nobody would press the button', () => {
  test('prompt=none is answered at once', async () => {
    await set({ refusals: 'page' });
    const before = await stage.instance.snapshot();
    expect(answerOf(await stage.visitor().open({ prompt: 'none' })).error).toBe('login_required');
    expect(answerOf(await stage.visitor().open({ prompt: 'none', organization: 'org_0000000000000000' })).error).toBe(
      'invalid_request',
    );
    await expectNothingLeft(stage.instance, before);
  });

  test.each(['iframe', 'empty', 'image'])('so is a request whose answer goes to a place like %s', async (place) => {
    await set({ refusals: 'page' });
    const visitor = stage.visitor();
    const url = visitor.authorizeUrl({ organization: 'org_0000000000000000' });
    const answer = await visitor.browser.visit(url, { headers: { 'sec-fetch-dest': place } });
    expect(answerOf(answer).error).toBe('invalid_request');
    expect(cookiesOf(visitor)).toEqual([]);
  });

  test('web_message is shown in a window alone', async () => {
    await set({ refusals: 'page', web_origins: ['http://127.0.0.1:9'] });
    const open = async (place?: string) => {
      const visitor = stage.visitor();
      const url = visitor.authorizeUrl({ organization: 'org_0000000000000000', response_mode: 'web_message' });
      const headers = place === undefined ? {} : { 'sec-fetch-dest': place };
      const page = await visitor.browser.visit(url, { headers });
      return { visitor, page };
    };
    for (const place of [undefined, 'iframe'])
      expect((await open(place)).page.text).toContain('"error":"invalid_request"');
    const { visitor, page } = await open('document');
    expect(page.url.pathname).toBe(PAGE);
    const message = await visitor.browser.visit(back(page));
    expect(message.text).toContain('"error":"invalid_request"');
    expect(message.text).toContain('"state":"app-state"');
    await set({ web_origins: [] });
    const stopped = await visitor.browser.visit(back(page));
    expect(stopped.status, 'the web origin was removed meanwhile').toBe(400);
    expect(stopped.text).not.toContain('"error"');
  });
});

describe('nobody else decides what the page says, or where its button leads', () => {
  async function refusedPage() {
    await set({ refusals: 'page' });
    const sam = stage.visitor();
    return { sam, page: await sam.throughSso('sam', 'sam@acme.example') };
  }

  test('text and address in the query change nothing', async () => {
    const { sam, page } = await refusedPage();
    const more =
      '&error_description=Call+us&redirect_uri=https://evil.example/&reference=V-EVIL-EVIL&organization=evil';
    const told = await sam.browser.visit(`${page.url.href}${more}`);
    expect(sameForAll(told)).toBe(sameForAll(page));
    expect(told.text).not.toMatch(/evil/i);
    const answer = await sam.browser.visit(`${back(page)}${more}`);
    expect(answer.url.href).not.toMatch(/evil/i);
    expect(answerOf(answer).error_reference).toBe(referenceOf(page));
  });

  test('the page exists in the browser of the refused person alone', async () => {
    const { page } = await refusedPage();
    for (const address of [page.url.href, back(page)]) {
      const other = await stage.visitor().browser.visit(address);
      expect(other.status).toBe(400);
      expect(wordsOf(other)).toContain('This sign-in cannot be continued');
    }
  });

  test.each(['/v2/logout', '/oidc/logout'])('after %s nobody reads it there', async (logout) => {
    const { sam, page } = await refusedPage();
    await sam.browser.visit(`${stage.instance.origin}${logout}`);
    expect(cookiesOf(sam)).toEqual([]);
    expect(wordsOf(await sam.browser.visit(page.url))).toContain('This sign-in cannot be continued');
  });

  test('an answer that is posted again leads back to the page', async () => {
    const { sam, page } = await refusedPage();
    const body = new URLSearchParams({
      state: page.url.searchParams.get('state') ?? '',
      code: 'x',
      vestibule_relay: '1',
    });
    const headers = { origin: stage.instance.origin };
    const again = await sam.browser.visit(`${stage.instance.origin}/login/callback`, { method: 'POST', body, headers });
    expect([again.url.pathname, referenceOf(again)]).toEqual([PAGE, referenceOf(page)]);
  });

  test('a login that was refused cannot be continued: its cookie is no login', async () => {
    const { sam, page } = await refusedPage();
    const state = page.url.searchParams.get('state') ?? '';
    const body = new URLSearchParams({ username: 'dana@acme.example', action: 'default' });
    const posted = await sam.browser.visit(`${stage.instance.origin}/u/login/identifier?state=${state}`, {
      method: 'POST',
      body,
      headers: { origin: stage.instance.origin },
    });
    expect(posted.url.pathname).toBe(PAGE);
  });

  test('a callback address that was removed meanwhile gets nothing', async () => {
    const { sam, page } = await refusedPage();
    const { callbacks } = await stage.instance.api('GET', path());
    await set({ callbacks: ['https://other.example/callback'] });
    const stopped = await sam.browser.visit(back(page));
    await set({ callbacks });
    expect(stopped.status).toBe(400);
    expect(wordsOf(stopped)).toContain('This sign-in request cannot be used');
    expect(linksOf(stopped)).toEqual([]);
    expect((await stage.refusal(stopped)).details.code).toBe('identify.callback_mismatch');
  });

  test('the page of an application that is gone is not shown', async () => {
    const made = await stage.instance.api('POST', '/clients', {
      name: 'Short-lived',
      app_type: 'regular_web',
      callbacks: ['http://127.0.0.1:9/callback'],
      organization_usage: 'require',
      refusals: 'page',
    });
    const visitor = stage.visitor();
    const id = String(made.client_id);
    const page = await visitor.open({ client_id: id, organization: 'org_0000000000000000' });
    expect(page.url.pathname).toBe(PAGE);
    await stage.instance.api('DELETE', `/clients/${id}`);
    expect(wordsOf(await visitor.browser.visit(page.url))).toContain('This sign-in cannot be continued');
  });
});
