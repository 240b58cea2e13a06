/** Port: organizations, the connections they enabled, their discovery domains. */
import type { CheckProblem, DomainProof, ProofVerdict } from '../../domain/companies/domain-proof.js';
import type { Organization, Strategy } from '../../domain/tenant.js';
import type { RecordOf } from '../../management/api/fields.js';
import type { DomainSettings } from '../../management/discovery-domains/fields.js';
import type { EnablementSettings } from '../../management/enabled-connections/fields.js';
import type { ORGANIZATION_FIELDS } from '../../management/organizations/fields.js';
import type { ClientRecord } from './clients.js';
import type { Page, PageRequest } from './page.js';

type Settings = RecordOf<typeof ORGANIZATION_FIELDS>;

export interface OrganizationRecord extends Organization, Settings {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Auth0's `token_quota`, as it was sent. */
  readonly tokenQuota?: Readonly<Record<string, unknown>> | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type OrganizationChanges = Partial<
  Settings & Pick<OrganizationRecord, 'branding' | 'metadata' | 'tokenQuota'>
> & {
  readonly updatedAt: Date;
};

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
  /** How the domain was proved. Counts only while the domain's status is `verified` and the proof has not expired. */
  readonly proof: DomainProof;
  /** Why the last check did not find the DNS record; undefined if it did, or if there was no check. */
  readonly problem: CheckProblem | undefined;
  readonly createdAt: Date;
}

/** The new state of a domain: proved by an operator, proved by a DNS record, or not proved any more. */
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

/**
 * A lease for one check of a domain's DNS record. `attempts` changes with each lease and each new state of the domain,
 * so an outdated check can be recognized.
 */
export interface LookLease {
  readonly organizationId: string;
  readonly id: string;
  readonly attempts: number;
}

/** An organization that has added a connection, which may be enabled or disabled there. */
export interface OrganizationUse extends Pick<OrganizationRecord, 'id' | 'name' | 'displayName'> {
  readonly isEnabled: boolean;
}

/** The first organizations that use a connection, and how many there are. */
export interface FirstUses {
  readonly connectionId: string;
  readonly organizations: readonly OrganizationUse[];
  /** Number of organizations; counting stops at a limit. */
  readonly total: number;
}

/** An application in the list of an organization, with the application itself. */
export interface OrganizationClientRecord {
  readonly client: ClientRecord;
  /** True if members sign in through it once the organization limits its applications. */
  readonly forMembers: boolean;
  readonly createdAt: Date;
}

export interface OrganizationFilter {
  /** Prefix of the shown name: the display name, or the name if there is none. Ignores case. */
  readonly startsWith?: string | undefined;
}

export interface OrganizationDirectory {
  /** Lists by age unless `sortBy` names another order. A cursor has a `text` only in lists ordered by a text. */
  list(
    page: PageRequest,
    filter?: OrganizationFilter & { readonly sortBy?: 'name' | 'displayName' | undefined },
  ): Promise<Page<OrganizationRecord>>;
  find(id: string): Promise<OrganizationRecord | undefined>;
  findByName(name: string): Promise<OrganizationRecord | undefined>;
  create(organization: OrganizationRecord): Promise<void>;
  update(id: string, changes: OrganizationChanges): Promise<OrganizationRecord | undefined>;
  delete(id: string): Promise<boolean>;
  /** Finds an organization that asks for a second factor and accepts none of `factors`; returns its name. */
  findWithoutFactor(factors: readonly string[]): Promise<string | undefined>;

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
  /**
   * Lists at most two of the organizations that have the connection, enabled or disabled: enough to tell whether only
   * one has it.
   */
  listOrganizationsOf(connectionId: string): Promise<readonly string[]>;
  /** Returns those of `connectionIds` that some organization has enabled now. */
  listServing(connectionIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Lists the organizations of a connection, in the order in which they added it. */
  listUses(connectionId: string, page: PageRequest): Promise<Page<OrganizationUse>>;
  /**
   * Returns for each existing connection the first `shown` of its organizations, and their number, counted up to
   * `counted`.
   */
  findFirstUses(
    connectionIds: readonly string[],
    most: { readonly shown: number; readonly counted: number },
  ): Promise<readonly FirstUses[]>;

  listClients(organizationId: string, page: PageRequest): Promise<Page<OrganizationClientRecord>>;
  findClient(organizationId: string, clientId: string): Promise<OrganizationClientRecord | undefined>;
  /**
   * Adds applications to the list of an organization. Returns false, and adds none, if it would then have more than
   * `most`. Throws {@link Conflict} for one that is listed already.
   */
  addClients(
    organizationId: string,
    clients: readonly { readonly clientId: string; readonly forMembers: boolean }[],
    most: number,
    at: Date,
  ): Promise<boolean>;
  updateClient(organizationId: string, clientId: string, forMembers: boolean): Promise<void>;
  removeClients(organizationId: string, clientIds: readonly string[]): Promise<void>;
  /** Returns for those of `organizationIds` that list the application whether members sign in through it. */
  findClientIn(organizationIds: readonly string[], clientId: string): Promise<ReadonlyMap<string, boolean>>;
  /**
   * Gives all connections of an organization a new revision, so that each login in progress decides again. To be
   * called before the write that closes the organization to an application: logins lock in this order.
   */
  renewEnablements(organizationId: string, revision: string): Promise<void>;

  /** Lists the domains that the organization has proved by DNS and whose proof has not expired at `at`. */
  listProvedByDns(organizationId: string, at: Date): Promise<readonly string[]>;
  /** Counts its domains, and those of them that are not verified. */
  countDomains(organizationId: string): Promise<{ readonly pending: number; readonly all: number }>;
  listDomains(organizationId: string, page: PageRequest): Promise<Page<DomainRecord>>;
  findDomain(organizationId: string, id: string): Promise<DomainRecord | undefined>;
  findDomainByName(organizationId: string, domain: string): Promise<DomainRecord | undefined>;
  /** True when another organization has proved `domain`, and the proof has not expired at `at`. */
  isProvedElsewhere(organizationId: string, domain: string, at: Date): Promise<boolean>;
  /**
   * Sets `domain` to `pending` at other organizations whose proof of it expired before `at`, if no node has noticed
   * yet. Returns these organizations.
   */
  endStaleProofs(organizationId: string, domain: string, at: Date): Promise<readonly string[]>;
  createDomain(domain: DomainRecord): Promise<void>;
  updateDomain(
    organizationId: string,
    id: string,
    changes: { readonly useForDiscovery?: boolean; readonly state?: DomainState },
  ): Promise<DomainRecord | undefined>;
  /** Records, for people to see, that a check did not find the record of a domain; changes no proof. */
  noteProblem(organizationId: string, id: string, problem: CheckProblem): Promise<void>;
  /** Stores the result of a check at `at`. False, and nothing stored, when the domain has changed since the lease. */
  settleLook(lease: LookLease, verdict: ProofVerdict, at: Date): Promise<boolean>;
  deleteDomain(organizationId: string, id: string): Promise<boolean>;
}
