/** The api of post-login, method by method, run in a real process. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import type { Effect, JsonObject } from '../../../src/domain/actions/action.js';
import type { TriggerResult } from '../../../src/ports/action-runner.js';
import { EVENT, login, run, type Source, startRunner, toProgram } from './support.js';

let runner: ClosableActionRunner;
/** One for each number of Actions: a runner keeps the processes of one post-login program. */
const evaluating: ClosableActionRunner[] = [];
beforeAll(() => {
  runner = startRunner();
  evaluating.push(startRunner(), startRunner());
});
afterAll(() => Promise.all([runner, ...evaluating].map((one) => one.close())));

/** An Action that runs the text of its event, so that hundreds of bodies need no process each. */
const EVALUATE = (index: number) =>
  login(`const run = new (async () => {}).constructor('event', 'api', 'require', event.request.body.bodies[${index}]);
  await run(event, api, require);`);

/** Runs one or two Actions of these bodies, in processes that are used again. */
function post(...bodies: readonly string[]): Promise<TriggerResult> {
  return postWith(EVENT, ...bodies);
}

function postWith(event: JsonObject, ...bodies: readonly string[]): Promise<TriggerResult> {
  const chosen = evaluating[bodies.length - 1];
  if (chosen === undefined) throw new Error('one or two bodies');
  const program = toProgram('post-login', ...bodies.map((_, index) => EVALUATE(index)));
  return run(chosen, program, { event: { ...event, request: { ...(event.request as object), body: { bodies } } } });
}

/** The effects of one body that ends well. */
async function asked(body: string): Promise<readonly Effect[]> {
  const { end, effects } = await post(body);
  expect(end).toEqual({ kind: 'done' });
  return effects;
}

/** The message with which a body fails. */
async function failure(body: string): Promise<string> {
  const { end } = await post(body);
  return end.kind === 'failed' ? `${end.failure}: ${end.message}` : JSON.stringify(end);
}

describe('access', () => {
  test('deny ends after the Action, with its reason; later Actions do not run, the rest of this one does', async () => {
    const result = await post(
      `api.access.deny('not today'); api.user.setAppMetadata('seen', true); console.log('after');`,
      `console.log('second');`,
    );
    expect(result.end).toEqual({ kind: 'denied', reason: 'not today', code: undefined, userMessage: undefined });
    expect(result.effects).toEqual([{ kind: 'app_metadata', name: 'seen', value: true }]);
    expect(result.reports.map((report) => report.console)).toEqual([['after']]);
  });

  test('a redirect does not undo a denial', async () => {
    const { end } = await post(`api.access.deny('no').redirect.sendUserTo('https://example.com');`);
    expect(end).toMatchObject({ kind: 'denied', reason: 'no' });
  });

  test('validation.error refuses with its message and its code', async () => {
    expect((await post(`api.validation.error('too_young', 'You are too young');`)).end).toMatchObject({
      kind: 'denied',
      reason: 'You are too young',
      code: 'too_young',
    });
  });
});

describe('exceptions', () => {
  test('fail with their message, and a stack of the Action’s own lines', async () => {
    const result = await run(
      runner,
      toProgram('post-login', login(`\n  const nothing = undefined;\n  nothing.member();`)),
    );
    const message = "Cannot read properties of undefined (reading 'member')";
    expect(result.end).toMatchObject({ kind: 'failed', failure: 'threw', message });
    expect(result.reports[0]?.error?.stack.split('\n')).toEqual([
      `TypeError: ${message}`,
      '    at exports.onExecutePostLogin (action-1.js:4:11)',
    ]);
  });

  test.each([
    [`throw 'a text';`, 'a text'],
    [`throw null;`, 'null'],
    [`throw { message: 'like an error' };`, 'like an error'],
    [`await Promise.reject(new RangeError('late'));`, 'late'],
  ])('%s', async (body, message) => {
    expect(await failure(body)).toBe(`threw: ${message}`);
  });

  test('an Action that does not parse fails with its line; one without the handler says so', async () => {
    const broken = await run(runner, toProgram('post-login', { name: 'Broken', code: 'const a = 1;\nconst b = ;\n' }));
    expect(broken.end).toMatchObject({ failure: 'threw', message: "Unexpected token ';'" });
    expect(broken.reports[0]?.error?.stack).toContain('Broken.js:2');
    const empty = await run(runner, toProgram('post-login', { name: 'Empty', code: 'exports.other = () => {};' }));
    expect(empty.end).toMatchObject({ message: 'the Action Empty exports no function onExecutePostLogin' });
  });
});

