-- Home realm discovery where the organization is picked after the sign-in: the connection that lists the domain of an address.
create index connections_by_domain_alias on connections using gin (domain_aliases);
