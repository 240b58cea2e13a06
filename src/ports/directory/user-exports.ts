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
  /** Only users of this connection; undefined: all users. */
  readonly connectionId: string | undefined;
  readonly format: UserExportFormat;
  /** Most users of the file; undefined: all. */
  readonly limit: number | undefined;
  /** Undefined for the usual fields. */
  readonly fields: readonly UserExportField[] | undefined;
  readonly clientId: string;
  readonly createdAt: Date;
}

export interface UserExportDirectory {
  create(job: UserExportJob): Promise<void>;
  /** Finds a job of the last day. */
  find(id: string, now: Date): Promise<UserExportJob | undefined>;
}
