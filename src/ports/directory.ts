/**
 * Port: the data that an administrator reads and writes. One small interface per resource (see directory/); in this
 * server's own terms, not Auth0's. Writes throw {@link Conflict} when an object with that name exists already and
 * {@link MissingReference} when they refer to an object that does not exist. Nothing here decides about logins.
 */
import type { ActionJobQueue } from './action-jobs.js';
import type { ConnectionKeyDirectory } from './connection-keys.js';
import type { AccessDirectory } from './directory/access.js';
import type { ActionModuleDirectory } from './directory/action-modules.js';
import type { ActionDirectory } from './directory/actions.js';
import type { BrandingDirectory } from './directory/branding.js';
import type { ClientCredentialDirectory } from './directory/client-credentials.js';
import type { ClientDirectory } from './directory/clients.js';
import type { ConnectionDirectory } from './directory/connections.js';
import type { EmailDirectory } from './directory/emails.js';
import type { FactorDirectory } from './directory/factors.js';
import type { InvitationDirectory } from './directory/invitations.js';
import type { LogStreamDirectory } from './directory/log-streams.js';
import type { LogDirectory } from './directory/logs.js';
import type { MemberDirectory } from './directory/members.js';
import type { MyOrganizationDirectory } from './directory/my-organization.js';
import type { OneTimeKeys } from './directory/one-time-keys.js';
import type { OperatorDirectory } from './directory/operators.js';
import type { OrganizationDirectory } from './directory/organizations.js';
import type { PeopleDirectory } from './directory/people.js';
import type { PermissionDirectory } from './directory/permissions.js';
import type { ProfileDirectory } from './directory/profiles.js';
import type { RowLockDirectory } from './directory/row-locks.js';
import type { ScimDirectory } from './directory/scim.js';
import type { SelfServiceDirectory } from './directory/self-service.js';
import type { SessionDirectory } from './directory/sessions.js';
import type { TenantDirectory } from './directory/tenant.js';
import type { UserExportDirectory } from './directory/user-exports.js';
import type { UserImportDirectory } from './directory/user-imports.js';
import type { UserDirectory } from './directory/users.js';
import type { Ledger } from './ledger.js';
import type { Outbox } from './mailer.js';
import type { SigningKeyDirectory } from './signing-key-store.js';

export type { Cursor, Page, PageRequest } from './directory/page.js';

export interface Directory {
  readonly tenant: TenantDirectory;
  readonly branding: BrandingDirectory;
  readonly clients: ClientDirectory;
  readonly clientCredentials: ClientCredentialDirectory;
  readonly connections: ConnectionDirectory;
  readonly connectionKeys: ConnectionKeyDirectory;
  readonly organizations: OrganizationDirectory;
  readonly members: MemberDirectory;
  readonly people: PeopleDirectory;
  readonly permissions: PermissionDirectory;
  readonly operators: OperatorDirectory;
  readonly myOrganization: MyOrganizationDirectory;
  readonly sessions: SessionDirectory;
  readonly invitations: InvitationDirectory;
  readonly users: UserDirectory;
  readonly factors: FactorDirectory;
  readonly access: AccessDirectory;
  readonly actions: ActionDirectory;
  readonly actionModules: ActionModuleDirectory;
  readonly logs: LogDirectory;
  readonly logStreams: LogStreamDirectory;
  /** Appends in the transaction of this directory: a write and its log line are both stored or neither. */
  readonly ledger: Ledger;
  /** Queues mail in the transaction of this directory: an invitation and its mail are both stored or neither. */
  readonly outbox: Outbox;
  /**
   * Stores jobs for Actions in the transaction of this directory: an account and its job are both stored or neither.
   */
  readonly jobs: ActionJobQueue;
  readonly emails: EmailDirectory;
  readonly imports: UserImportDirectory;
  readonly exports: UserExportDirectory;
  readonly scim: ScimDirectory;
  readonly selfService: SelfServiceDirectory;
  readonly profiles: ProfileDirectory;
  readonly signingKeys: SigningKeyDirectory;
  readonly locks: RowLockDirectory;
  readonly oneTimeKeys: OneTimeKeys;
}

export interface DirectoryStore extends Directory {
  /**
   * Runs `work` in one transaction: all of its writes or none. Any thrown error rolls back. May run `work` again after
   * a deadlock, so `work` writes only through its directory and has no other effects.
   */
  transaction<T>(work: (directory: Directory) => Promise<T>): Promise<T>;
}

/** Thrown when a write would give two rows the same unique value. */
export class Conflict extends Error {
  override name = 'Conflict';
  constructor(
    /** The violated unique key, as the storage names it (`organizations_name_key`). */
    readonly key: string,
    options?: { cause?: unknown },
  ) {
    super(`conflicts with ${key}`, options);
  }
}

/** Thrown when a write refers to a row that does not exist, or no longer exists. */
export class MissingReference extends Error {
  override name = 'MissingReference';
  constructor(
    readonly key: string,
    options?: { cause?: unknown },
  ) {
    super(`nothing there for ${key}`, options);
  }
}

/** Thrown for a value that the store cannot hold (a number out of range, a text with a NUL). */
export class UnstorableValue extends Error {
  override name = 'UnstorableValue';
}
