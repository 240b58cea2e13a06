/** Port: organizations, the connections they enabled, their discovery domains. */
import type { CheckProblem, DomainProof, ProofVerdict } from '../../domain/companies/domain-proof.js';
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
  /** How it was proved; counts only while the domain is verified and the proof has not ended. */
  readonly proof: DomainProof;
  /** The finding of the last look at its record, if it was not the record. */
  readonly problem: CheckProblem | undefined;
  readonly createdAt: Date;
}

/** A new state of a domain: an operator's word, a record that was seen, or none of them any more. */
export type DomainState =
  | { readonly status: 'pending' }
  | { readonly status: 'verified'; readonly by: 'operator'; readonly at: Date }
  | {
      readonly status: 'verified';
      readonly by: 'dns';
      readonly at: Date;
      readonly expiresAt: Date;
      readonly nextLookAt: Date;
    };

/** A lease of a look at a record: a proof that changed since then has another number. */
export interface LookLease {
  readonly organizationId: string;
  readonly id: string;
  readonly attempts: number;
}

/** An organization that has a connection, switched off or not. */
export interface OrganizationUse extends Pick<OrganizationRecord, 'id' | 'name' | 'displayName'> {
  readonly isEnabled: boolean;
}

/** The organizations of a connection, in brief. */
export interface FirstUses {
  readonly connectionId: string;
  readonly organizations: readonly OrganizationUse[];
  /** At most the number up to which was counted. */
  readonly total: number;
}

export interface OrganizationFilter {
  /** The beginning of the name that is shown: the display name, or the name where there is none. The case of letters does not count. */
  readonly startsWith?: string | undefined;
}

export interface OrganizationDirectory {
  /** By age unless `sortBy` names another order. A cursor has a `text` only where the list is ordered by a text. */
  list(
    page: PageRequest,
    filter?: OrganizationFilter & { readonly sortBy?: 'name' | 'displayName' | undefined },
  ): Promise<Page<OrganizationRecord>>;
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
  /** Those of the connections that are enabled for some organization now. */
  listServing(connectionIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The organizations of a connection, in the order in which they took it. */
  listUses(connectionId: string, page: PageRequest): Promise<Page<OrganizationUse>>;
  /** For each of these connections that exists: the first `shown` of its organizations, and their number, counted up to `counted`. */
  findFirstUses(
    connectionIds: readonly string[],
    most: { readonly shown: number; readonly counted: number },
  ): Promise<readonly FirstUses[]>;

  listDomains(organizationId: string, page: PageRequest): Promise<Page<DomainRecord>>;
  findDomain(organizationId: string, id: string): Promise<DomainRecord | undefined>;
  findDomainByName(organizationId: string, domain: string): Promise<DomainRecord | undefined>;
  /** True when an organization other than this one has proved `domain`, and the proof has not ended at `at`. */
  isProvedElsewhere(organizationId: string, domain: string, at: Date): Promise<boolean>;
  /**
   * Makes domains of other organizations pending whose proof of `domain` ended before `at` and that no node has looked at since. Returns
   * these organizations.
   */
  endStaleProofs(organizationId: string, domain: string, at: Date): Promise<readonly string[]>;
  createDomain(domain: DomainRecord): Promise<void>;
  updateDomain(
    organizationId: string,
    id: string,
    changes: { readonly useForDiscovery?: boolean; readonly state?: DomainState },
  ): Promise<DomainRecord | undefined>;
  /** Notes that a look did not find the record of a domain, for people to see; changes no proof. */
  noteProblem(organizationId: string, id: string, problem: CheckProblem): Promise<void>;
  /** Stores what follows from a look at `at`. False, and nothing stored, when the domain is no longer as it was at the lease. */
  settleLook(lease: LookLease, verdict: ProofVerdict, at: Date): Promise<boolean>;
  deleteDomain(organizationId: string, id: string): Promise<boolean>;
}
