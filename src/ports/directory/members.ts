/** Port: who belongs to an organization, and with which roles; the roles themselves. */

import type { OrganizationRecord } from './organizations.js';
import type { Page, PageRequest } from './page.js';

export interface RoleRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
}

export interface MemberRecord {
  readonly userId: string;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly picture: string | undefined;
  readonly breakGlass: boolean;
  readonly roles: readonly RoleRecord[];
  readonly createdAt: Date;
}

export interface MemberDirectory {
  list(organizationId: string, page: PageRequest): Promise<Page<MemberRecord>>;
  find(organizationId: string, userId: string): Promise<MemberRecord | undefined>;
  /** Adds those who are not members yet. */
  add(organizationId: string, userIds: readonly string[], at: Date): Promise<void>;
  /** Removes them, their roles, and their refresh tokens for this organization. */
  remove(organizationId: string, userIds: readonly string[], at: Date): Promise<void>;
  setBreakGlass(organizationId: string, userId: string, breakGlass: boolean): Promise<MemberRecord | undefined>;
  /** Break-glass members other than `userIds`. Locks the rows it counts. */
  countBreakGlassWithout(organizationId: string, userIds: readonly string[]): Promise<number>;
  /** Those of `userIds` that are break-glass members here. */
  findBreakGlass(organizationId: string, userIds: readonly string[]): Promise<readonly string[]>;
  /** Organizations where the user is the only break-glass member although a connection is `required`. */
  listOrganizationsHeldOpenBy(userId: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  listRoles(organizationId: string, userId: string, page: PageRequest): Promise<Page<RoleRecord>>;
  addRoles(organizationId: string, userId: string, roleIds: readonly string[]): Promise<void>;
  removeRoles(organizationId: string, userId: string, roleIds: readonly string[]): Promise<void>;
  listOrganizationsOf(userId: string, page: PageRequest): Promise<Page<OrganizationRecord>>;

  listAllRoles(filter: { readonly name?: string }, page: PageRequest): Promise<Page<RoleRecord>>;
  findRole(id: string): Promise<RoleRecord | undefined>;
  findRoles(ids: readonly string[]): Promise<readonly RoleRecord[]>;
  createRole(role: RoleRecord): Promise<void>;
  updateRole(id: string, changes: Partial<Pick<RoleRecord, 'name' | 'description'>>): Promise<RoleRecord | undefined>;
  deleteRole(id: string): Promise<boolean>;
}
