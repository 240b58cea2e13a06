/** Port: connections, and the clients that may use them. */
import type { Strategy } from '../../domain/tenant.js';
import type { Page, PageRequest } from './page.js';

export interface ConnectionRecord {
  readonly id: string;
  readonly name: string;
  readonly strategy: Strategy;
  readonly displayName: string | undefined;
  /** The connection's options without secrets. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Domains of e-mail addresses that are routed to this connection, as canonical A-labels. */
  readonly domainAliases: readonly string[];
  readonly showAsButton: boolean;
  readonly isDomainConnection: boolean;
  /**
   * True when nobody may sign in by this connection without naming an organization. Set by the first organization that
   * enables it, and cleared only by an operator.
   */
  readonly needsOrganization: boolean;
  /**
   * The organization whose administrators made this connection and change it (ADR 0102); undefined for a connection of
   * the operators. It stays after that organization is deleted, until an operator takes the connection over.
   */
  readonly managedByOrganization?: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly revision: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ConnectionFilter {
  /** Prefix of the shown name; the list is then in the order of these names. */
  readonly startsWith?: string;
  readonly strategies?: readonly string[];
  readonly name?: string;
  /** The application that may use the connection outside organizations. */
  readonly clientId?: string;
}

export type ConnectionChanges = Partial<Omit<ConnectionRecord, 'id' | 'name' | 'strategy' | 'createdAt'>>;

export interface ConnectionDirectory {
  list(filter: ConnectionFilter, page: PageRequest): Promise<Page<ConnectionRecord>>;
  find(id: string): Promise<ConnectionRecord | undefined>;
  /** Finds the connection and locks it until the transaction is over, for changes that depend on the old value. */
  findForUpdate(id: string): Promise<ConnectionRecord | undefined>;
  /** True when a secret among the connection's options is stored. */
  hasSecrets(id: string): Promise<boolean>;
  /** Counts the connections that an organization made, those that it detached too. */
  countManagedBy(organizationId: string): Promise<number>;
  /** Finds the client secret that this server uses at the identity provider. Only for the API answer that shows it. */
  findClientSecret(id: string): Promise<string | undefined>;
  findByName(name: string): Promise<ConnectionRecord | undefined>;
  create(connection: ConnectionRecord, secrets: Readonly<Record<string, string>>): Promise<void>;
  /** Changes the connection. `secrets`: a text replaces, null deletes, absent keeps. */
  update(
    id: string,
    changes: ConnectionChanges,
    secrets: Readonly<Record<string, string | null>>,
  ): Promise<ConnectionRecord | undefined>;
  delete(id: string): Promise<boolean>;
  /** Lists the ids of clients that may use the connection, in order; at most `limit`, after the id `after`. */
  listClients(id: string, limit: number, after: string | undefined): Promise<readonly string[]>;
  listClientsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Sets the clients that may use the connection. `revision`: a new revision of the connection, which stops logins in
   * progress: those without an organization rely on the enabled clients.
   */
  setClients(
    id: string,
    changes: readonly { readonly clientId: string; readonly enabled: boolean }[],
    revision: string,
  ): Promise<void>;
  isEnabledForClient(id: string, clientId: string): Promise<boolean>;
}
