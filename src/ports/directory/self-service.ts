/**
 * Port: self-service profiles, and the set-ups that their tickets open. Only the hash of a ticket's secret is stored.
 */
import type { SelfServiceProfile, Setup } from '../../domain/self-service.js';
import type { Page, PageRequest } from './page.js';

export type ProfileChanges = Partial<Omit<SelfServiceProfile, 'id' | 'createdAt'>>;

/**
 * The fields of a set-up that can change. A caller that stores a new candidate also clears `passed`: the new settings
 * need a trial sign-in of their own.
 */
export type SetupChanges = Partial<Pick<Setup, 'connectionId' | 'provider' | 'candidate' | 'passed' | 'passedAt'>>;

export interface SelfServiceDirectory {
  listProfiles(page: PageRequest): Promise<Page<SelfServiceProfile>>;
  countProfiles(): Promise<number>;
  findProfile(id: string): Promise<SelfServiceProfile | undefined>;
  createProfile(profile: SelfServiceProfile): Promise<void>;
  updateProfile(id: string, changes: ProfileChanges): Promise<SelfServiceProfile | undefined>;
  deleteProfile(id: string): Promise<boolean>;
  createSetup(setup: Setup, ticketHash: Buffer): Promise<void>;
  /** Finds a set-up by its public id, with the hash of its secret. */
  findSetup(id: string): Promise<{ readonly setup: Setup; readonly ticketHash: Buffer } | undefined>;
  /** Finds the set-up and locks it until the transaction is over. */
  findSetupForUpdate(id: string): Promise<Setup | undefined>;
  /** Changes the set-up; a key whose value is undefined deletes the value. */
  updateSetup(setup: Pick<Setup, 'organizationId' | 'id'>, changes: SetupChanges): Promise<void>;
  /** Revokes the ticket of a profile; false when there is none. */
  revokeSetup(profileId: string, id: string, at: Date): Promise<boolean>;
}
