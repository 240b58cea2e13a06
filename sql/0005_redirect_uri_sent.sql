-- Whether the application named its redirect_uri at /authorize: only then it has to name it when it redeems the code (RFC 6749 section
-- 4.1.3). Nodes of the version before leave it out: there it always has to.
alter table authorization_codes add column redirect_uri_sent boolean not null default true;
