/** Story 14: /authorize with organization, connection, invitation and login_hint: Auth0's behaviour, claims and error texts. */
import { inflateRawSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CALLBACK, PASSWORD } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let dana: string;
  const UNKNOWN = 'org_0000000000000000';
  /** SAML has no place for it in a request. */
  const hinted = (email: string | null) => (strategy === 'samlp' ? null : email);
  const isAskedAnew = ({ url: { searchParams } }: Visit): boolean => {
    if (strategy !== 'samlp') return searchParams.get('prompt') === 'login';
    const request = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
    return request.includes('ForceAuthn="true"');
  };

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
  });

  /** Changes the client for the time of `work`. */
  async function withClient<T>(changes: Json, work: () => Promise<T>): Promise<T> {
    const path = `/clients/${stage.cast.client.id}`;
    await stage.instance.api('PATCH', path, changes);
    try {
      return await work();
    } finally {
      await stage.instance.api('PATCH', path, {
        organization_usage: 'require',
        organization_require_behavior: 'no_prompt',
      });
    }
  }

  const names = (allowed: boolean) =>
    stage.instance.api('PATCH', '/tenants/settings', { allow_organization_name_in_authentication_api: allowed });

  /** Expects the refusal `code` at the callback and in the log, with Auth0's two texts, and nothing left. */
  async function expectRefused(
    parameters: Record<string, string>,
    expected: { code: string; error: string; description: string },
  ): Promise<void> {
    const before = await stage.instance.snapshot();
    const answer = await stage.visitor().open(parameters);
    expect(answerOf(answer)).toMatchObject({
      error: expected.error,
      error_description: expected.description,
      state: 'app-state',
      iss: `${stage.instance.origin}/`,
    });
    expect((await stage.refusal(answer)).details.code).toBe(expected.code);
    await expectNothingLeft(stage.instance, before);
  }

  describe('organization', () => {
    test('by id: org_id in the tokens, no org_name', async () => {
      const visitor = stage.visitor();
      await stage.instance.api('POST', '/resource-servers', { identifier: 'urn:notes' });
      const visit = await visitor.withPassword('dana@acme.example', PASSWORD, { audience: 'urn:notes' });
      const { claims, accessToken } = await visitor.redeem(visit);
      expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
      expect(claims).not.toHaveProperty('org_name');
      const [, payload = ''] = accessToken.split('.');
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ org_id: stage.cast.acme.id });
    });

    test('by name: only where the tenant allows it, then with org_name in the tokens', async () => {
      await expectRefused(
        { organization: 'acme' },
        {
          code: 'identify.organization_not_an_id',
          error: 'invalid_request',
          description: 'authorization request parameter organization must be an organization id',
        },
      );
      await names(true);
      try {
        for (const organization of ['acme', 'ACME', stage.cast.acme.id]) {
          const visitor = stage.visitor();
          const answer = await visitor.withPassword('dana@acme.example', undefined, { organization });
          const { claims } = await visitor.redeem(answer);
          expect(claims).toMatchObject({ org_id: stage.cast.acme.id, org_name: 'acme' });
        }
        const unknown = { code: 'identify.unknown_organization', error: 'invalid_request' };
        const description = 'authorization request parameter organization is invalid';
        const name = { code: 'identify.organization_name', error: 'invalid_request' };
        const parameter = 'authorization request parameter organization';
        const characters = `${parameter} must only contain lowercase letters, digits, dashes and underscores`;
        const length = `${parameter} name must have between 1 and 50 characters`;
        await expectRefused({ organization: 'Acme Inc.' }, { ...name, description: characters });
        await expectRefused({ organization: 'a'.repeat(51) }, { ...name, description: length });
        await expectRefused({ organization: 'nosuch' }, { ...unknown, description });
      } finally {
        await names(false);
      }
    });

    test('an unknown id', () =>
      expectRefused(
        { organization: UNKNOWN },
        {
          code: 'identify.unknown_organization',
          error: 'invalid_request',
          description: 'authorization request parameter organization is invalid',
        },
      ));

    test.each(['org_!!', 'org_', 'org_00000000000000000'])('%s cannot be an id', (organization) =>
      expectRefused(
        { organization },
        {
          code: 'identify.organization_not_an_id',
          error: 'invalid_request',
          description: 'authorization request parameter organization must be an organization id',
        },
      ),
    );

    test('none, where the client requires one', () =>
      expectRefused(
        { organization: '' },
        {
          code: 'identify.organization_required',
          error: 'invalid_request',
          description: 'parameter organization is required for this client',
        },
      ));

    test('one, where the client takes none', () =>
      withClient({ organization_usage: 'deny' }, () =>
        expectRefused(
          {},
          {
            code: 'identify.organization_not_allowed',
            error: 'invalid_request',
            description: 'parameter organization is not allowed for this client',
          },
        ),
      ));

    test.each(['allow', 'deny'])('none, where the client says %s: a login without an organization', (usage) =>
      withClient({ organization_usage: usage }, async () => {
        const visitor = stage.visitor();
        const page = await visitor.type(await visitor.open({ organization: '' }), 'dana@acme.example', 'password');
        const answer = await visitor.browser.submit(page, { password: 'Correct-horse-7-battery' });
        const { claims } = await visitor.redeem(answer);
        expect(claims.sub).toBe(dana);
        expect(claims).not.toHaveProperty('org_id');
      }),
    );

    test('blocked', async () => {
      const place = await stage.cast.createPlace('closed', {});
      await stage.instance.api('PATCH', `/organizations/${place.id}`, { blocked: true });
      await expectRefused(
        { organization: place.id },
        { code: 'identify.organization_blocked', error: 'access_denied', description: 'the organization is blocked' },
      );
    });

    test('without any connection', async () => {
      const empty = await stage.instance.api('POST', '/organizations', { name: 'empty' });
      await expectRefused(
        { organization: empty.id as string },
        {
          code: 'identify.no_connections',
          error: 'access_denied',
          description: 'no connections enabled for the organization',
        },
      );
    });
  });

  describe('connection', () => {
    test('of the organization: its IdP at once, without a page', async () => {
      const visitor = stage.visitor();
      const page = await visitor.open({ connection: stage.cast.acme.connectionName, login_hint: 'dana@acme.example' });
      expect(page.url.origin).toBe(stage.cast.acme.signInOrigin);
      expect(page.url.searchParams.get('login_hint')).toBe(hinted('dana@acme.example'));
      const { claims } = await visitor.redeem(await visitor.signInAtIdp(page, 'dana'));
      expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
    });

    test('the database by name: the password, home realm discovery or not', async () => {
      const visitor = stage.visitor();
      const page = await visitor.open({ connection: 'Username-Password-Authentication' });
      const next = await visitor.type(page, 'dana@acme.example');
      expect(next.url.pathname).toBe('/u/login/password');
    });

    test.each(['nosuch', `beta-${strategy}`])('%s: unknown, or enabled elsewhere', async (connection) => {
      if (connection !== 'nosuch') await stage.cast.createPlace('beta', {});
      await expectRefused(
        { connection },
        {
          code: 'identify.connection_not_enabled',
          error: 'access_denied',
          description: 'the connection is not enabled for the organization',
        },
      );
    });

    test('hidden (show_as_button): by name alone, where there is an organization; and no address leads there', async () => {
      await stage.enablement({ show_as_button: false });
      const visitor = stage.visitor();
      const typed = await visitor.type(await visitor.open(), 'dana@acme.example');
      const named = await stage.visitor().open({ connection: stage.cast.acme.connectionName });
      await stage.enablement({ sso_rollout: 'required' });
      const required = await visitor.type(await visitor.open(), 'dana@acme.example');
      await stage.enablement({ show_as_button: true, sso_rollout: 'optional' });
      expect(typed.url.pathname).toBe('/u/login/password');
      expect(named.url.origin).toBe(stage.cast.acme.signInOrigin);
      expect(required.url.origin, 'where the password would be refused, the address leads there').toBe(
        stage.cast.acme.signInOrigin,
      );
    });

    test('the only one there is, and a company: no page either', async () => {
      const connection = await stage.instance.api('GET', `/connections/${stage.cast.acme.connectionId}`);
      const solo = await stage.instance.api('POST', '/organizations', {
        name: 'solo',
        enabled_connections: [{ connection_id: connection.id }],
      });
      const page = await stage.visitor().open({ organization: solo.id as string });
      expect(page.url.origin).toBe(stage.cast.acme.signInOrigin);
    });
  });

  describe('invitation', () => {
    const gone = {
      code: 'identify.invitation_not_found',
      error: 'invalid_request',
      description: 'invitation not found or already used',
    };

    test('without its organization, of another one, unknown, withdrawn', async () => {
      const invitation = await stage.cast.invite('ivy@acme.example');
      await withClient({ organization_usage: 'allow' }, () =>
        expectRefused({ invitation: invitation.ticket, organization: '' }, gone),
      );
      const other = await stage.cast.createPlace('other', {});
      await expectRefused({ invitation: invitation.ticket, organization: other.id }, gone);
      await expectRefused({ invitation: 'x'.repeat(32) }, gone);
      await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/invitations/${invitation.id}`);
      await expectRefused({ invitation: invitation.ticket }, gone);
    });

    test('made for another client', async () => {
      const other = await stage.instance.api('POST', '/clients', {
        name: 'Other',
        callbacks: [CALLBACK],
        initiate_login_uri: 'https://127.0.0.1:9/login',
        organization_usage: 'require',
      });
      const invitation = await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/invitations`, {
        inviter: { name: 'Dana' },
        invitee: { email: 'ivy@acme.example' },
        client_id: other.client_id,
      });
      await expectRefused({ invitation: invitation.ticket_id as string }, gone);
    });

    test('the link carries ticket, organization and its name, and /authorize asked twice uses nothing up', async () => {
      const invitation = await stage.cast.invite('ivy@acme.example');
      const link = new URL(invitation.url);
      expect(Object.fromEntries(link.searchParams)).toEqual({
        invitation: invitation.ticket,
        organization: stage.cast.acme.id,
        organization_name: 'acme',
      });
      const before = await stage.instance.snapshot();
      for (const _time of [1, 2]) {
        const page = await stage.visitor().open({ invitation: invitation.ticket, organization_name: 'acme' });
        expect(wordsOf(page)).toContain('Join Acme');
      }
      await expectNothingLeft(stage.instance, before);
    });
  });

  describe('prompt and max_age', () => {
    const required = {
      code: 'authenticate.session_not_usable',
      error: 'login_required',
      description: 'Login required',
    };

    test('prompt=none without a session, with one, and with one that is too old for max_age', async () => {
      await expectRefused({ prompt: 'none' }, required);
      const visitor = stage.visitor();
      await visitor.redeem(await visitor.withPassword('dana@acme.example'));
      const { claims } = await visitor.redeem(await visitor.open({ prompt: 'none' }));
      expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
      expect(answerOf(await visitor.open({ prompt: 'none', max_age: '3600' }))).toHaveProperty('code');
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(answerOf(await visitor.open({ prompt: 'none', max_age: '0' }))).toMatchObject({ error: 'login_required' });
      expect((await visitor.open({ max_age: '0' })).url.pathname).toBe('/u/login/identifier');
    });

    test('prompt=login asks again and tells the IdP to; prompt=none with an organization missing is told so', async () => {
      const visitor = stage.visitor();
      await visitor.redeem(await visitor.withPassword('dana@acme.example'));
      const page = await visitor.open({ prompt: 'login' });
      expect(page.url.pathname).toBe('/u/login/identifier');
      const idp = await visitor.type(page, 'dana@acme.example');
      expect(isAskedAnew(idp)).toBe(true);
      expect(answerOf(await visitor.open({ prompt: 'none', organization: '' })).error).toBe('invalid_request');
    });
  });

  describe('what the request asks of the IdP', () => {
    const signInAt = async (parameters: Record<string, string>, lie?: { auth_time: number | undefined }) => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(parameters), 'dana@acme.example');
      if (lie) stage.cast.idp.next({ claims: lie });
      return { visitor, asked: page.url.searchParams, answer: await visitor.signInAtIdp(page, 'dana') };
    };
    beforeEach((context) =>
      leaveOut(context, strategy, { samlp: 'its words are others: test/connectors/saml/connector.test.ts' }),
    );
    const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

    test('prompt=login and max_age are told to it, and the tokens say when it signed the person in', async () => {
      const anew = await signInAt({ prompt: 'login' });
      expect(Object.fromEntries(anew.asked)).toMatchObject({ prompt: 'login', max_age: '0' });
      await anew.visitor.redeem(anew.answer);
      const earlier = secondsAgo(400);
      const aged = await signInAt({ max_age: '600' }, { auth_time: earlier });
      expect(aged.asked.get('max_age')).toBe('600');
      const { claims } = await aged.visitor.redeem(aged.answer);
      expect(claims.auth_time).toBe(earlier);
      // The session is as old as the sign-in: it does not answer for a fresh one.
      expect(answerOf(await aged.visitor.open({ prompt: 'none', max_age: '300' })).error).toBe('login_required');
      const chosen = await signInAt({ prompt: 'select_account' });
      expect(chosen.asked.get('prompt')).toBe('select_account');
      await chosen.visitor.redeem(chosen.answer);
      // A list of words; consent asks for nothing here, and is no word of the IdP's.
      const both = await signInAt({ prompt: 'consent select_account login' });
      expect(both.asked.get('prompt')?.split(' ').sort()).toEqual(['login', 'select_account']);
      await both.visitor.redeem(both.answer);
    });

    test.each([
      ['prompt=login', { prompt: 'login' }, { auth_time: secondsAgo(400) }],
      ['max_age, and nothing is said of the time', { max_age: '300' }, { auth_time: undefined }],
      ['max_age', { max_age: '300' }, { auth_time: secondsAgo(400) }],
    ])('%s: a sign-in of before is refused, and nothing is left of it', async (_name, parameters, lie) => {
      const { answer } = await signInAt(parameters, lie);
      expect(answerOf(answer)).toMatchObject({ error: 'login_required', state: 'app-state' });
      expect(answer.url.searchParams.has('code')).toBe(false);
      expect((await stage.refusal(answer)).details.code).toBe('authenticate.sign_in_too_old');
    });

    test('prompt=login at an IdP that never says when it signed somebody in: the person gets in', async () => {
      const { visitor, answer } = await signInAt({ prompt: 'login' }, { auth_time: undefined });
      await visitor.redeem(answer);
    });

    test('what an administrator has written down as an alias is passed on', async () => {
      const path = `/connections/${stage.cast.acme.connectionId}`;
      const { options } = await stage.instance.api<{ options: Record<string, unknown> }>('GET', path);
      const upstream_params = { acr_values: { alias: 'acr_values' }, lang: { alias: 'ui_locales' } };
      await stage.instance.api('PATCH', path, { options: { ...options, upstream_params } });
      const { asked, visitor, answer } = await signInAt({ acr_values: 'phr', ui_locales: 'de', unknown: 'x' });
      await stage.instance.api('PATCH', path, { options });
      expect(Object.fromEntries(asked)).toMatchObject({ acr_values: 'phr', lang: 'de' });
      expect(asked.has('unknown')).toBe(false);
      await visitor.redeem(answer).catch((error: unknown) => expect(String(error)).toContain('connection'));
    });
  });

  describe('login_hint and screen_hint', () => {
    test('login_hint fills the address in, and never more than that', async () => {
      const page = await stage.visitor().open({ login_hint: 'dana@acme.example' });
      expect(page.url.pathname).toBe('/u/login/identifier');
      expect(page.forms[0]?.fields.username).toBe('dana@acme.example');
      const hostile = '" onfocus="alert(1)';
      const other = await stage.visitor().open({ login_hint: hostile });
      expect(other.text).not.toContain(hostile);
      expect(other.forms[0]?.fields.username).toBe(hostile);
    });

    test('screen_hint=signup where sign-up is closed leads to the ordinary page, which says so', async () => {
      const sentence = 'You cannot open an account here yourself. Sign in, or ask for an invitation.';
      const visitor = stage.visitor();
      const page = await visitor.open({ screen_hint: 'signup' });
      expect(page.url.pathname).toBe('/u/login/identifier');
      expect(wordsOf(page)).toContain(sentence);
      expect(wordsOf(await visitor.type(page, 'nonsense'))).toContain(sentence);
      for (const screen_hint of ['', 'login'])
        expect(wordsOf(await stage.visitor().open({ screen_hint }))).not.toContain(sentence);
    });
  });

  describe('response_mode', () => {
    test('query and fragment', async () => {
      const inQuery = await stage.visitor().withPassword('dana@acme.example', undefined, { response_mode: 'query' });
      expect(answerOf(inQuery)).toMatchObject({ state: 'app-state' });
      const visitor = stage.visitor();
      const answer = await visitor.withPassword('dana@acme.example', undefined, { response_mode: 'fragment' });
      expect(answer.url.search).toBe('');
      expect(new URLSearchParams(answer.url.hash.slice(1)).get('code')).toBeTruthy();
      expect(new URLSearchParams(answer.url.hash.slice(1)).get('state')).toBe('app-state');
    });

    test('form_post: a page that posts the answer to the application, for a code and for an error', async () => {
      const page = await stage.visitor().withPassword('dana@acme.example', undefined, { response_mode: 'form_post' });
      expect(page.forms[0]).toMatchObject({
        action: CALLBACK,
        method: 'POST',
        fields: { code: expect.any(String), state: 'app-state', iss: `${stage.instance.origin}/` },
      });
      const refused = await stage.visitor().open({ response_mode: 'form_post', prompt: 'none' });
      expect(refused.forms[0]).toMatchObject({ action: CALLBACK, fields: { error: 'login_required' } });
    });

    test('web_message: to web origins of the application alone, for a code and for an error; test/browser has the rest', async () => {
      const answer = await stage.visitor().open({ response_mode: 'web_message' });
      expect(answerOf(answer)).toMatchObject({
        error: 'invalid_request',
        error_description: `response_mode web_message needs the origin of ${CALLBACK} among the web_origins of the client`,
      });
      const path = `/clients/${stage.cast.client.id}`;
      const { origin } = new URL(CALLBACK);
      await stage.instance.api('PATCH', path, { web_origins: [origin] });
      try {
        const state = '</script><script>alert(1)</script>';
        const page = await stage
          .visitor()
          .withPassword('dana@acme.example', undefined, { response_mode: 'web_message', state });
        expect(page.text).not.toContain('</script><script>');
        const [, message = ''] = /postMessage\((\{.*\}),"/.exec(page.text) ?? [];
        expect(JSON.parse(message)).toEqual({
          type: 'authorization_response',
          response: { code: expect.any(String), state, iss: `${stage.instance.origin}/` },
        });
        expect(page.text).toContain(`,"${origin}")`);
        expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors ${origin}`);
        const refused = await stage.visitor().open({ response_mode: 'web_message', prompt: 'none' });
        expect(refused.text).toContain('"error":"login_required"');
      } finally {
        await stage.instance.api('PATCH', path, { web_origins: [] });
      }
    });
  });

  describe('the request itself', () => {
    const send = (change: (query: URLSearchParams) => void, method = 'GET'): Promise<Visit> => {
      const url = new URL(stage.visitor().authorizeUrl());
      change(url.searchParams);
      const { browser } = stage.visitor();
      if (method === 'GET') return browser.visit(url);
      return browser.visit(url.origin + url.pathname, { method, body: url.searchParams });
    };

    test('by POST', async () => {
      const page = await send(() => {}, 'POST');
      expect(page.url.pathname).toBe('/u/login/identifier');
    });

    test('by POST from another site, without the cookies: once more as a GET, which shows who is signed in', async () => {
      const visitor = stage.visitor();
      await visitor.redeem(await visitor.withPassword('dana@acme.example'));
      const url = new URL(visitor.authorizeUrl({ prompt: 'none', 'ext-x': 'ä b' }));
      const post = (parameters: URLSearchParams, headers = {}) =>
        stage.visitor().browser.request(url.origin + url.pathname, { method: 'POST', body: parameters, headers });
      const first = await post(url.searchParams);
      expect(first.status).toBe(303);
      const again = new URL(first.headers.get('location') ?? '', url);
      expect(again.pathname).toBe('/authorize');
      const { vestibule_posted: mark, ...asked } = Object.fromEntries(again.searchParams);
      expect([asked, mark]).toEqual([Object.fromEntries(url.searchParams), '1']);
      expect((await visitor.redeem(await visitor.browser.visit(again))).claims.sub).toBe(dana);
      // With the cookies, from our own pages, or too long for an address it is answered as it is.
      const signedIn = await visitor.browser.request(url.origin + url.pathname, {
        method: 'POST',
        body: url.searchParams,
      });
      expect(signedIn.headers.get('location')).toContain(CALLBACK);
      const own = await post(url.searchParams, { 'sec-fetch-site': 'same-origin' });
      expect(own.headers.get('location')).toContain('login_required');
      url.searchParams.set('state', '€'.repeat(1000));
      const long = await post(url.searchParams);
      expect(long.headers.get('location')).toContain('login_required');
    });

    test('redirect_uri left out: the only one that the application has, and not asked for when the code is redeemed', async () => {
      const visitor = stage.visitor();
      const answer = await visitor.withPassword('dana@acme.example', undefined, { redirect_uri: '' });
      expect(answer.url.href).toContain(CALLBACK);
      expect((await visitor.redeem(answer, { redirectUri: '' })).claims.sub).toBe(dana);
      const named = await visitor.open({ prompt: 'none' });
      await expect(visitor.redeem(named, { redirectUri: '' })).rejects.toThrow(
        'Missing required parameter: redirect_uri',
      );
    });

    test('an unknown parameter is ignored, also twice; a known one twice is refused, to no address', async () => {
      const page = await send((query) => {
        query.append('colour', 'blue');
        query.append('colour', 'red');
        query.append('ext-x', '1');
      });
      expect(page.url.pathname).toBe('/u/login/identifier');
      for (const name of ['client_id', 'redirect_uri']) {
        for (const method of ['GET', 'POST']) {
          const twice = await send((query) => query.append(name, 'other'), method);
          expect(twice.status, `${name} twice by ${method}`).toBe(400);
          expect(wordsOf(twice)).toContain(`parameter ${name} must not be repeated`);
        }
      }
    });

    test.each(['state=%ff', 'state=%c0%af', 'state=%', 'x=%zz'])(
      '%s is no text: refused, not taken for what it is not',
      async (broken) => {
        const { origin, pathname, search } = new URL(stage.visitor().authorizeUrl());
        const [name = ''] = broken.split('=');
        const query = new URLSearchParams(search);
        query.delete(name);
        const answer = await stage.visitor().browser.visit(`${origin}${pathname}?${query}&${broken}`);
        expect(answer.status).toBe(400);
        expect(wordsOf(answer)).toContain('Malformed percent-encoding');
      },
    );

    test.each([
      ['another address', 'https://evil.example/callback'],
      ['the registered one with more behind it', `${CALLBACK}/../other`],
      ['the registered one with a query', `${CALLBACK}?next=https://evil.example`],
      ['the registered one in capitals', CALLBACK.toUpperCase()],
      ['a script', 'javascript:alert(1)'],
    ])('redirect_uri is %s: a page with a reference, never a redirect', async (_name, address) => {
      const before = await stage.instance.snapshot();
      const page = await send((query) => query.set('redirect_uri', address));
      expect(page.status).toBe(400);
      expect(page.headers.get('location')).toBeNull();
      expect(wordsOf(page)).toContain('Callback URL mismatch');
      expect(await stage.refusal(page)).toMatchObject({
        client_id: stage.cast.client.id,
        details: { code: 'identify.callback_mismatch', detail: expect.stringContaining(address) },
      });
      await expectNothingLeft(stage.instance, before);
    });

    test('an unknown client, and none: a page, and a line in the log', async () => {
      const before = await stage.instance.snapshot();
      const page = await send((query) => query.set('client_id', 'nosuch'));
      expect(page.status).toBe(400);
      expect(wordsOf(page)).toContain('Unknown client: nosuch');
      expect((await stage.refusal(page)).details.code).toBe('identify.unknown_client');
      const none = await send((query) => query.delete('client_id'));
      expect(none.status).toBe(400);
      expect((await stage.refusal(none)).details.detail).toBe('invalid_request: Missing required parameter: client_id');
      await expectNothingLeft(stage.instance, before);
    });

    test.each([
      ['response_type', '', 'invalid_request', 'Missing required parameter: response_type'],
      ['response_type', 'token', 'unsupported_response_type', 'Unsupported response type: token'],
      ['prompt', 'nonsense', 'invalid_request', 'Unsupported prompt: nonsense'],
      ['prompt', 'login nonsense', 'invalid_request', 'Unsupported prompt: nonsense'],
      ['prompt', 'none login', 'invalid_request', 'prompt none must not be combined with others'],
      ['max_age', '-1', 'invalid_request', 'max_age must be a number of seconds'],
      ['code_challenge_method', 'plain', 'invalid_request', 'code_challenge_method must be S256'],
      ['code_challenge', 'short', 'invalid_request', 'code_challenge must be 43 characters of base64url'],
      ['audience', 'https://api.nosuch.example', 'access_denied', 'Service not found: https://api.nosuch.example'],
      ['request', 'eyJ', 'request_not_supported', 'request objects are not supported'],
    ])('%s=%s is told to the application, and found in the log', async (name, value, error, description) => {
      const answer = await send((query) => (value === '' ? query.delete(name) : query.set(name, value)));
      expect(answerOf(answer)).toMatchObject({ error, error_description: description, state: 'app-state' });
      expect(await stage.refusal(answer)).toMatchObject({ description, client_id: stage.cast.client.id });
    });
  });

  describe('each combination of connection, invitation and login_hint', () => {
    const HINT = 'dana@acme.example';
    const combinations = [false, true].flatMap((connection) =>
      [false, true].flatMap((invitation) => [false, true].map((hint) => ({ connection, invitation, hint }))),
    );

    test.each(combinations)('connection $connection, invitation $invitation, login_hint $hint', async (given) => {
      const key = `combined${combinations.indexOf(given)}`;
      const invited = `${key}@acme.example`;
      stage.cast.people[key] = { sub: `idp-${key}`, email: invited, email_verified: true };
      const invitation = given.invitation ? await stage.cast.invite(invited) : undefined;
      const visitor = stage.visitor();
      let page = await visitor.open({
        ...(given.connection && { connection: stage.cast.acme.connectionName }),
        ...(given.hint && { login_hint: HINT }),
        ...(invitation && { invitation: invitation.mailed }),
      });
      if (invitation) {
        // Before anything else, the invited person is asked, as whom they are invited.
        expect(page.url.pathname).toBe('/u/invitation');
        expect(wordsOf(page)).toContain(invited);
        expect(wordsOf(page)).not.toContain(HINT);
        page = await visitor.browser.submit(page, { action: 'default' });
      }
      if (!given.connection && !invitation) {
        expect(page.url.pathname).toBe('/u/login/identifier');
        expect(page.forms[0]?.fields.username).toBe(given.hint ? HINT : '');
        page = await visitor.type(page, HINT);
      }
      expect(page.url.origin).toBe(stage.cast.acme.signInOrigin);
      const typed = !given.connection && !invitation;
      // An invitation names the person; what the application guesses does not replace that.
      expect(page.url.searchParams.get('login_hint')).toBe(
        hinted(invitation ? invited : given.hint || typed ? HINT : null),
      );
      const { claims } = await visitor.redeem(await visitor.signInAtIdp(page, invitation ? key : 'dana'));
      expect(claims).toMatchObject({ email: invitation ? invited : HINT, org_id: stage.cast.acme.id });
      if (invitation) {
        const open = await stage.instance.api<Json[]>('GET', `/organizations/${stage.cast.acme.id}/invitations`);
        expect(open.map((item) => item.id)).not.toContain(invitation.id);
      }
    });
  });
});
