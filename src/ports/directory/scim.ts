/**
 * Port: inbound SCIM of connections: how users are mapped, the tokens of companies' directories, and the people of a connection. The groups
 * are in scim-groups.ts.
 */
import type { ConnectionRecord } from './connections.js';
import type { Page, PageRequest } from './page.js';
import type { ScimGroupDirectory } from './scim-groups.js';
import type { ScimQuery, ScimScope } from './scim-query.js';
import type { IdentityRecord, UserRecord } from './users.js';

export type { ScimAttribute, ScimFilter, ScimQuery, ScimScope, ScimSortKey } from './scim-query.js';

/** One row of the mapping: the place in the SCIM user, and the place in the user. */
export interface ScimMappingItem {
  readonly scim?: string;
  readonly auth0?: string;
}

export interface ScimConfiguration {
  readonly connectionId: string;
  /** The SCIM attribute whose value is the subject that the identity provider will assert. */
  readonly userIdAttribute: string;
  /** Undefined: the default mapping. */
  readonly mapping: readonly ScimMappingItem[] | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ScimToken {
  readonly connectionId: string;
  readonly id: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  /** To the minute. */
  readonly lastUsedAt: Date | undefined;
}

export interface ScimTokenHolder {
  readonly connection: ConnectionRecord;
  readonly configuration: ScimConfiguration;
  readonly token: ScimToken;
  readonly hash: Buffer;
}

/** A user as RFC 7643 has it, without `id` and `meta`. */
export type ScimResource = Readonly<Record<string, unknown>>;

/** A person as the SCIM of one connection sees them: an identity at this connection, and the account that has it. */
export interface ScimPerson {
  /** Stays the same when the identity is linked to another account. */
  readonly scimId: string;
  readonly identity: Pick<
    IdentityRecord,
    | 'id'
    | 'connectionId'
    | 'status'
    | 'subject'
    | 'isPrimary'
    | 'profile'
    | 'scim'
    | 'scimId'
    | 'scimInactive'
    | 'createdAt'
  >;
  readonly user: Pick<
    UserRecord,
    'userId' | 'email' | 'profile' | 'appMetadata' | 'blocked' | 'blockedByScim' | 'updatedAt'
  >;
}

/** A person whom SCIM creates: an account, and its expected identity at the connection. */
export interface NewScimPerson extends Pick<UserRecord, 'email' | 'profile' | 'appMetadata' | 'blocked'> {
  readonly issuer: string;
  readonly subject: string;
  readonly identityId: string;
  /** For the identity, until the first login brings its own. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly resource: ScimResource;
  readonly boundBy: string;
  readonly at: Date;
}

export interface ScimPersonChanges {
  readonly resource: ScimResource;
  /** Replaces the identity's profile, where given. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
  readonly inactive: boolean;
  /** Undefined: the account is not the connection's own, and stays as it is. An address other than the account's is vouched for by nobody. */
  readonly user: Omit<ScimPerson['user'], 'userId'> | undefined;
}

export interface ScimDirectory extends ScimGroupDirectory {
  findConfiguration(connectionId: string): Promise<ScimConfiguration | undefined>;
  /** As `findConfiguration`, in a transaction, and locked until its end: issuing tokens one after the other. */
  findConfigurationForUpdate(connectionId: string): Promise<ScimConfiguration | undefined>;
  listConfigurations(page: PageRequest): Promise<Page<ScimConfiguration>>;
  createConfiguration(configuration: ScimConfiguration): Promise<void>;
  updateConfiguration(
    connectionId: string,
    changes: Omit<ScimConfiguration, 'connectionId' | 'createdAt'>,
  ): Promise<ScimConfiguration | undefined>;
  /** Also revokes its tokens. */
  deleteConfiguration(connectionId: string): Promise<boolean>;

  listTokens(connectionId: string): Promise<readonly ScimToken[]>;
  createToken(token: ScimToken, hash: Buffer): Promise<void>;
  deleteToken(connectionId: string, tokenId: string): Promise<boolean>;
  deleteExpiredTokens(connectionId: string, at: Date): Promise<void>;
  /** The connection's token of this id, with the hash of the whole token for comparison, and the connection whose directory has it. */
  findCaller(connectionId: string, tokenId: string): Promise<ScimTokenHolder | undefined>;
  noteUse(connectionId: string, tokenId: string, at: Date): Promise<void>;

  /** The people of a connection whose subject is known. `total` counts all that fit. */
  findPeople(
    scope: ScimScope,
    query: ScimQuery,
  ): Promise<{ readonly total: number; readonly people: readonly ScimPerson[] }>;
  /** In a transaction: the account and the identity are locked until its end. */
  findPersonForUpdate(scope: ScimScope, scimId: string): Promise<ScimPerson | undefined>;

  /**
   * In a transaction. The id begins as that of a login by this identity does. Throws {@link Conflict} where the connection has the subject
   * already, bound or expected, and where it has the userName.
   */
  createPerson(scope: ScimScope, person: NewScimPerson): Promise<ScimPerson>;
  /** Writes a person who is locked. Returns them as they are stored. Throws {@link Conflict} where another one has the userName. */
  savePerson(person: ScimPerson, changes: ScimPersonChanges): Promise<ScimPerson>;
  /** Whether the account may come in by this identity's connection. */
  setInactive(userId: string, identityId: string, inactive: boolean): Promise<void>;
  /** Blocks an account that is not blocked, as SCIM's own block. True when it did. */
  block(userId: string, at: Date): Promise<boolean>;
  /** Ends sessions, codes and tokens that an account got by way of one connection. */
  endAccess(userId: string, connectionId: string): Promise<void>;
}
