/** Kysely types for the tables of Actions. Part of schema.ts; holds no logic. */
import type { Generated } from 'kysely';
import type { JsonArray } from './schema-columns.js';

export interface ActionsTable {
  id: string;
  name: string;
  trigger: string;
  trigger_version: string;
  code: string;
  dependencies: JsonArray;
  modules: JsonArray;
  runtime: string;
  secrets_sealed: Buffer | null;
  deployed_version_id: string | null;
  created_at: Date;
  updated_at: Date;
  built_at: Date | null;
}

export interface ActionVersionsTable {
  action_id: string;
  id: string;
  number: number;
  trigger: string;
  trigger_version: string;
  code: string;
  dependencies: JsonArray;
  modules: JsonArray;
  runtime: string;
  secrets_sealed: Buffer | null;
  created_at: Date;
  built_at: Date;
}

export interface ActionBindingsTable {
  trigger: string;
  position: number;
  id: string;
  action_id: string;
  display_name: string;
  created_at: Date;
  updated_at: Date;
}

export interface ActionModulesTable {
  id: string;
  name: string;
  code: string;
  dependencies: JsonArray;
  secrets_sealed: Buffer | null;
  has_draft: Generated<boolean>;
  created_at: Date;
  updated_at: Date;
}

export interface ActionModuleVersionsTable {
  module_id: string;
  id: string;
  number: number;
  code: string;
  dependencies: JsonArray;
  secrets_sealed: Buffer | null;
  created_at: Date;
}

export interface ActionJobsTable {
  id: string;
  trigger: string;
  organization_id: string | null;
  event_sealed: Buffer;
  created_at: Date;
  next_attempt_at: Date;
  attempts: Generated<number>;
}
