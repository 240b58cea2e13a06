-- Auth0's per-application access: once an organization turns it on, its members sign in through the applications of organization_clients alone.
alter table organizations add column is_app_entitlement_active boolean not null default false;

create table organization_clients (
  organization_id text not null references organizations (id) on delete cascade,
  client_id text not null references clients (client_id) on delete cascade,
  -- False: the application is listed, but lets no member in.
  use_for_member_access boolean not null,
  created_at timestamptz not null,
  primary key (organization_id, client_id)
);
create index organization_clients_by_client on organization_clients (client_id);
