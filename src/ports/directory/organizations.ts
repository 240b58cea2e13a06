/** Port: organizations, the connections they enabled, their discovery domains. */
import type { Organization, Strategy } from '../../domain/tenant.js';
import type { DomainSettings } from '../../management/discovery-domains/fields.js';
import type { EnablementSettings } from '../../management/enabled-connections/fields.js';
import type { Page, PageRequest } from './page.js';

export interface OrganizationRecord extends Organization {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type OrganizationChanges = Partial<
  Pick<OrganizationRecord, 'name' | 'displayName' | 'branding' | 'metadata' | 'blocked'>
> & { readonly updatedAt: Date };

export interface EnablementRecord extends EnablementSettings {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly strategy: Strategy;
  readonly createdAt: Date;
}

export interface DomainRecord extends DomainSettings {
  readonly id: string;
  readonly organizationId: string;
  readonly domain: string;
  readonly verificationTxt: string;
  readonly verifiedAt: Date | undefined;
  readonly createdAt: Date;
}

export interface OrganizationDirectory {
  /** By age unless `sortBy` names another order. A cursor has a `text` only where the list is ordered by a text. */
  list(page: PageRequest, sortBy?: 'name' | 'displayName'): Promise<Page<OrganizationRecord>>;
  find(id: string): Promise<OrganizationRecord | undefined>;
  findByName(name: string): Promise<OrganizationRecord | undefined>;
  create(organization: OrganizationRecord): Promise<void>;
  update(id: string, changes: OrganizationChanges): Promise<OrganizationRecord | undefined>;
  delete(id: string): Promise<boolean>;

  listEnablements(
    organizationId: string,
    filter: { readonly isEnabled?: boolean },
    page: PageRequest,
  ): Promise<Page<EnablementRecord>>;
  findEnablement(organizationId: string, connectionId: string): Promise<EnablementRecord | undefined>;
  enable(
    organizationId: string,
    connectionId: string,
    settings: EnablementSettings,
    revision: string,
    at: Date,
  ): Promise<void>;
  updateEnablement(
    organizationId: string,
    connectionId: string,
    changes: Partial<EnablementSettings>,
    revision: string,
  ): Promise<EnablementRecord | undefined>;
  disable(organizationId: string, connectionId: string): Promise<boolean>;
  /** Two at most of the organizations that enabled it or switched it off: enough to tell whether it is one's alone. */
  listOrganizationsOf(connectionId: string): Promise<readonly string[]>;

  listDomains(organizationId: string, page: PageRequest): Promise<Page<DomainRecord>>;
  findDomain(organizationId: string, id: string): Promise<DomainRecord | undefined>;
  findDomainByName(organizationId: string, domain: string): Promise<DomainRecord | undefined>;
  /** True when an organization other than this one has proved `domain`. */
  isProvedElsewhere(organizationId: string, domain: string): Promise<boolean>;
  createDomain(domain: DomainRecord): Promise<void>;
  updateDomain(
    organizationId: string,
    id: string,
    changes: Partial<Pick<DomainRecord, 'status' | 'useForDiscovery' | 'verifiedAt'>>,
  ): Promise<DomainRecord | undefined>;
  deleteDomain(organizationId: string, id: string): Promise<boolean>;
}
