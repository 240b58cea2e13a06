/** Kysely types for the tables of the tenant's own mail server and mail texts. Part of schema.ts; holds no logic. */
import type { JsonWithDefault } from './schema-columns.js';

export interface EmailProviderTable {
  id: number;
  enabled: boolean;
  default_from_address: string | null;
  host: string;
  port: number;
  username: string | null;
  password_sealed: Buffer | null;
  headers: JsonWithDefault;
  revision: string;
  created_at: Date;
  updated_at: Date;
}

export interface EmailTemplatesTable {
  name: string;
  body: string | null;
  from_address: string | null;
  subject: string | null;
  result_url: string | null;
  syntax: string | null;
  url_lifetime_seconds: number | null;
  include_email_in_redirect: boolean | null;
  enabled: boolean | null;
  created_at: Date;
  updated_at: Date;
}
