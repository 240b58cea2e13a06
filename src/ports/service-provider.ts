/**
 * Port: this server as a SAML service provider: its key pair, its metadata, and answers that no login asked for. Logins
 * use the connector instead. Contract: test/connectors/saml.
 */
import type { Connection } from '../domain/tenant.js';
import type { CallbackInput, ConnectorFailure } from './connector.js';

/** A key pair for SAML, with a self-signed certificate. */
export interface ServiceProviderKey {
  /** The private key: PEM, PKCS #8. */
  readonly privatePem: string;
  /** The certificate: PEM. */
  readonly certificate: string;
}

export interface ServiceProviderKeyStore {
  /** Finds the tenant's key pair. Used by logins: it writes nothing. */
  findKey(): Promise<ServiceProviderKey | undefined>;
  /**
   * Returns the tenant's key pair. If there is none, stores the pair from `make` first; two nodes that ask at once get
   * the same pair.
   */
  ensureKey(make: () => Promise<ServiceProviderKey & { readonly createdAt: Date }>): Promise<ServiceProviderKey>;
}

/**
 * A verified answer that no login asked for. It only tells to which application the person goes, and signs nobody in
 * (ADR 0053).
 */
export interface Unsolicited {
  readonly ok: true;
  /** The application to which the person is sent after an unsolicited answer (Auth0's `idpinitiated`). */
  readonly clientId: string;
  /** The query parameters for the application, as the administrator configured them. */
  readonly query: Readonly<Record<string, string>>;
}

export interface ServiceProvider {
  /** Returns the metadata document (XML) that an IdP's administrator imports; it does not depend on the IdP's own. */
  toMetadata(connection: Connection, redirectUri: string): Promise<string>;
  /** Verifies an answer that belongs to no login. Fails with `saml.unsolicited` when the connection accepts none. */
  finishUnsolicited(
    connection: Connection,
    redirectUri: string,
    input: CallbackInput,
  ): Promise<Unsolicited | ConnectorFailure>;
}

/** Finds the SAML connection with this name; undefined if there is none. */
export type FindServiceProvider = (
  name: string,
) => Promise<{ readonly connection: Connection; readonly provider: ServiceProvider } | undefined>;
