/** Kysely types for the tables of bulk imports and exports. Part of schema.ts; holds no logic. */
import type { Generated, JSONColumnType } from 'kysely';
import type { UserExportField, UserExportFormat } from '../../ports/directory/user-exports.js';
import type { UserImportStatus } from '../../ports/directory/user-imports.js';

export interface UserImportJobsTable {
  id: string;
  connection_id: string;
  upsert: boolean;
  external_id: string | null;
  notify: string | null;
  client_id: string;
  status: UserImportStatus;
  status_details: string | null;
  file_sealed: Buffer | null;
  total: Generated<number>;
  position: Generated<number>;
  inserted: Generated<number>;
  updated: Generated<number>;
  failed: Generated<number>;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  next_attempt_at: Date;
  attempts: Generated<number>;
  last_error: string | null;
}

export interface UserImportErrorsTable {
  job_id: string;
  position: number;
  entry_sealed: Buffer;
}

export interface UserExportJobsTable {
  id: string;
  connection_id: string | null;
  format: UserExportFormat;
  people_limit: number | null;
  fields: JSONColumnType<readonly UserExportField[]> | null;
  client_id: string;
  created_at: Date;
}
