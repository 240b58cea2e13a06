/**
 * The service provider's own key pair: it signs requests and opens encrypted assertions. Made at the first need, kept sealed by the store,
 * and the same for all connections that bring no key of their own. Its certificate proves nothing; an IdP pins it.
 */
import { assert } from '../../kernel/assert.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import { newSelfSignedPair } from '../../kernel/self-signed.js';
import type { ServiceProviderKey, ServiceProviderKeyStore } from '../../ports/service-provider.js';
import type { KeyPair } from './pem.js';

const DAY_MS = 86_400_000;
/** Ten years: a new certificate has to be taken over by the administrators of all IdPs. */
const LIFETIME_MS = 3650 * DAY_MS;

export interface OwnKey {
  /** The key pair, if there is one. */
  find(): Promise<KeyPair | undefined>;
  /** The key pair, made if there is none: for an administrator's request, or for a connection that has requests signed. */
  ensure(): Promise<KeyPair>;
}

/** The tenant's key pair; the store is asked until it has one. */
export function createOwnKey(
  store: ServiceProviderKeyStore,
  commonName: string,
  clock: Clock,
  entropy: Entropy,
): OwnKey {
  const make = async () => {
    const createdAt = clock.now();
    const pair = await newSelfSignedPair(entropy, {
      commonName,
      notBefore: new Date(createdAt.getTime() - DAY_MS),
      notAfter: new Date(createdAt.getTime() + LIFETIME_MS),
    });
    return { ...pair, createdAt };
  };
  let known: KeyPair | undefined;
  const keep = (found: ServiceProviderKey | undefined) => {
    known ??= found && { key: found.privatePem, cert: found.certificate };
    return known;
  };
  return {
    find: async () => known ?? keep(await store.findKey()),
    async ensure() {
      const made = known ?? keep(await store.ensureKey(make));
      assert(made !== undefined, 'the store gives a key pair');
      return made;
    },
  };
}
