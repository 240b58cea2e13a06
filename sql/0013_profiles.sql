-- Connection profiles and user attribute profiles (Auth0's names): what customers may set up by the My Organization API,
-- and where the attributes of their people come from. An application names its two in my_organization_configuration.
create table profiles (
  id text primary key,
  kind text not null check (kind in ('connection', 'user_attribute')),
  name text not null,
  -- the other properties, as the Management API shows them; json, which keeps the order of the attributes
  settings json not null,
  created_at timestamptz not null,
  unique (kind, name)
);
create index profiles_by_age on profiles (kind, created_at, id);
