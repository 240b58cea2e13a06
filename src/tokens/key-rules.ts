/**
 * The operations on signing keys that the Management API offers administrators: make, show, check whether one may be
 * deleted, reload. Shows each public key in a self-signed certificate. Stores nothing; signing-keys.ts has the rules.
 */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { addSeconds, type Clock } from '../kernel/clock.js';
import type { Entropy } from '../kernel/ids.js';
import { toSelfSigned } from '../kernel/self-signed.js';
import type { SigningKeyFact } from '../ports/key-keeper.js';
import type { KeyRules, ShownSigningKey } from '../ports/key-rules.js';
import type { StoredSigningKey } from '../ports/signing-key-store.js';
import { describeKeys, findEnd, isReplaceable, type KeyRing, makeSigningKey, PUBLISH_SECONDS } from './signing-keys.js';

/** Validity of the certificates: ten years. It does not limit how long the key is used. */
const CERTIFICATE_SECONDS = 315_360_000;
/** Maximum length of a common name (RFC 5280). */
const COMMON_NAME_LENGTH = 64;

const STATES: Readonly<Record<SigningKeyFact['state'], ShownSigningKey['state'] | undefined>> = {
  signs: 'current',
  published: 'next',
  known: 'previous',
  over: undefined,
};

/**
 * Returns the certificate of a key. It is always the same: everything in it is derived from the key, and RSA signatures
 * of PKCS #1 1.5 have no random part.
 */
function toCertificate(key: StoredSigningKey, host: string): string {
  const privateKey = createPrivateKey(key.privatePem);
  return toSelfSigned({
    privateKey,
    publicKey: createPublicKey(privateKey),
    commonName: host.slice(0, COMMON_NAME_LENGTH),
    notBefore: key.createdAt,
    notAfter: addSeconds(key.createdAt, CERTIFICATE_SECONDS),
    serial: createHash('sha256').update(key.kid).digest().subarray(0, 16),
  });
}

/** Creates the rules for signing keys. `ring` is the key set of this node. */
export function createKeyRules(deps: {
  readonly ring: Pick<KeyRing, 'reload'>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly origin: string;
}): KeyRules {
  const { hostname } = new URL(deps.origin);
  return {
    make: () => makeSigningKey(deps.clock, deps.entropy),
    show(keys, now) {
      const facts = new Map(describeKeys(keys, now).map((fact) => [fact.kid, fact]));
      return keys.flatMap((key, index) => {
        const state = STATES[facts.get(key.kid)?.state ?? 'over'];
        if (state === undefined) return [];
        return {
          kid: key.kid,
          certificate: toCertificate(key, hostname),
          state,
          // The first key began to sign when it was created; each later one had to be published for some time before.
          currentSince: index === 0 ? key.createdAt : addSeconds(key.createdAt, PUBLISH_SECONDS),
          currentUntil: findEnd(key, keys),
        };
      });
    },
    isReplaceable,
    reload: () => deps.ring.reload(),
  };
}
