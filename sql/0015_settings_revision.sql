-- Compatible: the version before reads none of it, and its writes of settings raise the revision as well
--
-- A node keeps what it read about an application and an organization, and uses it while this revision is the one that it
-- read with it. So every write of a table that such a read uses changes the revision, in the same transaction.
-- A random value, not a number: after a fail-over that lost a write the same number could mean something else.
create table settings_revision (
  id smallint primary key default 1 check (id = 1),
  revision uuid not null default gen_random_uuid()
);
insert into settings_revision default values;

create function change_settings_revision() returns trigger language plpgsql as $$
begin
  -- Once a transaction: a write of many rows calls this for each of them.
  if current_setting('vestibule.settings_changed_by', true) is distinct from pg_current_xact_id()::text then
    update settings_revision set revision = gen_random_uuid() where id = 1;
    perform set_config('vestibule.settings_changed_by', pg_current_xact_id()::text, true);
  end if;
  return null;
end $$;

-- Deferred to the commit: then the transaction has all its other locks, so that two writers of settings cannot wait for
-- each other, and each holds the row for the time of its commit alone.
do $$
declare
  settings text;
begin
  foreach settings in array array['tenant', 'clients', 'organizations', 'organization_clients', 'operators', 'connections',
    'connection_clients', 'organization_connections', 'discovery_domains', 'resource_servers', 'client_grants']
  loop
    execute format('create constraint trigger settings_changed after insert or update or delete on %I
      deferrable initially deferred for each row execute function change_settings_revision()', settings);
    -- A constraint trigger never hears of TRUNCATE.
    execute format('create trigger settings_emptied after truncate on %I
      for each statement execute function change_settings_revision()', settings);
  end loop;
end $$;
