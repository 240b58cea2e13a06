/** Kysely types for the table of log streams. Part of schema.ts; holds no logic. */
import type { Generated } from 'kysely';
import type { LogStreamFormat, LogStreamStatus } from '../../domain/log-stream.js';

export interface LogStreamsTable {
  id: string;
  name: string;
  status: LogStreamStatus;
  is_priority: Generated<boolean>;
  filters: string[];
  endpoint: string;
  content_type: string;
  content_format: LogStreamFormat;
  secrets_sealed: Buffer;
  start_from: Date | null;
  sent_position: number;
  sent_log_id: string;
  failing_since: Date | null;
  failures: Generated<number>;
  revision: string;
  created_at: Date;
  updated_at: Date;
  next_attempt_at: Date;
  attempts: Generated<number>;
  last_error: string | null;
}