describe('claims and scopes', () => {
  test('are asked for in order; reserved ones are not', async () => {
    const result = await post(
      `api.idToken.setCustomClaim('https://x/a', { b: [1] }).accessToken.setCustomClaim('c', 'd').accessToken.addScope('read:x').accessToken.removeScope('write:x');
       for (const name of ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'org_id', 'org_name', 'azp', 'permissions', 'roles']) api.accessToken.setCustomClaim(name, 'x');
       api.idToken.setCustomClaim('nothing', undefined);`,
    );
    expect(result.effects).toEqual([
      { kind: 'claim', token: 'id', name: 'https://x/a', value: { b: [1] } },
      { kind: 'claim', token: 'access', name: 'c', value: 'd' },
      { kind: 'scope', change: 'add', scope: 'read:x' },
      { kind: 'scope', change: 'remove', scope: 'write:x' },
    ]);
    expect(result.reports[0]?.console).toContain('the claim org_id is reserved: it was not set');
    expect(result.reports[0]?.console).toHaveLength(11);
  });

  test('a value is the one of the moment of the call', async () => {
    expect(
      await asked(`const v = { a: 1, d: new Date(0), u: undefined }; api.idToken.setCustomClaim('v', v); v.a = 2;`),
    ).toEqual([{ kind: 'claim', token: 'id', name: 'v', value: { a: 1, d: '1970-01-01T00:00:00.000Z' } }]);
  });

  test('a scope with a space, and claims of more than 100 kB, are errors', async () => {
    expect(await failure(`api.accessToken.addScope('a b');`)).toBe('threw: not a scope: a b');
    expect(await failure(`api.idToken.setCustomClaim('x', 'y'.repeat(103_000));`)).toMatch(/larger than 102400 bytes/);
  });
});

describe('metadata', () => {
  test('is seen by the next Action, and not by the same one', async () => {
    const result = await post(
      `api.user.setUserMetadata('color', null).user.setAppMetadata('plan', { a: 1 }); console.log(event.user.user_metadata.color);`,
      `console.log(JSON.stringify([event.user.user_metadata, event.user.app_metadata]));`,
    );
    expect(result.reports.map((report) => report.console)).toEqual([['red'], ['[{},{"plan":{"a":1}}]']]);
  });

  test('of the transaction is seen at once', async () => {
    const { reports, effects } = await post(
      `api.transaction.setMetadata('step', 1); console.log(event.transaction.metadata.step);`,
      `console.log(event.transaction.metadata.step);`,
    );
    expect(reports.map((report) => report.console)).toEqual([['1'], ['1']]);
    expect(effects).toEqual([{ kind: 'transaction_metadata', name: 'step', value: 1 }]);
  });

  test('has a largest size', async () => {
    const body = `for (let i = 0; i < 40; i += 1) api.user.setAppMetadata('k' + i, 'v'.repeat(1000));`;
    expect(await failure(body)).toBe('threw: app_metadata would be larger than 32768 bytes');
  });

  test('each Action has an event of its own, and its own secrets', async () => {
    const sources: Source[] = [
      {
        name: 'one',
        code: login(`event.user.email = 'x'; event.secrets.MINE = 'y'; console.log(event.secrets.A);`),
        secrets: { A: '1' },
      },
      {
        name: 'two',
        code: login(
          `console.log(event.user.email, JSON.stringify(event.secrets), JSON.stringify(event.configuration));`,
        ),
        secrets: { B: '2' },
      },
    ];
    const { reports } = await run(runner, toProgram('post-login', ...sources));
    expect(reports.map((report) => report.console)).toEqual([['1'], ['ada@example.com {"B":"2"} {}']]);
  });
});

