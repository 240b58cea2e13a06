/** Story 30: the IdP is down, slow or answers nonsense: a clear page with a reference within a bounded time, and nobody else is slowed. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES } from '../support/providers.js';
import { certificateOf } from '../support/saml/certificates.js';
import type { SamlLie } from '../support/saml/idp.js';
import type { Lie } from '../support/scripted-idp.js';
import { linkOf, referenceOf, useStage, wordsOf } from '../support/stage.js';

type AnyLie = { readonly oidc: Lie } | { readonly saml: SamlLie };
const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:';
const RESPONDER = { samlStatusCode: `${STATUS}Responder`, samlStatusMessage: 'down' };
const samlLies: readonly (readonly [string, SamlLie, string, string])[] = [
  ['the answer is missing', { form: { SAMLResponse: '' } }, 'authenticate.idp_invalid', 'callback.response'],
  ['it answers with a page', { xml: () => '<html></html>' }, 'authenticate.idp_invalid', 'saml.xml'],
  ['the audience is another', { answer: { audience: 'urn:x' } }, 'authenticate.idp_invalid', 'saml.audience'],
  ['the answer has expired', { answer: { lifetimeInSeconds: -600 } }, 'authenticate.idp_invalid', 'saml.not_on'],
  ['the issuer is another', { answer: { issuer: 'urn:evil' } }, 'authenticate.idp_invalid', 'saml.issuer'],
  [
    'it signed with a key of somebody else',
    { answer: { ...certificateOf('foreign') } },
    'authenticate.idp_invalid',
    'saml',
  ],
  ['it did not sign', { answer: { signAssertion: false } }, 'authenticate.idp_invalid', 'saml.signature'],
  [
    'the person cancelled',
    { answer: { samlStatusCode: `${STATUS}AuthnFailed` } },
    'authenticate.idp_denied',
    'idp.error',
  ],
  ['it says it is down', { answer: RESPONDER }, 'authenticate.idp_unreachable', 'saml.status'],
];

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });

  beforeAll(async () => {
    await stage.cast.createMember('dana@acme.example');
  });

  const oidcLies: readonly (readonly [string, Lie, string, string])[] = [
    ['its token endpoint fails', { token: 'status-500' }, 'authenticate.idp_unreachable', 'token.http'],
    ['it has no keys for a moment', { jwks: { json: { keys: [] } } }, 'authenticate.idp_keys', 'jwks.keys'],
    ['its token endpoint hangs up', { token: 'cut' }, 'authenticate.idp_unreachable', 'token.network'],
    ['it answers with a page', { token: 'html' }, 'authenticate.idp_invalid', 'token'],
    ['it sends no end of data', { token: 'huge' }, 'authenticate.idp_invalid', 'token.too_large'],
    ['the nonce is another', { claims: { nonce: 'other' } }, 'authenticate.idp_invalid', 'id_token.nonce'],
    ['the audience is another', { claims: { aud: 'somebody-else' } }, 'authenticate.idp_invalid', 'id_token.aud'],
    ['the token has expired', { claims: { exp: 1 } }, 'authenticate.idp_invalid', 'id_token.exp'],
    ['the issuer is another', { claims: { iss: 'https://evil.example' } }, 'authenticate.idp_invalid', 'id_token.iss'],
    ['it signed with a key of somebody else', { signed: 'foreign-key' }, 'authenticate.idp_invalid', 'id_token'],
    ['it did not sign', { signed: 'none' }, 'authenticate.idp_invalid', 'id_token'],
    ['the subject is missing', { claims: { sub: undefined } }, 'authenticate.idp_invalid', 'id_token.sub'],
    ['the code is missing', { callback: { code: undefined } }, 'authenticate.idp_invalid', 'callback.code'],
    [
      'it names another issuer',
      { callback: { iss: 'https://evil.example' } },
      'authenticate.idp_invalid',
      'callback.iss',
    ],
    [
      'the person cancelled',
      { callback: { error: 'access_denied', code: undefined } },
      'authenticate.idp_denied',
      'idp.error',
    ],
    [
      'it says it is down',
      { callback: { error: 'server_error', code: undefined } },
      'authenticate.idp_unreachable',
      'idp.error',
    ],
  ];

  const lies =
    strategy === 'samlp'
      ? samlLies.map(([name, saml, ...rest]) => [name, { saml }, ...rest] as const)
      : oidcLies.map(([name, oidc, ...rest]) => [name, { oidc }, ...rest] as const);

  test.each<readonly [string, AnyLie, string, string]>(lies)(
    '%s: a page with a way on, a log line that names the check, nothing left',
    async (_name, lie, code, check) => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), 'dana@acme.example');
      const before = await stage.instance.snapshot();
      if ('saml' in lie) stage.cast.acme.saml?.next(lie.saml);
      else stage.cast.idp.next(lie.oidc);
      const answer = await visitor.signInAtIdp(page, 'dana');
      expect([403, 502]).toContain(answer.status);
      expect(wordsOf(answer)).toContain(referenceOf(answer));
      expect(linkOf(answer, 'Use a password instead')).toContain('/u/login/password');
      const back = new URL(linkOf(answer, 'Back to the application'));
      expect(Object.fromEntries(back.searchParams)).toMatchObject({
        error: /unreachable|keys/.test(code) ? 'temporarily_unavailable' : 'access_denied',
        state: 'app-state',
        error_reference: referenceOf(answer),
      });
      const line = await stage.refusal(answer);
      expect(line.details.code).toBe(code);
      const proof = line.details.trace?.find((item) => item.answer === 'refuse');
      expect(proof).toMatchObject({ stage: 'authenticate', rule: 'protocol_proof' });
      expect(String(proof?.evidence.check)).toContain(check);
      await expectNothingLeft(stage.instance, before);
    },
  );

  test('after all that the way through is open again in a new login', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
  });

  const isOneForAll = { 'google-apps': 'one provider for all companies: its trouble is everybody’s' } as const;
  let dark: Place | undefined;
  afterEach(() => dark?.idp.stop());

  test('an IdP that is down: the page comes at once, also the tenth time; another organization notices nothing', async (context) => {
    leaveOut(context, strategy, isOneForAll);
    dark = await stage.cast.createPlace('dark', {}, { domain: 'dark.example' });
    await dark.idp.stop();
    const before = await stage.instance.snapshot();
    for (let time = 0; time < 10; time++) {
      const visitor = stage.visitor();
      const page = await visitor.open({ organization: dark.id });
      const began = performance.now();
      const answer = await visitor.type(page, 'someone@dark.example');
      expect(performance.now() - began).toBeLessThan(4_500);
      expect(answer.status).toBe(502);
      expect((await stage.refusal(answer)).details.code).toBe('authenticate.idp_unreachable');
    }
    await expectNothingLeft(stage.instance, before);
  });

  test('an IdP that hangs: bounded, while others sign in as fast as ever', async (context) => {
    leaveOut(context, strategy, isOneForAll);
    const slow = await stage.cast.createPlace('slow', {}, { domain: 'slow.example' });
    if (slow.saml) slow.saml.next({ metadata: 'hang' });
    else slow.idp.next({ discovery: 'hang' });
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: slow.id });
    const began = performance.now();
    const hanging = visitor.type(page, 'someone@slow.example');
    const dana = stage.visitor();
    await dana.redeem(await dana.throughSso('dana', 'dana@acme.example'));
    const danaTook = performance.now() - began;
    const answer = await hanging;
    const took = performance.now() - began;
    expect(answer.status).toBe(502);
    expect(danaTook).toBeLessThan(took);
    expect((await stage.refusal(answer)).details.code).toBe('authenticate.idp_unreachable');
  });
});
