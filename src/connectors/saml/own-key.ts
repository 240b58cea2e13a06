/**
 * The service provider's own key pair: signs requests and decrypts assertions. Made at first need, stored sealed, and
 * shared by all connections without a key of their own. Its certificate proves nothing by itself; an IdP pins it.
 */
import { assert } from '../../kernel/assert.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import { newSelfSignedPair } from '../../kernel/self-signed.js';
import type { ServiceProviderKey, ServiceProviderKeyStore } from '../../ports/service-provider.js';
import type { KeyPair } from './pem.js';

const DAY_MS = 86_400_000;
/** Ten years: the administrators of all IdPs have to register a new certificate by hand. */
const LIFETIME_MS = 3650 * DAY_MS;

export interface OwnKey {
  /** Returns the tenant's key pair, if there is one. */
  find(): Promise<KeyPair | undefined>;
  /**
   * Returns the key pair, and makes it if there is none: for an administrator's request, or a connection with signed
   * requests.
   */
  ensure(): Promise<KeyPair>;
}

/** Creates access to the tenant's key pair. Reads the store until there is a pair, and then remembers it. */
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