describe('authentication', () => {
  test('setPrimaryUser, once', async () => {
    expect(await asked(`api.authentication.setPrimaryUser('auth0|2');`)).toEqual([
      { kind: 'primary_user', userId: 'auth0|2' },
    ]);
    const { end } = await post(
      `api.authentication.setPrimaryUser('auth0|2');`,
      `api.authentication.setPrimaryUser('auth0|3');`,
    );
    expect(end).toMatchObject({ message: 'setPrimaryUser can be called once in a login' });
  });

  test('recordMethod, after a redirect alone', async () => {
    expect(await failure(`api.authentication.recordMethod('https://x/method');`)).toMatch(/onContinuePostLogin only/);
    const code = `exports.onContinuePostLogin = async (event, api) => { api.authentication.recordMethod('https://x/method'); };`;
    const { effects } = await run(runner, toProgram('post-login', code), { resume: true });
    expect(effects).toEqual([{ kind: 'record_method', method: 'https://x/method' }]);
  });

  test.each([
    `api.multifactor.enable('duo');`,
    `api.prompt.render('ap_1');`,
    `await api.groups.hasGroupMembership('g');`,
  ])('%s refuses, also when the Action catches it', async (call) => {
    expect(await failure(call)).toMatch(
      /^not_available: api\.[\w.]+( with the provider duo)? is not available: this server (has|keeps) no/,
    );
    expect(await failure(`try { ${call} } catch {}`)).toMatch(/^not_available: /);
  });

  test('what changes nothing here is accepted, and says so', async () => {
    const { end, reports } = await post(
      `api.samlResponse.setAudience('x'); console.log(api.rules.wasExecuted('r'), JSON.stringify(await api.roles.getUserEffectiveRolesByNames(['admin', 'no'])));`,
    );
    expect(end).toEqual({ kind: 'done' });
    expect(reports[0]?.console).toEqual([
      'samlResponse.setAudience: no application here uses SAML, so it changes nothing',
      'false {"roles":[{"name":"admin"}]}',
    ]);
  });
});

