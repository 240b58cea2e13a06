/**
 * Port: the keys of connections to identity providers (private_key_jwt). Management begins and rotates them, the connector signs with the
 * current one, and anybody may read the published ones. A private half leaves the store for the connector alone.
 */
import type { ConnectionKeyAlgorithm, ConnectionKeyTurn } from '../domain/companies/connection-key.js';

export interface NewConnectionKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly algorithm: ConnectionKeyAlgorithm;
  /** Self-signed, PEM. It proves nothing; the provider's administrator takes it over. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privatePem: string;
}

export interface ConnectionKey extends Omit<NewConnectionKey, 'privatePem'> {
  readonly turn: ConnectionKeyTurn;
  /** Undefined for the next one. */
  readonly currentSince: Date | undefined;
  /** Of the previous one. */
  readonly currentUntil: Date | undefined;
}

/** To be called with the connection's row locked. */
export interface ConnectionKeyDirectory {
  /** At most three: next, current, previous. */
  list(connectionId: string): Promise<readonly ConnectionKey[]>;
  /** The first two. False, and nothing is written, where the connection has keys. */
  begin(connectionId: string, keys: FirstKeys, at: Date): Promise<boolean>;
  /** Takes all of them away permanently. False where there are none. */
  end(connectionId: string): Promise<boolean>;
  /** The next one becomes the current one, that one the previous one, and `next` waits. False where there are none. */
  rotate(connectionId: string, next: NewConnectionKey, at: Date): Promise<boolean>;
}

export interface FirstKeys {
  readonly current: NewConnectionKey;
  readonly next: NewConnectionKey;
}

export interface ConnectionKeySource {
  /** The key that signs now; undefined where the connection has none. Throws Fault when the store fails. */
  findCurrent(connectionId: string): Promise<Omit<NewConnectionKey, 'certificate'> | undefined>;
}

/** The current and the next key of the connection of a name; empty where there is no such connection, or it has none. */
export type FindPublishedKeys = (name: string) => Promise<readonly Omit<NewConnectionKey, 'privatePem'>[]>;

/** Makes a key pair. Takes up to a second, so it is called before a transaction. */
export type MakeConnectionKey = (algorithm: ConnectionKeyAlgorithm) => Promise<NewConnectionKey>;
