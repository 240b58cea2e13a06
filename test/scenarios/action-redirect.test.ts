/**
 * An Action sends the person elsewhere in the middle of the login (terms to accept, say) and goes on when they are back at /continue. Until
 * then nothing is written; a person who comes back without having done what they were sent for is refused by the Action's own check.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { setOrder, useActions } from '../support/actions.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const SECRET = 'shared with the page of terms, and nobody else';
const stage = useStage();
let terms: Server;
let termsUrl: string;
/** Parameters that the page of terms was sent last. */
let asked: URLSearchParams;
let remove: (() => Promise<void>) | undefined;

const CODE = `
exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.terms) return;
  console.log('asking', event.user.user_id);
  const token = api.redirect.encodeToken({ secret: event.secrets.shared, payload: { ask: 'terms' }, expiresInSeconds: 60 });
  api.user.setUserMetadata('asked', true);
  api.redirect.sendUserTo(event.secrets.url, { query: { token } });
};
exports.onContinuePostLogin = async (event, api) => {
  const answer = api.redirect.validateToken({ secret: event.secrets.shared, tokenParameterName: 'answer' });
  if (answer.accepted !== true) return api.access.deny('The terms were not accepted.');
  api.user.setAppMetadata('terms', answer.version);
};`;
const SECOND = `exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('https://notebook.example/terms', event.user.app_metadata.terms);
};`;

beforeAll(async () => {
  terms = createServer((request, response) => {
    asked = new URL(request.url ?? '/', 'http://terms').searchParams;
    response.end('<h1>Terms</h1>');
  });
  await new Promise<void>((resolve) => terms.listen(0, '127.0.0.1', resolve));
  termsUrl = `http://127.0.0.1:${(terms.address() as AddressInfo).port}/terms`;
  await stage.enablement({ assign_membership_on_login: true });
});
afterAll(() => new Promise((resolve) => terms.close(resolve)));
afterEach(async () => {
  await remove?.();
  remove = undefined;
  await setOrder(stage.instance, 'after_actions');
});

async function useTerms(): Promise<void> {
  remove = await useActions(
    stage.instance,
    'post-login',
    { name: 'terms', code: CODE, secrets: { shared: SECRET, url: termsUrl } },
    { name: 'claims', code: SECOND },
  );
}

function person(name: string) {
  stage.cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true };
  return `oidc|acme-oidc|idp-${name}`;
}