describe('second factors', () => {
  test('a wish for the end of the login; only allowRememberBrowser: true remembers', async () => {
    const body = `api.multifactor.enable('any').multifactor.enable('guardian', { allowRememberBrowser: true });
      api.multifactor.enable('none', { allowRememberBrowser: 'yes' });`;
    expect(await asked(body)).toEqual([
      { kind: 'multifactor', provider: 'any', remembers: false },
      { kind: 'multifactor', provider: 'guardian', remembers: true },
      { kind: 'multifactor', provider: 'none', remembers: false },
    ]);
    expect(await failure(`api.multifactor.enable('sms');`)).toMatch(/^threw: api.multifactor.enable takes one of/);
  });

  test('a command ends the run after its Action, with the commands among the effects', async () => {
    const { end, effects, reports } = await post(
      `api.authentication.challengeWith({ type: 'otp', options: { a: 1 } }, { additionalFactors: [{ type: 'phone' }] });
       api.authentication.enrollWithAny([{ type: 'otp' }, { type: 'otp' }]);`,
      `throw new Error('later Actions wait');`,
    );
    expect(end).toEqual({ kind: 'factor', index: 0 });
    expect(effects).toEqual([
      { kind: 'factor_command', does: 'challenge', types: ['otp', 'phone'] },
      { kind: 'factor_command', does: 'enrol', types: ['otp'] },
    ]);
    expect(reports).toHaveLength(1);
  });

  test.each([
    [`api.authentication.challengeWith('otp');`, /takes factors with a type: sms|takes factors with a type: phone/],
    [`api.authentication.challengeWith({ type: 'sms' });`, /takes factors with a type/],
    [`api.authentication.challengeWithAny({ type: 'otp' });`, /takes a list of factors/],
    [`api.authentication.challengeWithAny([]);`, /takes at least one factor/],
    [`api.authentication.enrollWithAny(Array(17).fill({ type: 'otp' }));`, /takes at most 16 factors/],
  ])('%s is an error', async (call, text) => {
    expect(await failure(call)).toMatch(text);
  });

  test('a denial wins over a command, and a redirect in the same Action fails the run', async () => {
    const command = `api.authentication.challengeWith({ type: 'otp' });`;
    expect((await post(`${command} api.access.deny('no');`)).end).toMatchObject({ kind: 'denied', reason: 'no' });
    for (const body of [
      `${command} api.redirect.sendUserTo('https://x');`,
      `api.redirect.sendUserTo('https://x'); ${command}`,
    ])
      expect(await failure(body)).toMatch(/^not_available: api.redirect.sendUserTo and a command/);
  });

  test('a fifth command fails the run, counting those before a pause', async () => {
    const command = `api.authentication.challengeWith({ type: 'otp' });`;
    expect(await failure(`${command.repeat(4)} try { ${command} } catch {}`)).toMatch(/^not_available: .*at most 4/);
    const before = Array.from(
      { length: 4 },
      () => ({ kind: 'factor_command', does: 'enrol', types: ['otp'] }) as const,
    );
    const { end } = await run(runner, toProgram('post-login', login(command)), { effects: before });
    expect(end).toMatchObject({ kind: 'failed', failure: 'not_available' });
  });
});

describe('sessions and refresh tokens', () => {
  test('settings are asked for', async () => {
    const body = `api.session.setExpiresAt(1e12); api.session.setIdleExpiresAt(2e12); api.session.setCookieMode('non-persistent');
      api.session.setMetadata('a', 'b'); api.session.evictMetadata(); api.refreshToken.setExpiresAt(3e12); api.refreshToken.setIdleExpiresAt(4e12);
      api.refreshToken.setMetadata('c', 'd'); api.refreshToken.deleteMetadata('c');`;
    expect(await asked(body)).toEqual([
      { kind: 'session_expiry', at: 1e12 },
      { kind: 'session_idle_expiry', at: 2e12 },
      { kind: 'session_cookie', mode: 'non-persistent' },
      { kind: 'session_metadata', name: 'a', value: 'b' },
      { kind: 'session_metadata', name: 'a', value: null },
      { kind: 'refresh_token_expiry', at: 3e12 },
      { kind: 'refresh_token_idle_expiry', at: 4e12 },
      { kind: 'refresh_token_metadata', name: 'c', value: 'd' },
      { kind: 'refresh_token_metadata', name: 'c', value: null },
    ]);
  });

  test('revoke refuses as well; that of a refresh token in its exchange alone', async () => {
    const { end, effects } = await post(`api.session.revoke('gone');`);
    expect(end).toMatchObject({ kind: 'denied', reason: 'gone' });
    expect(effects).toEqual([{ kind: 'revoke', what: 'session', reason: 'gone' }]);
    expect(await failure(`api.refreshToken.revoke('gone');`)).toMatch(/in an exchange of a refresh token only/);
    const event = { ...EVENT, transaction: { protocol: 'oauth2-refresh-token' } };
    const exchanged = await postWith(event, `api.refreshToken.revoke('gone');`);
    expect(exchanged.effects).toEqual([{ kind: 'revoke', what: 'refresh_token', reason: 'gone' }]);
  });

  test('nonsense is an error', async () => {
    expect(await failure(`api.session.setExpiresAt('tomorrow');`)).toMatch(/milliseconds/);
    expect(await failure(`api.session.setCookieMode('sticky');`)).toMatch(/persistent/);
    expect(await failure(`api.session.setMetadata('a', 1);`)).toMatch(/text/);
    expect(await failure(`for (let i = 0; i < 26; i += 1) api.session.setMetadata('k' + i, 'v');`)).toMatch(
      /at most 25/,
    );
  });
});

