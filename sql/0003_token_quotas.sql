-- Auth0's token_quota of an organization: most tokens of client_credentials in an hour and in a day. That of an application is in clients.extra,
-- the tenant's default in tenant.extra.
alter table organizations add column token_quota jsonb;
