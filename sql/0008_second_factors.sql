-- What proves a person a second time, beside their password or their company's sign-in. A factor belongs to the account, in every organization.
create table factors (
  user_id text not null references users (user_id) on delete cascade,
  id text not null,
  kind text not null check (kind in ('otp', 'recovery-code', 'webauthn-roaming', 'webauthn-platform', 'passkey', 'email')),
  name text,
  -- Of `email`: the address that gets the codes.
  address text,
  -- Of `otp`: the secret shared with the application, and the last time step that was accepted: a code counts once.
  secret_sealed bytea,
  last_step bigint,
  -- Of `recovery-code`: its hash.
  code_hash bytea,
  -- Of WebAuthn: the credential. The counter is the authenticator's own; the handle is random and tells nothing about the person.
  credential_id text,
  public_key bytea,
  sign_count bigint,
  user_handle text,
  credential jsonb,
  -- Who vouches for the password or sign-in with which it was set up; null: it may be a stranger's.
  vouched_by text,
  created_at timestamptz not null,
  -- Null: the person has not answered with it yet, and it counts for nothing.
  confirmed_at timestamptz,
  last_used_at timestamptz,
  primary key (user_id, id)
);
-- Auth0's `guardian/enrollments/{id}` names no user.
create index factors_by_id on factors (id);
create unique index factors_one_of_credential on factors (credential_id) where credential_id is not null;
create unique index factors_one_application on factors (user_id) where kind = 'otp' and confirmed_at is not null;
create index factors_pending on factors (created_at) where confirmed_at is null;
create unique index factors_one_recovery_code on factors (user_id) where kind = 'recovery-code';

-- Raised with every change of the account's factors: a login under way decides again, and remembered browsers are forgotten.
alter table users add column factors_revision bigint not null default 0;

-- Which factors the tenant accepts, and whom it asks for one (Auth0's `guardian/factors` and `guardian/policies`).
alter table tenant add column guardian jsonb not null default '{}';

-- Whom the organization asks for a factor, and which it accepts (empty: every one that the tenant accepts).
alter table organizations
  add column mfa text not null default 'none' check (mfa in ('none', 'required', 'required_unless_idp')),
  add column mfa_factors text[] not null default '{}';

-- The person passed a factor in this very login: the ID token says so (`amr`).
alter table authorization_codes add column factor_passed boolean not null default false;