describe('redirect', () => {
  const SECRET = 'a secret of the Action';
  const CODE = `
    exports.onExecutePostLogin = async (event, api) => {
      api.user.setAppMetadata('asked', true);
      const session_token = api.redirect.encodeToken({ secret: event.secrets.S, payload: { plan: 'x', sub: 'somebody' }, expiresInSeconds: 60 });
      api.redirect.sendUserTo('https://forms.example.com/start?a=1', { query: { session_token } });
    };
    exports.onContinuePostLogin = async (event, api) => {
      const payload = api.redirect.validateToken({ secret: event.secrets.S, tokenParameterName: 'token' });
      api.idToken.setCustomClaim('answer', [payload.answer, event.user.app_metadata.asked]);
    };`;
  const program = () =>
    toProgram(
      'post-login',
      login(`api.idToken.setCustomClaim('first', 1);`),
      { code: CODE, secrets: { S: SECRET } },
      login(`api.idToken.setCustomClaim('last', 1);`),
    );

  function toToken(claims: object, secret = SECRET, alg = 'HS256'): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  }
  const now = Math.floor(Date.now() / 1000);
  const CLAIMS = { iat: now, exp: now + 60, sub: 'auth0|1', iss: 'forms', state: 'S1', answer: 'yes' };

  async function back(token: string | undefined, query: JsonObject = { state: 'S1' }): Promise<TriggerResult> {
    const event = {
      ...EVENT,
      request: { ...(EVENT.request as object), query, body: token === undefined ? {} : { token } },
    };
    const effects = [{ kind: 'app_metadata', name: 'asked', value: true }] as const;
    return run(runner, program(), { from: 1, resume: true, event, effects });
  }

  test('sends the person away with a signed token, after the Action, before the next', async () => {
    const { end, effects } = await run(runner, program());
    if (end.kind !== 'redirect') throw new Error(JSON.stringify(end));
    expect(end.index).toBe(1);
    expect(effects.map((effect) => effect.kind)).toEqual(['claim', 'app_metadata']);
    const url = new URL(end.url);
    expect(url.href).toMatch(/^https:\/\/forms\.example\.com\/start\?a=1&session_token=/);
    const [head = '', body = '', signature] = (url.searchParams.get('session_token') ?? '').split('.');
    expect(signature).toBe(createHmac('sha256', SECRET).update(`${head}.${body}`).digest('base64url'));
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, number>;
    expect(claims).toMatchObject({ plan: 'x', sub: 'auth0|1', iss: 'login.example.com', ip: '203.0.113.9' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
  });

  test('goes on with the same Action, then with the next ones', async () => {
    const { end, effects, reports } = await back(toToken(CLAIMS));
    expect(end).toEqual({ kind: 'done' });
    expect(effects.slice(1)).toEqual([
      { kind: 'claim', token: 'id', name: 'answer', value: ['yes', true] },
      { kind: 'claim', token: 'id', name: 'last', value: 1 },
    ]);
    expect(reports.map((report) => report.name)).toEqual(['action-2', 'action-3']);
  });

  test.each([
    ['signed by somebody else', toToken(CLAIMS, 'another secret'), /invalid signature/],
    ['signed by nobody', toToken(CLAIMS, SECRET, 'none'), /invalid signature/],
    ['expired', toToken({ ...CLAIMS, exp: now - 1 }), /expired/],
    ['without an expiry', toToken({ ...CLAIMS, exp: undefined }), /Missing or invalid standard claims/],
    ['for another person', toToken({ ...CLAIMS, sub: 'auth0|2' }), /sub/],
    ['for another redirect', toToken({ ...CLAIMS, state: 'S2' }), /does not match the \/continue state/],
    ['without a state', toToken({ ...CLAIMS, state: undefined }), /does not match the \/continue state/],
    ['not there', undefined, /no parameter token/],
    ['no token', 'x', /invalid signature/],
  ])('a token that is %s is refused', async (_, token, message) => {
    const { end } = await back(token);
    expect(end).toMatchObject({ kind: 'failed', failure: 'threw', message: expect.stringMatching(message) });
    expect(end).toMatchObject({ message: expect.stringMatching(/^The session token is invalid: /) });
  });

  test('a token without a state is refused also where none is expected', async () => {
    const { end } = await back(toToken({ ...CLAIMS, state: undefined }), {});
    expect(end).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/does not match the \/continue state/),
    });
  });

  test('an Action without onContinuePostLogin fails when somebody comes back to it', async () => {
    const { end } = await run(runner, toProgram('post-login', login('')), { resume: true });
    expect(end).toMatchObject({ message: 'the Action action-1 exports no function onContinuePostLogin' });
  });

  test('canRedirect knows flows without a person', async () => {
    const can = async (event: object) => {
      const { reports } = await postWith({ ...EVENT, ...event }, 'console.log(api.redirect.canRedirect());');
      return reports[0]?.console[0];
    };
    expect(await can({})).toBe('true');
    expect(await can({ transaction: { protocol: 'oauth2-refresh-token' } })).toBe('false');
    expect(await can({ transaction: { prompt: ['none'] } })).toBe('false');
    expect(await failure(`api.redirect.sendUserTo('javascript:alert(1)');`)).toMatch(/http or https/);
    expect(await failure(`api.redirect.sendUserTo('/relative');`)).toMatch(/absolute/);
  });
});

