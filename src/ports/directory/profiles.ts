/**
 * Port: connection profiles and user attribute profiles, which operators write and applications name. The directory
 * does not know what their settings mean.
 */
import type { Page, PageRequest } from './page.js';

export type ProfileKind = 'connection' | 'user_attribute';

export interface ProfileRecord {
  readonly id: string;
  /** Unique among the profiles of its kind. */
  readonly name: string;
  /** All other properties, in the names of the Management API. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

export interface ProfileDirectory {
  list(kind: ProfileKind, page: PageRequest): Promise<Page<ProfileRecord>>;
  count(kind: ProfileKind): Promise<number>;
  find(kind: ProfileKind, id: string): Promise<ProfileRecord | undefined>;
  /** True when the profile exists. Until the transaction is over, nobody can delete it. */
  hold(kind: ProfileKind, id: string): Promise<boolean>;
  create(kind: ProfileKind, profile: ProfileRecord): Promise<void>;
  /** Replaces name and settings; undefined when there is no such profile. */
  update(kind: ProfileKind, profile: Omit<ProfileRecord, 'createdAt'>): Promise<ProfileRecord | undefined>;
  remove(kind: ProfileKind, id: string): Promise<void>;
  /** Returns the names of some applications that name the profile. */
  listUsers(kind: ProfileKind, id: string): Promise<readonly string[]>;
}
