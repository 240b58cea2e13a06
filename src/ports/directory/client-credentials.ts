/**
 * Port: the public keys of applications, for private_key_jwt. The application's settings ({@link ClientRecord}) say
 * which of them may be used.
 */
import type { ClientKey } from '../../domain/client-key.js';

export interface ClientCredential extends ClientKey {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the certificate; undefined if the key came without one. */
  readonly thumbprint: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ClientCredentialDirectory {
  /** Lists all credentials of one application, oldest first. */
  list(clientId: string): Promise<readonly ClientCredential[]>;
  find(clientId: string, id: string): Promise<ClientCredential | undefined>;
  /** Creates a credential. Throws {@link Conflict} when the application has a key with the same `kid`. */
  create(clientId: string, credential: ClientCredential): Promise<void>;
  /** Sets when a credential expires and returns it; undefined when there is no such credential. */
  setExpiry(clientId: string, id: string, expiresAt: Date | undefined, at: Date): Promise<ClientCredential | undefined>;
  delete(clientId: string, id: string): Promise<void>;
}
