-- How often the link in an invitation's mail was opened, and how often a browser that had opened it came to sign in without it: the application
-- does not pass the invitation on. Written outside of logins, at most once a minute for an invitation.
alter table invitations
  add column first_opened_at timestamptz,
  add column last_opened_at timestamptz,
  add column times_opened integer not null default 0,
  add column last_came_without_at timestamptz,
  add column times_came_without integer not null default 0;
