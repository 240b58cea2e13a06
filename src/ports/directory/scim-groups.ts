/** Port: the groups of companies' directories, who is in them, and the roles that organizations give for them. */
import type { ScimQuery, ScimScope } from './scim-query.js';

export interface ScimGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | undefined;
  /** Another one after every write that changed the group or its members. */
  readonly version: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A group with the SCIM ids of its people, those who came first at the beginning. */
export interface ScimGroupWithMembers extends ScimGroup {
  readonly members: readonly string[];
}

export type ScimGroupAttribute = 'id' | 'displayName' | 'externalId' | 'members.value';
export type ScimGroupSortKey = 'id' | 'displayName' | 'externalId' | 'meta.created' | 'meta.lastModified';

/** A change of the people of a group, by SCIM ids. */
export interface ScimMemberChange {
  /** `none`: those who are not in `add` leave. */
  readonly base: 'keep' | 'none';
  readonly add: readonly string[];
  /** Empty where the base is `none`. */
  readonly remove: readonly string[];
}

/** The groups that a rule is about: by their name (without regard to case), or by the directory's id for them. */
export type ScimGroupName =
  | { readonly displayName: string; readonly externalId?: undefined }
  | { readonly externalId: string; readonly displayName?: undefined };

/** The roles that members of an organization have while they are in the group. */
export type ScimGroupRoles = ScimGroupName & { readonly roles: readonly string[] };

export interface ScimGroupDirectory {
  /** `total` counts all that fit. `members`: whether the people are read, too; otherwise the lists are empty. */
  findGroups(
    scope: ScimScope,
    query: ScimQuery<ScimGroupAttribute, ScimGroupSortKey>,
    members: 'with' | 'without',
  ): Promise<{ readonly total: number; readonly groups: readonly ScimGroupWithMembers[] }>;
  /** One group; its people as in `findGroups`. */
  findGroup(scope: ScimScope, id: string, members: 'with' | 'without'): Promise<ScimGroupWithMembers | undefined>;
  /** In a transaction: the group is locked until its end. */
  findGroupForUpdate(scope: ScimScope, id: string): Promise<ScimGroup | undefined>;
  /** Throws {@link Conflict} where the connection has a group with this external id, or without one and with this name. */
  createGroup(scope: ScimScope, group: Omit<ScimGroup, 'version' | 'updatedAt'>): Promise<void>;
  /** Writes the names, and gives the group a new version; returns it as it is stored. Throws {@link Conflict} as `createGroup`. */
  saveGroup(group: Pick<ScimGroup, 'id' | 'displayName' | 'externalId'>, at: Date): Promise<ScimGroup>;
  deleteGroup(id: string): Promise<void>;
  /** Numbers of people who came and left, and of ids in `add` that nobody of the connection has: then nothing was written. */
  changeMembers(
    scope: ScimScope,
    groupId: string,
    change: ScimMemberChange,
    at: Date,
  ): Promise<{ readonly added: number; readonly removed: number; readonly unknown: number }>;

  /** The roles that an organization gives for groups of a connection; roles by their names. */
  listGroupRoles(organizationId: string, connectionId: string): Promise<readonly ScimGroupRoles[]>;
  /** Replaces them all. Returns the names of roles that do not exist: then nothing was written. */
  setGroupRoles(
    organizationId: string,
    connectionId: string,
    rules: readonly ScimGroupRoles[],
  ): Promise<readonly string[]>;
}
