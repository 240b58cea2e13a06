/**
 * Port: the keys of connections to identity providers (private_key_jwt). Management creates and rotates them, the
 * connector signs with the current one, and anybody may read the published ones. Only the connector gets a private half
 * from the store.
 */
import type { ConnectionKeyAlgorithm, ConnectionKeyTurn } from '../domain/companies/connection-key.js';

export interface NewConnectionKey {
  /** The key's id: its RFC 7638 thumbprint. */
  readonly kid: string;
  readonly algorithm: ConnectionKeyAlgorithm;
  /** Self-signed certificate of the key, PEM. It proves nothing; the provider's administrator imports it. */
  readonly certificate: string;
  /** The private key: PEM, PKCS #8. */
  readonly privatePem: string;
}

export interface ConnectionKey extends Omit<NewConnectionKey, 'privatePem'> {
  readonly turn: ConnectionKeyTurn;
  /** When the key became the current one; undefined for the next key. */
  readonly currentSince: Date | undefined;
  /** When the key stopped being the current one; only the previous key has this time. */
  readonly currentUntil: Date | undefined;
}

/** The keys of one connection. The caller has locked the connection's row. */
export interface ConnectionKeyDirectory {
  /** Lists the connection's keys, at most three: next, current, previous. */
  list(connectionId: string): Promise<readonly ConnectionKey[]>;
  /** Stores the first two keys. Returns false and writes nothing when the connection has keys already. */
  begin(connectionId: string, keys: FirstKeys, at: Date): Promise<boolean>;
  /** Deletes all keys of the connection permanently. Returns false if there was none. */
  end(connectionId: string): Promise<boolean>;
  /**
   * Makes the next key the current one, the current key the previous one, and stores `next`. Returns false without
   * keys.
   */
  rotate(connectionId: string, next: NewConnectionKey, at: Date): Promise<boolean>;
}

export interface FirstKeys {
  readonly current: NewConnectionKey;
  readonly next: NewConnectionKey;
}

export interface ConnectionKeySource {
  /** Finds the key that signs now; undefined when the connection has none. Throws Fault when the store fails. */
  findCurrent(connectionId: string): Promise<Omit<NewConnectionKey, 'certificate'> | undefined>;
}

/**
 * Finds the current and the next key of the connection with this name; empty when there is no such connection, or it
 * has no keys.
 */
export type FindPublishedKeys = (name: string) => Promise<readonly Omit<NewConnectionKey, 'privatePem'>[]>;

/** Makes a key pair. Takes up to a second: call it before a transaction. */
export type MakeConnectionKey = (algorithm: ConnectionKeyAlgorithm) => Promise<NewConnectionKey>;
