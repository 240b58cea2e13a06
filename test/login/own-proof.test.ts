/** The proof that a person was asked for: the code out of the mail, or the old account's password; five tries, for any account. */
import { describe, expect, test } from 'vitest';
import { checkOwnProof, hashCode, type OwnProofDeps } from '../../src/login/own-proof.js';
import type { Attempt, PendingProof, ProofAnswer } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import { countersInMemory } from '../support/attempts-in-memory.js';
import { AT, attemptOf, DANA, identityOf } from '../support/login-facts.js';

const CODE = '123456';
const STORED = { connectionId: 'con_db', hash: 'hash of old' };
const IDENTITY: Attempt['credential'] = {
  kind: 'identity',
  identity: identityOf(),
  fingerprint: 'c1.e1',
  ownProof: undefined,
};
const SIGN_UP: Attempt['credential'] = {
  kind: 'sign_up',
  email: DANA,
  password: 'p',
  name: undefined,
  addressProved: false,
};

function pendingOf(changes: Partial<PendingProof> = {}): PendingProof {
  const id = changes.id ?? 'p1';
  const codeHash = hashCode(id, CODE);
  return { id, email: DANA, userId: 'auth0|dana', codeHash, expiresAt: AT.getTime() + 1, ...changes };
}

function start(credential: Attempt['credential'] = IDENTITY) {
  const asked: unknown[] = [];
  const attempts = countersInMemory();
  const deps: OwnProofDeps = {
    attempts,
    reads: {
      findCredential: async (query) => {
        asked.push(query);
        return query.userId === 'auth0|dana' ? STORED : undefined;
      },
    },
    passwords: {
      shape: 'password',
      // Says yes where there is nothing to compare with, too: that no account is proved by it must not depend on the connector.
      verify: async (_credential, typed) => typed === 'old',
      hash: async () => 'never',
      needsRehash: () => false,
    },
  };
  const answerWith = async (answer: Partial<ProofAnswer> | undefined) => {
    const trace = newTrace();
    const whole = answer && { pending: pendingOf(), by: 'code' as const, typed: CODE, ...answer };
    const attempt = attemptOf({ credential, ...(whole && { answer: whole }) });
    return { result: await checkOwnProof(attempt, deps, trace), trace, line: trace.lines.at(-1) };
  };
  return { answerWith, asked, attempts };
}

const again = (triesLeft: number) => ({ kind: 'again', triesLeft });

test('where nothing was asked for, the credential stays what it is, and nothing is counted', async () => {
  const { answerWith, attempts } = start();
  const { result, trace } = await answerWith(undefined);
  expect(result).toBe(IDENTITY);
  expect(trace.lines).toEqual([]);
  expect(attempts.keys).toEqual([]);
});

describe('a code', () => {
  test.each([
    ['as it was mailed', CODE],
    ['with blanks and a dash, as people type it', ' 123-4 56\t'],
  ])('%s proves the account that it was asked for, beside the identity', async (_name, typed) => {
    const { result } = await start().answerWith({ typed });
    expect(result).toEqual({ ...IDENTITY, ownProof: { by: 'code', email: DANA, userId: 'auth0|dana' } });
  });

  test('for nobody proves the mailbox alone', async () => {
    const { userId: _userId, ...nobody } = pendingOf();
    const { result } = await start().answerWith({ pending: nobody });
    expect(result).toEqual({ ...IDENTITY, ownProof: { by: 'code', email: DANA, userId: undefined } });
  });

  test('proves the address of a sign-up', async () => {
    const { result } = await start(SIGN_UP).answerWith({});
    expect(result).toEqual({ ...SIGN_UP, addressProved: true });
  });

  test.each<readonly [string, Partial<ProofAnswer>]>([
    ['another one', { typed: '654321' }],
    ['with a letter among its digits', { typed: '123456x' }],
    ['that expires in this moment', { pending: pendingOf({ expiresAt: AT.getTime() }) }],
    // Attack: the hash of a code of one transaction is carried into another.
    ['of another proof', { pending: pendingOf({ codeHash: hashCode('p2', CODE) }) }],
  ])('does not do: %s; four tries are left', async (_name, answer) => {
    const { result, line } = await start().answerWith(answer);
    expect(result).toEqual(again(4));
    const evidence = { by: 'code', tries_left: 4 };
    expect(line).toEqual({ stage: 'authenticate', rule: 'own_proof', answer: 'ask', evidence });
  });
});

