-- Who vouched for an address is kept, and "verified" follows from it: a mailed code or link ('mail'), the tenant's operator ('operator'), an
-- organization that has proved the domain (its id), or an identity provider by its word alone ('idp'), which proves nothing elsewhere.
alter table users add column email_vouched_by text
  check (email_vouched_by in ('mail', 'operator', 'idp') or email_vouched_by like 'org\_%');
update users u set email_vouched_by = case
    when exists (select 1 from identities i join connections c on c.id = i.connection_id
      where i.user_id = u.user_id and i.is_primary and c.strategy <> 'auth0') then 'idp'
    else 'operator' end
  where email_verified;
alter table users drop column email_verified;
alter table users add column email_verified boolean not null generated always as (email_vouched_by is not null) stored;

-- of the address in the identity provider's answer: what is left of it when the identity is unlinked
alter table identities add column email_vouched_by text
  check (email_vouched_by in ('mail', 'operator', 'idp') or email_vouched_by like 'org\_%');

-- of the address, once the ticket is used: a link that this server mailed, or the operator's word where a link is handed out by the API
alter table tickets add column vouches text check (vouches in ('mail', 'operator'));
update tickets set vouches = 'operator' where purpose = 'verify_email' or mark_email_verified;
alter table tickets drop column mark_email_verified;

-- How the ids of the accounts begin that identity providers brought, and which connection and issuer they came from. Rows stay when the
-- connection is deleted: an application may have seen the ids, and they must not come to mean other people.
create table user_id_prefixes (
  connection_id text not null,
  issuer text not null,
  prefix text not null unique,
  created_at timestamptz not null,
  primary key (connection_id, issuer)
);
insert into user_id_prefixes (connection_id, issuer, prefix, created_at)
select distinct on (c.id) c.id, i.issuer, c.strategy || '|' || c.name, i.created_at
from identities i join connections c on c.id = i.connection_id
where i.status = 'bound' and c.strategy <> 'auth0'
order by c.id, i.created_at;

-- "used" was written by sessions and redirects as well, which prove nothing: everybody shows a credential once more
update members set first_used_at = null;
