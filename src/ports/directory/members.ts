/** Port: the members of an organization and their roles; the roles themselves. */

import type { UserProfile } from '../../domain/people/account.js';
import type { WaysIn } from '../../domain/people/ways-in.js';
import type { RoleSettings } from '../../management/roles/fields.js';
import type { OrganizationRecord } from './organizations.js';
import type { Page, PageRequest } from './page.js';

export interface RoleRecord extends RoleSettings {
  readonly id: string;
  readonly createdAt: Date;
}

/**
 * A role of a member: assigned by an administrator or a login, given by groups of their company's directory, or both.
 */
export interface EffectiveRole extends RoleRecord {
  readonly isAssigned: boolean;
  /** Names of the groups that give the role. */
  readonly groups: readonly string[];
}

export interface MemberRecord {
  readonly userId: string;
  readonly email: string | undefined;
  readonly profile: UserProfile;
  /** The account behind the membership. */
  readonly account: {
    readonly phoneNumber: string | undefined;
    readonly createdAt: Date;
    readonly updatedAt: Date;
  };
  /** When the person last signed in to this organization. Sign-ins elsewhere do not count. */
  readonly lastLoginAt: Date | undefined;
  readonly breakGlass: boolean;
  readonly roles: readonly RoleRecord[];
  readonly createdAt: Date;
}

/**
 * The organizations in which a change may remove the last break-glass member: a single one, or all in which these
 * users, or the people of this connection, have the flag.
 */
export type WaysInScope =
  | { readonly organizationId: string }
  | { readonly userIds: readonly string[] }
  /**
   * A user whom the caller's transaction has locked already, so that nobody can give them the break-glass flag
   * meanwhile.
   */
  | { readonly lockedUserId: string }
  | { readonly connectionId: string };

export interface MemberDirectory {
  list(organizationId: string, page: PageRequest): Promise<Page<MemberRecord>>;
  find(organizationId: string, userId: string): Promise<MemberRecord | undefined>;
  /**
   * Adds users to an organization; users who are members already are unchanged. Waits for a transaction that writes or
   * deletes one of the accounts.
   */
  add(organizationId: string, userIds: readonly string[], at: Date): Promise<void>;
  /** Removes members, their roles, and their refresh tokens for this organization. */
  remove(organizationId: string, userIds: readonly string[], at: Date): Promise<void>;
  setBreakGlass(organizationId: string, userId: string, breakGlass: boolean): Promise<void>;
  /**
   * Locks, always in the same order, the connection settings of the organizations in `scope`, and returns their ids:
   * until the transaction is over nobody else can change their {@link listWaysIn}.
   */
  lockWaysIn(scope: WaysInScope): Promise<readonly string[]>;
  /** Returns the state of those organizations that require a company's sign-in, and of the operators' organization. */
  listWaysIn(organizationIds: readonly string[]): Promise<readonly WaysIn[]>;
  /** Lists the roles that an administrator or a login assigned to a member. */
  listRoles(organizationId: string, userId: string, page: PageRequest): Promise<Page<RoleRecord>>;
  /** Lists all roles of the member, including those from groups; none for a user who is not a member. */
  listEffectiveRoles(organizationId: string, userId: string, page: PageRequest): Promise<Page<EffectiveRole>>;
  addRoles(organizationId: string, userId: string, roleIds: readonly string[]): Promise<void>;
  removeRoles(organizationId: string, userId: string, roleIds: readonly string[]): Promise<void>;
  listOrganizationsOf(userId: string, page: PageRequest): Promise<Page<OrganizationRecord>>;

  listAllRoles(filter: { readonly name?: string }, page: PageRequest): Promise<Page<RoleRecord>>;
  findRole(id: string): Promise<RoleRecord | undefined>;
  findRoles(ids: readonly string[]): Promise<readonly RoleRecord[]>;
  findRolesByName(names: readonly string[]): Promise<readonly RoleRecord[]>;
  createRole(role: RoleRecord): Promise<void>;
  updateRole(id: string, changes: Partial<RoleSettings>): Promise<RoleRecord | undefined>;
  deleteRole(id: string): Promise<boolean>;
}
