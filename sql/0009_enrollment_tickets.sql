-- A link with which a person sets up a second factor (Auth0's `guardian/enrollments/ticket`): the kind that it permits (null: any), and the
-- version of the account's factors for which it was made. Any change of them ends the link.
alter table tickets
  drop constraint tickets_purpose_check,
  add constraint tickets_purpose_check check (purpose in ('password', 'verify_email', 'unblock', 'enrollment')),
  add column factor text check (factor in ('otp', 'webauthn-roaming')),
  add column factors_revision bigint,
  add constraint tickets_enrollment_check check (purpose <> 'enrollment' or factors_revision is not null);
