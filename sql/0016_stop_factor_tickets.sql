-- Compatible: the version before writes and reads none of these tickets
--
-- The mail about a first factor has a link that removes it. Its ticket gets a row when it is used, so that it works once.
alter table tickets drop constraint tickets_purpose_check;
alter table tickets add constraint tickets_purpose_check
  check (purpose in ('password', 'verify_email', 'unblock', 'enrollment', 'stop_factor'));
