/** Kysely types for the table of second factors. Part of schema.ts; holds no logic. */
import type { FactorKind } from '../../domain/factors/factor.js';
import type { NullableJson } from './schema-columns.js';

export interface FactorsTable {
  user_id: string;
  id: string;
  kind: FactorKind;
  name: string | null;
  address: string | null;
  secret_sealed: Buffer | null;
  last_step: number | string | null;
  code_hash: Buffer | null;
  credential_id: string | null;
  public_key: Buffer | null;
  sign_count: number | string | null;
  user_handle: string | null;
  credential: NullableJson;
  vouched_by: string | null;
  created_at: Date;
  confirmed_at: Date | null;
  last_used_at: Date | null;
}
