-- Whether somebody asked for this server's own address as a custom domain. Until then the tenant has none, as on Auth0, and an export of it can be
-- imported at another address.
alter table tenant add column own_domain_listed boolean not null default false;
