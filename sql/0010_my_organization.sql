-- The My Organization API. Administrators of an organization give only the roles that an operator marked.
alter table roles add column assignable_by_organizations boolean not null default false;

-- The member who invited somebody by that API; null for every other invitation. Its roles depend on this member.
alter table invitations add column invited_by text;
