/**
 * Port: bulk imports of users, as jobs. The content of a file is sealed in the store, and deleted when its job has
 * finished.
 */
import type { Email } from '../../domain/people/email.js';
import type { ImportFailure } from '../../domain/people/user-import.js';

export type UserImportStatus = 'pending' | 'processing' | 'completed' | 'failed';

export interface UserImportJob {
  readonly id: string;
  readonly connectionId: string;
  readonly upsert: boolean;
  readonly externalId: string | undefined;
  /** Address that gets a mail when the job has finished; undefined for no mail. */
  readonly notify: Email | undefined;
  readonly clientId: string;
  readonly status: UserImportStatus;
  /** Why the whole job failed. */
  readonly statusDetails: string | undefined;
  /** Number of users in the file; 0 until a node has read it. */
  readonly total: number;
  /** Number of users that were processed. */
  readonly position: number;
  readonly inserted: number;
  readonly updated: number;
  readonly failed: number;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
}

export type NewUserImport = Pick<
  UserImportJob,
  'id' | 'connectionId' | 'upsert' | 'externalId' | 'notify' | 'clientId' | 'createdAt'
> & { readonly file: Uint8Array };

/** A lease on a job: `attempts` distinguishes it from a later lease by another node. */
export interface ImportLease {
  readonly id: string;
  readonly attempts: number;
}

export interface ImportStep {
  readonly lease: ImportLease;
  readonly leaseUntil: Date;
  /** Index of the finished user, from 0. */
  readonly position: number;
  readonly outcome: 'inserted' | 'updated' | ImportFailure;
}

export interface ImportEnd {
  readonly lease: ImportLease;
  readonly at: Date;
  /** Why the whole job failed; undefined for one that finished its file. */
  readonly failure: string | undefined;
}

export interface UserImportDirectory {
  /** Stores a job; returns false and writes nothing while `limit` jobs are unfinished. */
  create(job: NewUserImport, limit: number): Promise<boolean>;
  /** Finds an import job, unless it finished more than a day ago. */
  find(id: string, now: Date): Promise<UserImportJob | undefined>;
  /** Lists the errors of single users, in the order of the file. */
  listFailures(id: string): Promise<readonly ImportFailure[]>;
  /**
   * Counts one user, in the transaction that wrote the user. False when the lease is lost: the caller must roll back.
   */
  advance(step: ImportStep): Promise<boolean>;
  /** Finishes a job and deletes its file. Undefined when the lease is lost. */
  finish(end: ImportEnd): Promise<UserImportJob | undefined>;
}
