/** Port: the groups of companies' directories, their members, and the roles that organizations give for them. */
import type { ScimQuery, ScimScope } from './scim-query.js';

export interface ScimGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | undefined;
  /** Differs after every write that changed the group or its members. */
  readonly version: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A group with the SCIM ids of its people, in the order in which they joined. */
export interface ScimGroupWithMembers extends ScimGroup {
  readonly members: readonly string[];
}

export type ScimGroupAttribute = 'id' | 'displayName' | 'externalId' | 'members.value';
export type ScimGroupSortKey = 'id' | 'displayName' | 'externalId' | 'meta.created' | 'meta.lastModified';

/** A change of the members of a group, by their SCIM ids. */
export interface ScimMemberChange {
  /** `keep`: present members stay. `none`: people who are not in `add` are removed. */
  readonly base: 'keep' | 'none';
  readonly add: readonly string[];
  /** People to remove; empty when the base is `none`. */
  readonly remove: readonly string[];
}

/** Names the group of a rule: by its name (without regard to case), or by the directory's id for it. */
export type ScimGroupName =
  | { readonly displayName: string; readonly externalId?: undefined }
  | { readonly externalId: string; readonly displayName?: undefined };

/** The roles that members of an organization have while they are in the group. */
export type ScimGroupRoles = ScimGroupName & { readonly roles: readonly string[] };

export interface ScimGroupDirectory {
  /**
   * Finds groups. `total` counts all matches. `members` says whether to read the groups' members; `without` leaves
   * those lists empty.
   */
  findGroups(
    scope: ScimScope,
    query: ScimQuery<ScimGroupAttribute, ScimGroupSortKey>,
    members: 'with' | 'without',
  ): Promise<{ readonly total: number; readonly groups: readonly ScimGroupWithMembers[] }>;
  /** Finds one group; reads its members as `findGroups` does. */
  findGroup(scope: ScimScope, id: string, members: 'with' | 'without'): Promise<ScimGroupWithMembers | undefined>;
  /** Finds the group and locks it until the transaction is over. */
  findGroupForUpdate(scope: ScimScope, id: string): Promise<ScimGroup | undefined>;
  /**
   * Creates a group. Throws {@link Conflict} when the connection has a group with this external id or, if the group has
   * no external id, with this name.
   */
  createGroup(scope: ScimScope, group: Omit<ScimGroup, 'version' | 'updatedAt'>): Promise<void>;
  /** Writes the names and a new version, and returns the stored group. Throws {@link Conflict} like `createGroup`. */
  saveGroup(group: Pick<ScimGroup, 'id' | 'displayName' | 'externalId'>, at: Date): Promise<ScimGroup>;
  deleteGroup(id: string): Promise<void>;
  /**
   * Changes a group's members. Returns how many people were added and removed, and how many ids in `add` the connection
   * does not know. If any is unknown, nothing is written.
   */
  changeMembers(
    scope: ScimScope,
    groupId: string,
    change: ScimMemberChange,
    at: Date,
  ): Promise<{ readonly added: number; readonly removed: number; readonly unknown: number }>;

  /** Lists the roles that an organization gives for groups of a connection; roles by their names. */
  listGroupRoles(organizationId: string, connectionId: string): Promise<readonly ScimGroupRoles[]>;
  /**
   * Replaces all rules of the organization for groups of the connection. Returns the names of roles that do not exist;
   * if there are any, nothing was written.
   */
  setGroupRoles(
    organizationId: string,
    connectionId: string,
    rules: readonly ScimGroupRoles[],
  ): Promise<readonly string[]>;
}
