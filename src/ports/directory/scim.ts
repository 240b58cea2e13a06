/**
 * Port: inbound SCIM of connections: the mapping of users, the tokens of companies' directories, and the people of a
 * connection. The groups are in scim-groups.ts.
 */
import type { ConnectionRecord } from './connections.js';
import type { Page, PageRequest } from './page.js';
import type { ScimGroupDirectory } from './scim-groups.js';
import type { ScimQuery, ScimScope } from './scim-query.js';
import type { IdentityRecord, UserRecord } from './users.js';

export type { ScimAttribute, ScimFilter, ScimQuery, ScimScope, ScimSortKey } from './scim-query.js';

/** One row of the mapping: the attribute of the SCIM user, and the field of the user here in which it is stored. */
export interface ScimMappingItem {
  readonly scim?: string;
  readonly auth0?: string;
}

export interface ScimConfiguration {
  readonly connectionId: string;
  /** The SCIM attribute whose value is the subject that the identity provider will assert. */
  readonly userIdAttribute: string;
  /** The configured mapping; undefined for the default mapping. */
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
  /** When the token was last used, to the minute. */
  readonly lastUsedAt: Date | undefined;
}

export interface ScimTokenHolder {
  readonly connection: ConnectionRecord;
  readonly configuration: ScimConfiguration;
  readonly token: ScimToken;
  readonly hash: Buffer;
}

/** A user in the form of RFC 7643, without `id` and `meta`. */
export type ScimResource = Readonly<Record<string, unknown>>;

/** A person of one connection's SCIM: an identity at this connection, and the account that has it. */
export interface ScimPerson {
  /** Unchanged when the identity is linked to another account. */
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

/** A person whom SCIM creates: an account, and its pre-provisioned identity at the connection. */
export interface NewScimPerson extends Pick<UserRecord, 'email' | 'profile' | 'appMetadata' | 'blocked'> {
  readonly issuer: string;
  readonly subject: string;
  readonly identityId: string;
  /** Claims to store with the identity. The first login replaces them by those of the identity provider. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly resource: ScimResource;
  readonly boundBy: string;
  readonly at: Date;
}

export interface ScimPersonChanges {
  readonly resource: ScimResource;
  /** The claims that replace the identity's profile; undefined leaves the profile unchanged. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
  readonly inactive: boolean;
  /**
   * The account's new values. Undefined if another connection created the account, which then stays unchanged. A
   * changed address loses its voucher.
   */
  readonly user: Omit<ScimPerson['user'], 'userId'> | undefined;
}

export interface ScimDirectory extends ScimGroupDirectory {
  findConfiguration(connectionId: string): Promise<ScimConfiguration | undefined>;
  /** Finds the configuration and locks it until the transaction is over, to issue tokens one after the other. */
  findConfigurationForUpdate(connectionId: string): Promise<ScimConfiguration | undefined>;
  listConfigurations(page: PageRequest): Promise<Page<ScimConfiguration>>;
  createConfiguration(configuration: ScimConfiguration): Promise<void>;
  updateConfiguration(
    connectionId: string,
    changes: Omit<ScimConfiguration, 'connectionId' | 'createdAt'>,
  ): Promise<ScimConfiguration | undefined>;
  /** Deletes the configuration and revokes its tokens. */
  deleteConfiguration(connectionId: string): Promise<boolean>;

  listTokens(connectionId: string): Promise<readonly ScimToken[]>;
  createToken(token: ScimToken, hash: Buffer): Promise<void>;
  deleteToken(connectionId: string, tokenId: string): Promise<boolean>;
  deleteExpiredTokens(connectionId: string, at: Date): Promise<void>;
  /**
   * Finds a connection's token by its id, with the connection. `hash` is the hash of the whole token, to compare with
   * the presented one.
   */
  findCaller(connectionId: string, tokenId: string): Promise<ScimTokenHolder | undefined>;
  noteUse(connectionId: string, tokenId: string, at: Date): Promise<void>;

  /** Finds those people of a connection who have a known subject. `total` counts all matches. */
  findPeople(
    scope: ScimScope,
    query: ScimQuery,
  ): Promise<{ readonly total: number; readonly people: readonly ScimPerson[] }>;
  /** Finds the person; locks account and identity until the transaction is over. */
  findPersonForUpdate(scope: ScimScope, scimId: string): Promise<ScimPerson | undefined>;

  /**
   * Creates a person, in a transaction. The user id gets the prefix that a login by this identity would give it. Throws
   * {@link Conflict} if the connection already has the subject, bound or pre-provisioned, or the userName.
   */
  createPerson(scope: ScimScope, person: NewScimPerson): Promise<ScimPerson>;
  /**
   * Writes a person whose rows the caller has locked, and returns the stored person. Throws {@link Conflict} if
   * somebody else has the userName.
   */
  savePerson(person: ScimPerson, changes: ScimPersonChanges): Promise<ScimPerson>;
  /** Sets whether the account may sign in by this identity's connection. */
  setInactive(userId: string, identityId: string, inactive: boolean): Promise<void>;
  /** Blocks an account that is not blocked, as SCIM's own block. True when it did. */
  block(userId: string, at: Date): Promise<boolean>;
  /** Revokes sessions, codes and tokens that an account got by one connection. */
  endAccess(userId: string, connectionId: string): Promise<void>;
}
