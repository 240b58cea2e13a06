/** Kysely types for the tables of second factors and of tickets, the links that set up a factor or a password. No logic. */
import type { FactorKind } from '../../domain/factors/factor.js';
import type { PasswordVoucher } from '../../domain/people/account.js';
import type { TicketKind, TicketPurpose } from '../../domain/ticket.js';
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

export interface TicketsTable {
  user_id: string;
  ticket_hash: Buffer;
  purpose: TicketPurpose;
  factor: TicketKind | null;
  factors_revision: number | string | null;
  connection_id: string | null;
  email: string;
  client_id: string | null;
  organization_id: string | null;
  result_url: string | null;
  vouches: 'mail' | 'operator' | null;
  password_vouched_by: PasswordVoucher | null;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}
