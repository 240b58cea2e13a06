/** Port: exports of users, as jobs. A job is only a query: its file is made at each download, and never stored. */

export type UserExportFormat = 'json' | 'csv';

/**
 * A field of a user as Auth0's JSON has it (`user_metadata.country`, `identities[0].connection`), and its name in the
 * file.
 */
export interface UserExportField {
  readonly name: string;
  readonly exportAs?: string;
}

export interface UserExportJob {
  readonly id: string;
  /** The connection whose users are exported; undefined exports all users. */
  readonly connectionId: string | undefined;
  readonly format: UserExportFormat;
  /** Maximum number of users in the file; undefined for all. */
  readonly limit: number | undefined;
  /** Fields to export; undefined for the usual ones. */
  readonly fields: readonly UserExportField[] | undefined;
  readonly clientId: string;
  readonly createdAt: Date;
}

export interface UserExportDirectory {
  create(job: UserExportJob): Promise<void>;
  /** Finds an export job; jobs are kept for a day. */
  find(id: string, now: Date): Promise<UserExportJob | undefined>;
}
