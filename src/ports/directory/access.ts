/** Port: resource servers (APIs), and the grants by which clients may request tokens for them. */
import type { GrantSettings } from '../../management/client-grants/fields.js';
import type { ResourceServerSettings } from '../../management/resource-servers/fields.js';
import type { OrganizationRecord } from './organizations.js';
import type { Page, PageRequest } from './page.js';

export interface ScopeRecord {
  readonly value: string;
  readonly description?: string;
}

export interface ResourceServerRecord extends ResourceServerSettings {
  readonly id: string;
  readonly identifier: string;
  readonly scopes: readonly ScopeRecord[];
  readonly isSystem: boolean;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

export interface ClientGrantRecord extends GrantSettings {
  readonly id: string;
  readonly clientId: string;
  readonly audience: string;
  readonly createdAt: Date;
}

export type ResourceServerChanges = Partial<Omit<ResourceServerRecord, 'id' | 'identifier' | 'createdAt'>>;
export type ClientGrantChanges = Partial<GrantSettings>;

export interface AccessDirectory {
  listResourceServers(
    filter: { readonly identifiers?: readonly string[] },
    page: PageRequest,
  ): Promise<Page<ResourceServerRecord>>;
  /** Finds a resource server by its id or its identifier. */
  findResourceServer(idOrIdentifier: string): Promise<ResourceServerRecord | undefined>;
  /** Finds the resource server and locks it until the transaction is over, for changes that depend on the old value. */
  findResourceServerForUpdate(idOrIdentifier: string): Promise<ResourceServerRecord | undefined>;
  /**
   * Finds the resource servers with these identifiers, and locks their scopes against changes until the transaction is
   * over. For writes that rely on a scope.
   */
  findResourceServersForScopes(identifiers: readonly string[]): Promise<readonly ResourceServerRecord[]>;
  createResourceServer(server: ResourceServerRecord): Promise<void>;
  /** Updates a resource server. Removes deleted scopes from the roles and people who have them, too. */
  updateResourceServer(id: string, changes: ResourceServerChanges): Promise<ResourceServerRecord | undefined>;
  deleteResourceServer(id: string): Promise<boolean>;
  /**
   * Lists the entries of the Management API under former addresses of this server: all system APIs except `identifier`.
   */
  listSystemServersBeside(identifier: string): Promise<readonly ResourceServerRecord[]>;
  /** Gives the resource server another identifier; its client grants and the refresh tokens for it follow. */
  renameResourceServer(server: Pick<ResourceServerRecord, 'id' | 'identifier'>, identifier: string): Promise<void>;

  listGrants(
    filter: {
      readonly clientId?: string;
      readonly audience?: string;
      readonly subjectType?: ClientGrantRecord['subjectType'];
      readonly allowAnyOrganization?: true;
    },
    page: PageRequest,
  ): Promise<Page<ClientGrantRecord>>;
  findGrant(id: string): Promise<ClientGrantRecord | undefined>;
  createGrant(grant: ClientGrantRecord): Promise<void>;
  updateGrant(id: string, changes: ClientGrantChanges): Promise<ClientGrantRecord | undefined>;
  deleteGrant(id: string): Promise<boolean>;
  /** Lists the grants of an organization, the oldest first. */
  listGrantsOfOrganization(
    organizationId: string,
    filter: { readonly clientId?: string; readonly audience?: string; readonly ids?: readonly string[] },
    page: PageRequest,
  ): Promise<Page<ClientGrantRecord>>;
  listOrganizationsOfGrant(grantId: string, page: PageRequest): Promise<Page<OrganizationRecord>>;
  /** Gives a client grant to an organization. Throws {@link Conflict} when the organization has it already. */
  giveGrant(organizationId: string, grantId: string, at: Date): Promise<void>;
  takeGrant(organizationId: string, grantId: string): Promise<void>;
  /**
   * Returns the scopes for which `clientId` could get a token of `audience` now: those of its grant. Undefined when it
   * could get none: the client or its grant is gone, or it may not request tokens for itself.
   */
  findUsableScopes(clientId: string, audience: string): Promise<readonly string[] | undefined>;
  /**
   * Lists the scopes in the grants of `clientIds` for `audience`, even of clients that could get no token now; leaves
   * out a client without a grant.
   */
  listGrantedScopes(clientIds: readonly string[], audience: string): Promise<ReadonlyMap<string, readonly string[]>>;
}
