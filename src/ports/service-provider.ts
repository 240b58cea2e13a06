/**
 * Port: this server as a SAML service provider, beyond what every connector does: its key pair, its metadata, and answers that nobody asked
 * for. Contract: test/connectors/saml.
 */
import type { Connection } from '../domain/tenant.js';
import type { CallbackInput, ConnectorFailure } from './connector.js';

/** A key pair with a self-signed certificate around it. */
export interface ServiceProviderKey {
  /** PEM, PKCS #8. */
  readonly privatePem: string;
  /** PEM. */
  readonly certificate: string;
}

export interface ServiceProviderKeyStore {
  /** The tenant's key pair, if there is one. A login asks this way: it writes nothing. */
  findKey(): Promise<ServiceProviderKey | undefined>;
  /** The tenant's key pair; where there is none yet, the one from `make` is stored first. Two nodes that ask at once get the same. */
  ensureKey(make: () => Promise<ServiceProviderKey & { readonly createdAt: Date }>): Promise<ServiceProviderKey>;
}

/** A verified answer that nobody asked for. It says where the person wants to go, and signs nobody in (ADR 0053). */
export interface Unsolicited {
  readonly ok: true;
  /** Auth0's `idpinitiated`: the application to which the person goes. */
  readonly clientId: string;
  /** The query for the application, as it was written. */
  readonly query: Readonly<Record<string, string>>;
}

export interface ServiceProvider {
  /** The metadata document (XML) that an IdP's administrator takes over; it does not wait for the IdP's own. */
  toMetadata(connection: Connection, redirectUri: string): Promise<string>;
  /** Verifies an answer that belongs to no login. A failure `saml.unsolicited` where the connection does not take any. */
  finishUnsolicited(
    connection: Connection,
    redirectUri: string,
    input: CallbackInput,
  ): Promise<Unsolicited | ConnectorFailure>;
}

/** The SAML connection of a name, or undefined where there is none. */
export type FindServiceProvider = (
  name: string,
) => Promise<{ readonly connection: Connection; readonly provider: ServiceProvider } | undefined>;