describe('cache', () => {
  test('keeps texts from one execution to the next', async () => {
    const body = `const found = api.cache.get('k'); console.log(found ? found.value : 'nothing'); console.log(JSON.stringify(api.cache.set('k', 'v', { ttl: 60_000 }).type));`;
    expect((await post(body)).reports[0]?.console).toEqual(['nothing', '"success"']);
    expect((await post(body)).reports[0]?.console).toEqual(['v', '"success"']);
  });

  test('answers with codes when it is asked for too much', async () => {
    const { reports } = await post(`const code = (r) => r.code ?? r.type; console.log([
      code(api.cache.set('x'.repeat(65), 'v')), code(api.cache.set('y', 'v'.repeat(4097))), code(api.cache.set('z', 'v', { ttl: -1 })),
      code(api.cache.set('z', 'v', { ttl: 'x' })), code(api.cache.set('a', 'v'.repeat(4000))), code(api.cache.set('b', 'v'.repeat(4000))),
      code(api.cache.set('c', 'v'.repeat(4000))), code(api.cache.delete('a')), code(api.cache.delete('a')), code(api.cache.set('o', {})),
    ].join());`);
    expect(reports[0]?.console[0]?.split(',')).toEqual(
      'CacheKeySizeExceeded,CacheValueSizeExceeded,ItemAlreadyExpired,InvalidExpiry,success,success,CacheSizeExceeded,success,CacheKeyDoesNotExist,FailedToSetCacheRecord'.split(
        ',',
      ),
    );
  });
});

test('console: an error that is printed shows where the Action stood, not what ran it', async () => {
  const program = toProgram('post-login', login('console.log("caught", new Error("gone"));'));
  const { reports } = await run(runner, program);
  const printed = (reports[0]?.console ?? []).join('\n');
  expect(printed).toMatch(/^caught Error: gone\s+at .*\.js:\d+/);
  expect(printed).not.toContain('[stdin]');
});

test('console: twenty lines of 256 characters, whatever is printed', async () => {
  const { reports } = await post(
    `for (let i = 0; i < 30; i += 1) console.log(i, 'x'.repeat(400)); console.error({ a: [1, { b: 2 }] });`,
  );
  const lines = reports[0]?.console ?? [];
  expect(lines).toHaveLength(20);
  expect(lines.every((line) => line.length <= 256)).toBe(true);
  expect(lines[0]).toMatch(/^0 x+…$/);
});
