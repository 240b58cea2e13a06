/** Kysely types for the tables about what customers set up themselves. Part of schema.ts; holds no logic. */
import type { ColumnType } from 'kysely';
import type { NeededAttribute, SelfServiceProfile, SetupConfig } from '../../domain/self-service.js';
import type { ProfileKind, ProfileRecord } from '../../ports/directory/profiles.js';

type Json<Value> = ColumnType<Value, string, string>;

export interface SelfServiceProfilesTable {
  id: string;
  name: string;
  description: string | null;
  user_attributes: Json<readonly NeededAttribute[]>;
  branding: ColumnType<SelfServiceProfile['branding'] | null, string | null, string | null>;
  allowed_strategies: string[];
  created_at: Date;
  updated_at: Date;
}

export interface ProfilesTable {
  id: string;
  kind: ProfileKind;
  name: string;
  settings: Json<ProfileRecord['settings']>;
  created_at: Date;
}

export interface ConnectionSetupsTable {
  organization_id: string;
  id: string;
  profile_id: string;
  ticket_hash: Buffer;
  connection_id: string | null;
  config: Json<SetupConfig>;
  provider: string | null;
  candidate_sealed: Buffer | null;
  passed: string | null;
  passed_at: Date | null;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}
