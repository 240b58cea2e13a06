/** Port: bulk imports of users, as jobs. What a file says is sealed where it lies, and gone when its job has ended. */
import type { Email } from '../../domain/email.js';
import type { ImportFailure } from '../../domain/user-import.js';

export type UserImportStatus = 'pending' | 'processing' | 'completed' | 'failed';

export interface UserImportJob {
  readonly id: string;
  readonly connectionId: string;
  readonly upsert: boolean;
  readonly externalId: string | undefined;
  /** Where a mail goes when it has ended. */
  readonly notify: Email | undefined;
  readonly clientId: string;
  readonly status: UserImportStatus;
  /** Why the whole job failed. */
  readonly statusDetails: string | undefined;
  /** Users of the file; 0 until it was read. */
  readonly total: number;
  /** Users that are done with. */
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

/** Whose turn it is: `attempts` tells this lease on a job from a later one of another node. */
export interface ImportLease {
  readonly id: string;
  readonly attempts: number;
}

export interface ImportStep {
  readonly lease: ImportLease;
  readonly leaseUntil: Date;
  /** Of the user that is done with, from 0. */
  readonly position: number;
  readonly outcome: 'inserted' | 'updated' | ImportFailure;
}

export interface ImportEnd {
  readonly lease: ImportLease;
  readonly at: Date;
  /** Why the whole job failed; undefined for one that went through its file. */
  readonly failure: string | undefined;
}

export interface UserImportDirectory {
  /** Puts a job in; false, and nothing is written, while `limit` jobs have not ended. */
  create(job: NewUserImport, limit: number): Promise<boolean>;
  /** A job, unless it ended a day ago. */
  find(id: string, now: Date): Promise<UserImportJob | undefined>;
  /** What was wrong with single users, in the order of the file. */
  listFailures(id: string): Promise<readonly ImportFailure[]>;
  /** Counts one user, in the transaction that wrote him. False when the lease is lost: the caller must roll back. */
  advance(step: ImportStep): Promise<boolean>;
  /** Ends a job and takes its file away. Undefined when the lease is lost. */
  finish(end: ImportEnd): Promise<UserImportJob | undefined>;
}