describe('a password', () => {
  test('of the account that it was asked for proves it', async () => {
    const { answerWith, asked } = start();
    const { result } = await answerWith({ by: 'password', typed: 'old' });
    expect(result).toEqual({ ...IDENTITY, ownProof: { by: 'password', email: DANA, userId: 'auth0|dana' } });
    expect(asked).toEqual([{ userId: 'auth0|dana' }]);
  });

  test('that does not fit is asked for again, and named as one in the trace', async () => {
    const { result, line } = await start().answerWith({ by: 'password', typed: 'new' });
    expect(result).toEqual(again(4));
    expect(line?.evidence).toEqual({ by: 'password', tries_left: 4 });
  });

  test('proves nothing where there is no account, or the account has none: it is verified all the same', async () => {
    const { userId: _userId, ...nobody } = pendingOf();
    const one = start();
    expect((await one.answerWith({ pending: nobody, by: 'password', typed: 'old' })).result).toEqual(again(4));
    expect(one.asked).toEqual([]);
    const bare = pendingOf({ userId: 'oidc|acme|x' });
    expect((await start().answerWith({ pending: bare, by: 'password', typed: 'old' })).result).toEqual(again(4));
  });

  test('says nothing about the address of a sign-up', async () => {
    const { result } = await start(SIGN_UP).answerWith({ by: 'password', typed: 'old' });
    expect(result).toMatchObject({ kind: 'refused', code: 'authenticate.proof_failed' });
  });
});

test('a proof for which nothing waits is refused, though it fits, and the trace says so', async () => {
  const { result, line, trace } = await start({ kind: 'none' }).answerWith({});
  expect(result).toMatchObject({ code: 'authenticate.proof_failed' });
  const evidence = { detail: 'nothing waits for this proof' };
  expect(line).toEqual({ stage: 'authenticate', rule: 'own_proof', answer: 'refuse', evidence });
  expect(trace.subject).toEqual({ email: DANA, userId: 'auth0|dana' });
});

describe('five tries', () => {
  test('are counted for the proof itself: the fifth that does not fit ends it', async () => {
    const { answerWith } = start();
    const results: unknown[] = [];
    for (let time = 0; time < 4; time += 1) results.push((await answerWith({ typed: '000000' })).result);
    expect(results).toEqual([again(4), again(3), again(2), again(1)]);
    const { result, line } = await answerWith({ typed: '000000' });
    expect(result).toMatchObject({ kind: 'refused', code: 'authenticate.proof_failed' });
    expect(line?.evidence).toMatchObject({ detail: 'the last try did not fit', limit: 'for_this_one', most: 5 });
  });

  test('are all there are: the right code is none after them', async () => {
    const { answerWith } = start();
    for (let time = 0; time < 5; time += 1) await answerWith({ typed: '000000' });
    const { result, line } = await answerWith({});
    expect(result).toMatchObject({ kind: 'refused', code: 'authenticate.proof_failed' });
    expect(line?.evidence).toMatchObject({ limit: 'for_this_one', most: 5 });
  });

  test('of one proof are not those of another', async () => {
    const { answerWith } = start();
    for (let time = 0; time < 5; time += 1) await answerWith({ typed: '000000' });
    const { result } = await answerWith({ pending: pendingOf({ id: 'p2' }) });
    expect(result).toMatchObject({ ownProof: { by: 'code' } });
  });
});