/** Returns what the page of terms sends back, signed with `secret`. */
async function answerWith(changes: { accepted?: boolean; state?: string; sub?: string; secret?: string } = {}) {
  const key = new TextEncoder().encode(SECRET);
  const { payload } = await jwtVerify(asked.get('token') ?? '', key);
  const state = asked.get('state') ?? '';
  const answer = await new SignJWT({
    accepted: changes.accepted ?? true,
    version: 3,
    state: changes.state ?? state,
    sub: changes.sub ?? (payload.sub as string),
    iss: 'terms',
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .sign(new TextEncoder().encode(changes.secret ?? SECRET));
  return { state, answer, payload };
}

const continueUrl = (query: Record<string, string>) =>
  `${stage.instance.origin}/continue?${new URLSearchParams(query)}`;

describe('there and back', () => {
  test('nothing is left while he is away; back again he is in, with what both handlers asked for', async () => {
    const userId = person('rita');
    await useTerms();
    const before = await stage.instance.snapshot();
    const rita = stage.visitor();
    const page = await rita.throughSso('rita', 'rita@acme.example');
    expect(page.url.href.startsWith(termsUrl)).toBe(true);
    await expectNothingLeft(stage.instance, before);
    const { state, answer, payload } = await answerWith();
    expect(payload).toMatchObject({ sub: userId, ask: 'terms', iss: new URL(stage.instance.origin).host });
    const { claims } = await rita.redeem(await rita.browser.visit(continueUrl({ state, answer })));
    expect(claims).toMatchObject({ sub: userId, 'https://notebook.example/terms': 3 });
    expect(await stage.instance.api('GET', `/users/${encodeURIComponent(userId)}`)).toMatchObject({
      app_metadata: { terms: 3 },
      user_metadata: { asked: true },
      logins_count: 1,
    });
    const [line] = (await stage.logs()).filter((item) => item.type === 's' && item.user_id === userId);
    const ran = line?.details.actions as { end: string; results: { name: string }[] }[];
    expect(ran.map((item) => [item.end, item.results.map((result) => result.name)])).toEqual([
      ['redirect', ['terms']],
      ['done', ['terms', 'claims']],
    ]);
  });

  test('told who they are about to be before any Action runs, and not once more on the way back', async () => {
    const userId = person('ruth');
    await useTerms();
    asked = new URLSearchParams();
    const ruth = stage.visitor();
    const told = await ruth.throughSso('ruth', 'rita@acme.example');
    expect([told.url.pathname, asked.size], 'an Action ran before').toEqual(['/u/login/confirm', 0]);
    const page = await ruth.browser.submit(told, { action: 'default' });
    expect(page.url.href.startsWith(termsUrl)).toBe(true);
    const { state, answer } = await answerWith();
    const { claims } = await ruth.redeem(await ruth.browser.visit(continueUrl({ state, answer })));
    expect(claims.sub).toBe(userId);
  });

  test('the second time nothing is asked', async () => {
    person('rita');
    await useTerms();
    expect(answerOf(await stage.visitor().throughSso('rita', 'rita@acme.example')).code).toBeDefined();
  });

  test('a posted answer across sites finds its login as well', async () => {
    person('rosa');
    await useTerms();
    const rosa = stage.visitor();
    await rosa.throughSso('rosa', 'rosa@acme.example');
    const { state, answer } = await answerWith();
    const elsewhere = stage.visitor();
    // As the browser does with SameSite=Lax: the first post comes without cookies and is posted once more from our page.
    const relay = await elsewhere.browser.visit(continueUrl({ state }), {
      method: 'POST',
      body: new URLSearchParams({ answer }),
    });
    expect(relay.forms[0]?.fields).toMatchObject({ answer });
    const form = relay.forms[0];
    if (!form) throw new Error('no form');
    const visit = await rosa.browser.visit(form.action, { method: 'POST', body: new URLSearchParams(form.fields) });
    expect(answerOf(visit).code).toBeDefined();
  });

  test('a password login goes on without the password being asked again', async () => {
    await stage.cast.createMember('paul@plain.example');
    await useTerms();
    const paul = stage.visitor();
    await paul.withPassword('paul@plain.example');
    const { state, answer } = await answerWith();
    const { claims } = await paul.redeem(await paul.browser.visit(continueUrl({ state, answer })));
    expect(claims).toMatchObject({ email: 'paul@plain.example', 'https://notebook.example/terms': 3 });
  });

  test('Auth0’s order: he is a member while he is away, and it is the same login when he is back', async () => {
    const userId = person('rolf');
    await useTerms();
    await setOrder(stage.instance, 'before_actions');
    const rolf = stage.visitor();
    const invitation = await stage.cast.invite('rolf@acme.example');
    await rolf.signInAtIdp(await rolf.accept(invitation), 'rolf');
    const members = await stage.instance.api<{ user_id: string }[]>(
      'GET',
      `/organizations/${stage.cast.acme.id}/members`,
    );
    expect(members.map((member) => member.user_id)).toContain(userId);
    const { state, answer } = await answerWith();
    const { claims } = await rolf.redeem(await rolf.browser.visit(continueUrl({ state, answer })));
    expect(claims.sub).toBe(userId);
  });
});

test('the application’s own parameters of /authorize reach its Actions; nothing else is changed by them', async () => {
  person('xenia');
  const code = `exports.onExecutePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('https://n.example/asked', JSON.stringify(event.request.query));
    api.idToken.setCustomClaim('https://n.example/session', event.session.id);
  };`;
  remove = await useActions(stage.instance, 'post-login', { name: 'asked', code });
  const long = 'x'.repeat(2_000);
  const extra = { 'ext-plan': 'gold', acr_values: 'mfa', auth0Client: 'eyJuYW1lIjoieCJ9', too_long: long };
  const xenia = stage.visitor();
  const { claims } = await xenia.redeem(await xenia.throughSso('xenia', 'xenia@acme.example', extra));
  const asked = JSON.parse(String(claims['https://n.example/asked'])) as Record<string, string>;
  expect(asked).toMatchObject({ 'ext-plan': 'gold', acr_values: 'mfa', organization: stage.cast.acme.id });
  expect(Object.keys(asked)).not.toContain('auth0Client');
  expect(Object.keys(asked)).not.toContain('too_long');
  expect(claims['https://n.example/session'], 'the session that this login opens').toBe(claims.sid);
});

test('recordMethod: what was done elsewhere is remembered with the session, and not asked for again in it', async () => {
  person('mary');
  const code = `const URL = 'https://second.example';
  exports.onExecutePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('https://n.example/methods', event.authentication.methods.map((method) => method.name));
    if (event.authentication.methods.some((method) => method.name === URL)) return;
    api.redirect.sendUserTo(event.secrets.url);
  };
  exports.onContinuePostLogin = async (event, api) => { api.authentication.recordMethod(URL); };`;
  const next = `exports.onExecutePostLogin = async (event, api) => {
    if (!event.authentication.methods.some((method) => method.name === 'https://second.example')) api.access.deny('not done');
  };`;
  remove = await useActions(
    stage.instance,
    'post-login',
    { name: 'second', code, secrets: { url: termsUrl } },
    { name: 'next', code: next },
  );
  const mary = stage.visitor();
  const page = await mary.throughSso('mary', 'mary@acme.example');
  expect(page.url.href.startsWith(termsUrl)).toBe(true);
  await mary.redeem(await mary.browser.visit(continueUrl({ state: asked.get('state') ?? '' })));
  for (const _again of [1, 2]) {
    const { claims } = await mary.redeem(await mary.open());
    expect(claims['https://n.example/methods']).toEqual(['federated', 'https://second.example']);
  }
  const elsewhere = await stage.visitor().throughSso('mary', 'mary@acme.example');
  expect(elsewhere.url.href.startsWith(termsUrl), 'another browser, another session').toBe(true);
});

describe('whoever cheats is refused, and nothing is left', () => {
  test.each([
    ['did not accept', { accepted: false }, 'The terms were not accepted.'],
    ['signed it himself', { secret: 'a guess' }, 'invalid signature'],
    ['brings the answer of another login', { state: 'anotherLogin0000' }, 'State in the token'],
    ['brings somebody else’s answer', { sub: 'auth0|somebody' }, 'sub claim'],
  ])('who %s', async (_who, changes, text) => {
    person('carl');
    await useTerms();
    const before = await stage.instance.snapshot();
    const carl = stage.visitor();
    await carl.throughSso('carl', 'carl@acme.example');
    const { state, answer } = await answerWith(changes);
    const visit = await carl.browser.visit(continueUrl({ state, answer }));
    expect(answerOf(visit).error).toBe('access_denied');
    expect((await stage.refusal(visit)).description).toContain(text);
    await expectNothingLeft(stage.instance, before);
  });

  test('who comes back without any answer', async () => {
    person('carl');
    await useTerms();
    const before = await stage.instance.snapshot();
    const carl = stage.visitor();
    await carl.throughSso('carl', 'carl@acme.example');
    const visit = await carl.browser.visit(continueUrl({ state: asked.get('state') ?? '' }));
    expect(answerOf(visit).error).toBe('access_denied');
    await expectNothingLeft(stage.instance, before);
  });

  test('another browser cannot go on with it', async () => {
    person('carl');
    await useTerms();
    await stage.visitor().throughSso('carl', 'carl@acme.example');
    const { state, answer } = await answerWith();
    const visit = await stage.visitor().browser.visit(continueUrl({ state, answer }));
    expect(visit.status).toBe(400);
    expect(wordsOf(visit)).toContain('V-');
  });

  test('who left by prompt=none is told that something has to be shown: act.interaction_required', async () => {
    person('nell');
    const nell = stage.visitor();
    expect(answerOf(await nell.throughSso('nell', 'nell@acme.example')).code).toBeDefined();
    await useTerms();
    const visit = await nell.open({ prompt: 'none' });
    expect(answerOf(visit)).toMatchObject({ error: 'interaction_required' });
    expect((await stage.refusal(visit)).details.code).toBe('act.interaction_required');
  });

  test('what was deployed meanwhile cannot go on in the place of what sent him away', async () => {
    person('dora');
    await useTerms();
    const dora = stage.visitor();
    await dora.throughSso('dora', 'dora@acme.example');
    const { state, answer } = await answerWith();
    await remove?.();
    await useTerms();
    const visit = await dora.browser.visit(continueUrl({ state, answer }));
    expect(answerOf(visit).error).toBe('access_denied');
    expect((await stage.refusal(visit)).details).toMatchObject({ code: 'act.failed' });
  });
});
