/**
 * Story 30, from outside: an ID token that is wrong in one single way, and each address of the IdP hanging, dripping, flooding, failing
 * or answering with a page. Refused with the check that noticed, within a bounded time, with nothing left; and while it lasts, people of
 * another organization sign in as ever.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES } from '../support/providers.js';
import { certificateOf } from '../support/saml/certificates.js';
import type { SamlLie } from '../support/saml/idp.js';
import type { Answer, Lie } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';

/** Changes the posted text, which is signed: the answer is one that somebody changed on its way. */
const swap =
  (from: string | RegExp, to: string) =>
  (xml: string): string => {
    const changed = xml.replace(from, to);
    if (changed === xml) throw new Error(`the answer has no ${String(from)}`);
    return changed;
  };
const ACS = 'https://evil.example/login/callback';
const samlAnswers: readonly (readonly [name: string, check: string, lie: SamlLie])[] = [
  ['no signature', 'signature', { answer: { signAssertion: false } }],
  ['the signature of another key', 'certificate', { answer: { ...certificateOf('foreign') } }],
  ['another person than was signed', 'signature', { xml: swap('>idp-dana<', '>idp-sam<') }],
  ['another issuer', 'issuer', { answer: { issuer: 'https://evil.example' } }],
  ['another audience', 'audience', { answer: { audience: 'urn:somebody-else' } }],
  ['no audience', 'audience', { answer: { audience: undefined } }],
  ['the request of another login', 'in_response_to', { answer: { inResponseTo: '_of-another-login' } }],
  ['no request', 'in_response_to', { answer: { inResponseTo: undefined } }],
  ['another destination', 'destination', { answer: { destination: ACS } }],
  ['another recipient', 'recipient', { answer: { recipient: ACS } }],
  ['an end that has passed', 'not_on_or_after', { answer: { lifetimeInSeconds: -600 } }],
  [
    'a name that is another one each time',
    'name_id',
    { answer: { nameIdentifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' } },
  ],
  ['an entity', 'doctype', { xml: swap('<samlp:Response', '<!DOCTYPE x [<!ENTITY e "e">]><samlp:Response') }],
  ['two assertions', 'one_assertion', { xml: swap(/(<saml:Assertion[\s\S]*<\/saml:Assertion>)/, '$1$1') }],
];

interface NewPlace {
  readonly place: Place;
  readonly email: string;
}

interface Span {
  readonly began: number;
  readonly ended: number;
}

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let places = 0;
  let open: Place[] = [];

  beforeAll(() => stage.cast.createMember('dana@acme.example'));
  afterEach(async () => {
    await Promise.all(open.map(({ idp }) => idp.stop()));
    open = [];
  });

  const now = () => Math.floor(Date.now() / 1000);

  async function checkThatRefused(answer: Visit): Promise<string> {
    const { details } = await stage.refusal(answer);
    const line = details.trace?.find((item) => item.answer === 'refuse');
    return `${details.code} ${line?.stage}.${line?.rule} ${line?.evidence.check}`;
  }

  const tokens: readonly (readonly [name: string, check: string, lie: () => Lie])[] = [
    ['no algorithm', 'alg', () => ({ signed: 'none' })],
    ['HS256 with the public key as its secret', 'alg', () => ({ signed: 'hs256-with-public-key' })],
    ['the signature of another key', 'signature', () => ({ signed: 'foreign-key' })],
    ['a key id that nobody has published', 'kid', () => ({ signed: 'unknown-kid' })],
    ['another issuer', 'iss', () => ({ claims: { iss: 'https://evil.example' } })],
    ['no issuer', 'iss', () => ({ claims: { iss: undefined } })],
    ['another audience', 'aud', () => ({ claims: { aud: 'somebody-else' } })],
    ['no audience', 'aud', () => ({ claims: { aud: undefined } })],
    ['two audiences and no azp', 'azp', () => ({ claims: { aud: [stage.cast.idp.clientId, 'somebody-else'] } })],
    ['an azp of another client', 'azp', () => ({ claims: { azp: 'somebody-else' } })],
    ['another nonce', 'nonce', () => ({ claims: { nonce: 'of-another-login' } })],
    ['no nonce', 'nonce', () => ({ claims: { nonce: undefined } })],
    ['a nonce that is a list', 'nonce', () => ({ claims: { nonce: ['n'] } })],
    ['an end that has passed', 'exp', () => ({ claims: { exp: now() - 120 } })],
    ['no end', 'exp', () => ({ claims: { exp: undefined } })],
    ['an end that is text', 'exp', () => ({ claims: { exp: 'tomorrow' } })],
    ['a beginning in the future', 'nbf', () => ({ claims: { nbf: now() + 600 } })],
    ['an issue in the future', 'iat', () => ({ claims: { iat: now() + 600 } })],
    ['no issue time', 'iat', () => ({ claims: { iat: undefined } })],
    ['no subject', 'sub', () => ({ claims: { sub: undefined } })],
    ['an empty subject', 'sub', () => ({ claims: { sub: '' } })],
    ['a list as its subject', 'sub', () => ({ claims: { sub: ['idp-dana'] } })],
    ['an object as its subject', 'sub', () => ({ claims: { sub: { toString: 'idp-dana' } } })],
    ['a number as its subject', 'sub', () => ({ claims: { sub: 42 } })],
    ['null as its subject', 'sub', () => ({ claims: { sub: null } })],
    ['a subject of 256 characters', 'sub', () => ({ claims: { sub: 's'.repeat(256) } })],
  ];

  describe.runIf(strategy === 'samlp')('an answer with', () => {
    test.each(samlAnswers)('%s is refused for it, and nothing is left', async (_name, check, lie) => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), 'dana@acme.example');
      const before = await stage.instance.snapshot();
      stage.cast.acme.saml?.next(lie);
      const answer = await visitor.signInAtIdp(page, 'dana');
      // An answer of another login is no fault of the provider's: the person may have two windows open.
      const code = check === 'in_response_to' ? 'authenticate.unknown_transaction' : 'authenticate.idp_invalid';
      expect(await checkThatRefused(answer)).toBe(`${code} authenticate.protocol_proof saml.${check}`);
      await expectNothingLeft(stage.instance, before);
    });
  });

  describe.runIf(strategy !== 'samlp')('an ID token with', () => {
    test.each(tokens)('%s is refused for it, and nothing is left', async (_name, check, lie) => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), 'dana@acme.example');
      const before = await stage.instance.snapshot();
      stage.cast.idp.next(lie());
      const answer = await visitor.signInAtIdp(page, 'dana');
      expect(await checkThatRefused(answer)).toBe(
        `authenticate.idp_invalid authenticate.protocol_proof id_token.${check}`,
      );
      await expectNothingLeft(stage.instance, before);
    });

    test('an at_hash of another access token is let be: that token is thrown away unread', async () => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), 'dana@acme.example');
      stage.cast.idp.next({ claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } });
      await visitor.redeem(await visitor.signInAtIdp(page, 'dana'));
    });
  });

  /** The longest wait for a page, whatever the IdP does; generous, for a machine that is busy. */
  const BOUND_MS = 12_000;

  async function newPlace(): Promise<NewPlace> {
    const name = `trouble${++places}`;
    const email = `pat@${name}.example`;
    const people = { pat: { sub: 'idp-pat', email, email_verified: true } };
    const place = await stage.cast.createPlace(name, people, { domain: `${name}.example` });
    open.push(place);
    await stage.cast.createMember(email, { organizationId: place.id });
    return { place, email };
  }

  /** Dana, of another organization, signs in again and again until `trouble` is over. Each of her logins. */
  async function meanwhile<T>(trouble: Promise<T>): Promise<{ result: T; logins: readonly Span[] }> {
    let over = false;
    const result = trouble.finally(() => {
      over = true;
    });
    result.catch(() => undefined);
    const logins: Span[] = [];
    do {
      const began = performance.now();
      const dana = stage.visitor();
      await dana.redeem(await dana.throughSso('dana', 'dana@acme.example'));
      logins.push({ began, ended: performance.now() });
    } while (!over);
    return { result: await result, logins };
  }

  const QUICK: readonly (readonly [name: string, answer: Answer, code: string])[] = [
    ['floods', 'huge', 'authenticate.idp_invalid'],
    ['answers 500', 'status-500', 'authenticate.idp_unreachable'],
    ['hangs up', 'cut', 'authenticate.idp_unreachable'],
    ['answers with a page', 'html', 'authenticate.idp_invalid'],
    ['sends the server elsewhere', { redirect: 'http://169.254.169.254/latest' }, 'authenticate.idp_invalid'],
    ['answers nonsense', { json: [1, 'two', null] }, 'authenticate.idp_invalid'],
  ];

  type Where = 'discovery' | 'jwks' | 'token' | 'metadata';
  /** With any fault of the keys, the person has signed in, and reads that it is the keys that are missing. */
  const codeAt = (where: Where, code: string) => (where === 'jwks' ? 'authenticate.idp_keys' : code);

  /** Somebody meets it, within bounds; afterwards nothing of them is left, and their next login goes through. Tells when they waited. */
  async function meet(where: Where, how: Answer, code: string, { place, email }: NewPlace): Promise<Span> {
    const visitor = stage.visitor();
    const before = await stage.instance.snapshot();
    if (where === 'metadata') place.saml?.next({ metadata: how });
    else place.idp.next({ [where]: how } as unknown as Lie);
    const began = performance.now();
    const page = await visitor.type(await visitor.open({ organization: place.id }), email);
    const answer = where === 'discovery' || where === 'metadata' ? page : await visitor.signInAtIdp(page, 'pat');
    const ended = performance.now();
    expect(ended - began).toBeLessThan(BOUND_MS);
    const line = await stage.refusal(answer);
    expect(line.details.code).toBe(code);
    expect(line.details.trace?.at(-1)).toMatchObject({ stage: 'authenticate', answer: 'refuse' });
    // Others come in meanwhile, so only what is of this person is looked at.
    for (const [table, rows] of Object.entries(await stage.instance.snapshot()))
      if (table !== 'logs')
        expect(
          rows.filter((row) => row.includes(email) && !before[table]?.includes(row)),
          table,
        ).toEqual([]);
    const again = stage.visitor();
    const second = await again.type(await again.open({ organization: place.id }), email);
    await again.redeem(await again.signInAtIdp(second, 'pat'));
    return { began, ended };
  }

  const PLACES: readonly Where[] = strategy === 'samlp' ? ['metadata'] : ['discovery', 'jwks', 'token'];
  const isOneForAll = { 'google-apps': 'one provider for all companies: its trouble is everybody’s' } as const;

  describe.each(PLACES)("the IdP's %s", (where) => {
    test.for(QUICK)(
      '%s: a page, nothing left, others unharmed, and the next login goes through',
      async ([_name, how, code], context) => {
        leaveOut(context, strategy, isOneForAll);
        const { logins } = await meanwhile(meet(where, how, codeAt(where, code), await newPlace()));
        expect(logins.length).toBeGreaterThan(0);
      },
    );
  });

  test('IdPs that hang and drip at once, at each of their addresses: pages in time, and nobody else waits', async (context) => {
    leaveOut(context, strategy, isOneForAll);
    const met = PLACES.flatMap((where) => (['hang', 'drip'] as const).map((how) => ({ where, how })));
    const stuck = await Promise.all(met.map(async (one) => ({ ...one, at: await newPlace() })));
    const all = stuck.map(({ where, how, at }) => meet(where, how, codeAt(where, 'authenticate.idp_unreachable'), at));
    const { result, logins } = await meanwhile(Promise.all(all));
    // Somebody who waited for the IdP of others would be in only after it had given up.
    const allWait = Math.max(...result.map(({ began }) => began));
    const firstIsDone = Math.min(...result.map(({ ended }) => ended));
    expect(logins.filter(({ began, ended }) => began >= allWait && ended <= firstIsDone).length).toBeGreaterThan(2);
  }, 60_000);
});
