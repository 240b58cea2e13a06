/**
 * Attack: somebody finds a security key that holds a passkey, and signs in without its PIN. As the first proof a passkey
 * replaces the password too, so the check of the answer is asked for a person that the authenticator has verified.
 */
import { expect, test } from 'vitest';
import type { WebAuthnCredential } from '../../src/domain/factors/factor.js';
import { type PasskeyDeps, provePasskey } from '../../src/login/passkey.js';
import type { Identified } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import type { FactorChecks, WebAuthnAnswer } from '../../src/ports/factor-checks.js';
import { countersInMemory } from '../support/attempts-in-memory.js';
import { AT, attemptOf, authenticatedOf, databaseOf } from '../support/login-facts.js';

const GIVEN = { kind: 'passkey', response: 'answer of the key', challenge: 'challenge of this login' } as const;
const CREDENTIAL: WebAuthnCredential = {
  ...{ id: 'key-1', publicKey: new Uint8Array(), signCount: 1, userHandle: 'handle', transports: ['usb'] },
  ...{ deviceType: 'singleDevice', backedUp: false, rpId: 'login.example', aaguid: '', userVerified: true },
};

function identifiedOf(): Identified {
  const database = databaseOf();
  const options = { authentication_methods: { passkey: { enabled: true } } };
  return { ...authenticatedOf(), connections: [{ ...database, connection: { ...database.connection, options } }] };
}

/** Proves the account by an answer of a key that did or did not verify the person, as the stub of the checks says. */
async function prove({ isVerified }: { readonly isVerified: boolean }) {
  const asked: { answer: WebAuthnAnswer; credential: unknown; isDiscovered: boolean }[] = [];
  const checks: Pick<FactorChecks, 'credentialIdOf' | 'assert'> = {
    credentialIdOf: () => CREDENTIAL.id,
    assert: async (answer, credential, { isDiscovered }) => {
      asked.push({ answer, credential, isDiscovered });
      return answer.mustVerify && !isVerified
        ? { ok: false, detail: 'the person was not verified' }
        : { ok: true, signCount: 2, backedUp: false, userVerified: isVerified };
    },
  };
  const deps: PasskeyDeps = {
    attempts: countersInMemory(),
    factorChecks: checks as FactorChecks,
    reads: {
      findPasskey: async () => ({
        ...{ userId: 'auth0|dana', revision: 3, connectionId: 'con_db' },
        factor: { id: 'passkey|dev_1', kind: 'passkey', credential: CREDENTIAL },
      }),
      findFactors: () => Promise.reject(new Error('a first proof reads no other factor')),
    },
  };
  const attempt = { ...attemptOf(), credential: GIVEN };
  return { proof: await provePasskey(attempt, identifiedOf(), deps, newTrace()), asked };
}

test('an answer of a key that did not verify the person proves nothing', async () => {
  const { proof } = await prove({ isVerified: false });
  expect(proof).toMatchObject({ code: 'authenticate.passkey_failed', detail: 'the person was not verified' });
});

test('the check gets the challenge of this login, and demands the person and the account', async () => {
  const { proof, asked } = await prove({ isVerified: true });
  const { response, challenge } = GIVEN;
  const answer = { response, challenge, mustVerify: true };
  expect(asked).toEqual([{ answer, credential: CREDENTIAL, isDiscovered: true }]);
  const passed = { id: 'passkey|dev_1', kind: 'passkey', at: AT.getTime(), signCount: 2, revision: 3 };
  expect(proof).toMatchObject({ kind: 'account', userId: 'auth0|dana', by: 'passkey', passkey: passed });
});
