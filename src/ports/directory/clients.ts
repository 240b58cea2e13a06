/** Port: applications. */
import type { ClientSettings } from '../../management/clients/fields.js';
import type { Page, PageRequest } from './page.js';

export interface ClientRecord extends ClientSettings {
  readonly clientId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Settings that are stored and returned but have no effect here. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ClientFilter {
  /** Prefix of the shown name; the list is then in the order of these names. */
  readonly startsWith?: string;
  readonly isGlobal?: boolean;
  readonly isFirstParty?: boolean;
  readonly appTypes?: readonly string[];
}

export type ClientChanges = Partial<Omit<ClientRecord, 'clientId' | 'createdAt'>>;

export interface ClientDirectory {
  list(filter: ClientFilter, page: PageRequest): Promise<Page<ClientRecord>>;
  find(clientId: string): Promise<ClientRecord | undefined>;
  /** Finds the client and locks it until the transaction is over, for changes that depend on the old value. */
  findForUpdate(clientId: string): Promise<ClientRecord | undefined>;
  /** Returns the members of `clientIds` that exist. */
  findExisting(clientIds: readonly string[]): Promise<readonly string[]>;
  /** Finds a client's secret in plain text, for callers that may read it. */
  findSecret(clientId: string): Promise<string | undefined>;
  create(client: ClientRecord, secret: string | undefined): Promise<void>;
  update(clientId: string, changes: ClientChanges): Promise<ClientRecord | undefined>;
  /** Replaces the secret (undefined removes it). False when there is no such client. */
  replaceSecret(clientId: string, secret: string | undefined, at: Date): Promise<boolean>;
  delete(clientId: string): Promise<boolean>;
}
