/** When a person signed in at the company, and whether that is recent enough (OpenID Connect Core, sections 3.1.2.1 and 3.1.3.7). */
import { describe, expect, test } from 'vitest';
import type { AuthorizationRequest } from '../../src/domain/authorization-request.js';
import { checkSignInTime, oldestSignInSeconds, signedInAt } from '../../src/login/sign-in-time.js';
import type { Proof } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import { AT, attemptOf, DANA, identityOf, passwordProofOf } from '../support/login-facts.js';

const NOW = AT.getTime() / 1000;
const ask = (changes: Partial<AuthorizationRequest>): AuthorizationRequest => ({ ...attemptOf().request, ...changes });

function check(changes: Partial<AuthorizationRequest>, signedInAtSeconds?: number) {
  const trace = newTrace();
  const identity = identityOf({ ...(signedInAtSeconds !== undefined && { signedInAtSeconds }) });
  return { refusal: checkSignInTime(ask(changes), identity, AT, trace), lines: trace.lines };
}

test.each<readonly [string, Partial<AuthorizationRequest>, number | undefined]>([
  ['prompt=login: not at all', { prompt: ['login'] }, 0],
  ['prompt=login, whatever max_age allows: not at all', { prompt: ['login'], maxAge: 600 }, 0],
  ['max_age: as long as it says', { maxAge: 600 }, 600],
  ['max_age=0: not at all', { maxAge: 0 }, 0],
  ['neither: as long as it likes', {}, undefined],
])('how long a sign-in may lie back with %s', (_name, changes, seconds) => {
  expect(oldestSignInSeconds(ask(changes))).toBe(seconds);
});

describe('the sign-in at the company', () => {
  test('is not looked at where the request does not ask', () => {
    expect(check({}, 0)).toEqual({ refusal: undefined, lines: [] });
  });

  test('may lie back as long as asked and a minute of clocks that differ', () => {
    const evidence = { auth_time: NOW - 660, max_age: 600 };
    const line = { stage: 'authenticate', rule: 'sign_in_time', answer: 'pass', evidence };
    expect(check({ maxAge: 600 }, NOW - 660)).toEqual({ refusal: undefined, lines: [line] });
  });

  test('is too old a second later, and the log says by how much', () => {
    const { refusal, lines } = check({ maxAge: 600 }, NOW - 661);
    expect(refusal).toMatchObject({
      code: 'authenticate.sign_in_too_old',
      detail: `the ID token has auth_time ${NOW - 661}, the request allows 600 seconds`,
    });
    const evidence = { auth_time: NOW - 661, max_age: 600 };
    expect(lines).toEqual([{ stage: 'authenticate', rule: 'sign_in_time', answer: 'refuse', evidence }]);
  });

  test('must be named under max_age, and need not be under prompt=login alone', () => {
    const { refusal, lines } = check({ maxAge: 600 });
    expect(refusal?.detail).toBe('the ID token has no auth_time, the request allows 600 seconds');
    expect(lines[0]?.evidence).toEqual({ auth_time: null, max_age: 600 });
    expect(check({ prompt: ['login'] }).refusal).toBeUndefined();
    expect(check({ prompt: ['login'], maxAge: 600 }).refusal?.code).toBe(refusal?.code);
    expect(refusal?.code).toMatch(/^authenticate\./);
  });
});

describe('the moment of the sign-in is', () => {
  const identity = (signedInAtSeconds?: number): Proof => ({
    kind: 'identity',
    identity: identityOf({ ...(signedInAtSeconds !== undefined && { signedInAtSeconds }) }),
    ownProof: undefined,
  });
  const earlier = new Date(AT.getTime() - 5_000);
  test.each<readonly [string, Proof, Date]>([
    ['for an account, when it was proved', passwordProofOf({ authenticatedAt: earlier }), earlier],
    ['what the company said', identity(NOW - 5), earlier],
    ['now, where the company said nothing', identity(), AT],
    ['now, where the company said something later', identity(NOW + 30), AT],
    ['never before 1970', identity(-5), new Date(0)],
    [
      'now, for a sign-up',
      { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true },
      AT,
    ],
  ])('%s', (_name, proof, at) => expect(signedInAt(proof, AT)).toEqual(at));
});
