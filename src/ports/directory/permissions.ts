/**
 * Port: the permissions of roles and of people, and the roles of people in the whole tenant. A permission is a scope
 * that an API is registered with; the caller has checked that it exists. For members' roles see {@link
 * MemberDirectory}.
 */
import type { RoleRecord } from './members.js';
import type { Page, PageRequest } from './page.js';

/** A scope of an API, by the API's id. */
export interface PermissionKey {
  readonly apiId: string;
  readonly name: string;
}

/** A permission with the names that an administrator reads. */
export interface PermissionRecord {
  readonly name: string;
  readonly description: string | undefined;
  readonly apiIdentifier: string;
  readonly apiName: string | undefined;
}

/** A permission of a person, with the roles that give it. */
export interface UserPermissionRecord extends PermissionRecord {
  /** True when the person has the permission directly, not only by a role. */
  readonly isDirect: boolean;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
}

export interface RoleHolder {
  readonly userId: string;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly picture: string | undefined;
}

export interface PermissionDirectory {
  listOfRole(roleId: string, page: PageRequest): Promise<Page<PermissionRecord>>;
  /** Gives permissions to a role; those that it has already are unchanged. */
  addToRole(roleId: string, permissions: readonly PermissionKey[]): Promise<void>;
  removeFromRole(roleId: string, permissions: readonly PermissionKey[]): Promise<void>;
  /**
   * Lists the person's own permissions, and those of their roles in the whole tenant; of one API (its identifier), or
   * one permission of it, if `of` is given.
   */
  listOfUser(
    userId: string,
    page: PageRequest,
    of?: { readonly api: string; readonly name?: string },
  ): Promise<Page<UserPermissionRecord>>;
  addToUser(userId: string, permissions: readonly PermissionKey[]): Promise<void>;
  /** Removes the person's own permissions; those of roles stay. */
  removeFromUser(userId: string, permissions: readonly PermissionKey[]): Promise<void>;

  /** Lists the roles of a person in the whole tenant. */
  listRolesOf(userId: string, page: PageRequest): Promise<Page<RoleRecord>>;
  countRolesOf(userId: string): Promise<number>;
  addRolesTo(userId: string, roleIds: readonly string[], at: Date): Promise<void>;
  removeRolesFrom(userId: string, roleIds: readonly string[]): Promise<void>;
  /** Lists the people who have this role in the whole tenant, not only in an organization. */
  listHolders(roleId: string, page: PageRequest): Promise<Page<RoleHolder>>;
}
