/** Port: exports of users, as jobs. A job is a question alone: its file is made whenever it is fetched, and the store never has one. */

export type UserExportFormat = 'json' | 'csv';

/** A field of a user as Auth0's JSON has it (`user_metadata.country`, `identities[0].connection`), and its name in the file. */
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
  /** Undefined: the fields that are usual. */
  readonly fields: readonly UserExportField[] | undefined;
  readonly clientId: string;
  readonly createdAt: Date;
}

export interface UserExportDirectory {
  create(job: UserExportJob): Promise<void>;
  /** A job of the last day. */
  find(id: string, now: Date): Promise<UserExportJob | undefined>;
}
