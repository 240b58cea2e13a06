-- OpenID Connect Back-Channel Logout 1.0 (ADR 0084).

-- The triggers below need this lock on both. A login writes a membership before a session, so they are locked in that order.
lock table members, sessions in share row exclusive mode;

-- The setting of an application that counts: Auth0's present name, or its older one.
create function back_channel_logout(extra jsonb) returns jsonb language sql immutable as $$
  select case when extra -> 'oidc_logout' ? 'backchannel_logout_urls' then extra -> 'oidc_logout' else extra -> 'oidc_backchannel_logout' end
$$;
create function back_channel_logout_url(extra jsonb) returns text language sql immutable as $$
  select nullif(back_channel_logout(extra) -> 'backchannel_logout_urls' ->> 0, '')
$$;

-- The applications that a session signed in to and that have a back-channel logout URL. Written by the commit of the login. Has no foreign
-- key to the session, the member or the user: triggers read it after those rows are deleted, and delete it then.
create table session_clients (
  user_id text not null,
  session_id text not null,
  client_id text not null references clients on delete cascade,
  -- of the last sign-in to this application
  organization_id text,
  primary key (user_id, session_id, client_id)
);
create index session_clients_by_client on session_clients (client_id);

-- One logout token to send, in the order of the ids. Queued by the transaction that deletes the session or the membership. No foreign key to the application:
-- its check would wait for a deletion of the application, which waits for the row of session_clients.
create sequence logout_notice_ids;
create table logout_notices (
  id text primary key default lpad(nextval('logout_notice_ids')::text, 19, '0'),
  user_id text not null,
  session_id text not null,
  client_id text not null,
  -- why the session ended, in Auth0's words: rp-logout, idp-logout, password-changed, session-expired …
  initiator text not null,
  -- by the clock of the node that tried, a second after the session ended
  first_attempt_at timestamptz,
  next_attempt_at timestamptz not null default '-infinity',
  attempts integer not null default 0,
  last_error text
);
create index logout_notices_by_due on logout_notices (next_attempt_at, id);
create index logout_notices_by_age on logout_notices (first_attempt_at);

-- A connection keeps the plan of a function's first run, perhaps of one session with an empty table. Only loops over indexes stay right.
create function forget_clients_of_sessions() returns trigger language plpgsql
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  delete from session_clients c using deleted d where c.user_id = d.user_id and c.session_id = d.id;
  return null;
end $$;
create trigger sessions_deleted after delete on sessions
  referencing old table as deleted for each statement execute function forget_clients_of_sessions();

-- The session itself remains: it may serve other organizations.
create function forget_clients_of_members() returns trigger language plpgsql
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  delete from session_clients c using deleted d where c.user_id = d.user_id and c.organization_id = d.organization_id;
  return null;
end $$;
create trigger members_deleted after delete on members
  referencing old table as deleted for each statement execute function forget_clients_of_members();

-- A statement that ends sessions may say why in the setting vestibule.session_end of its transaction. An application is always told of
-- sign-outs, and of other reasons that it chose.
create function queue_logout_notices() returns trigger language plpgsql
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  insert into logout_notices (user_id, session_id, client_id, initiator)
  select d.user_id, d.session_id, d.client_id, w.initiator
  -- without those of an application that is being deleted
  from deleted d join clients k on k.client_id = d.client_id left join users u on u.user_id = d.user_id
  cross join lateral (select case
      when u.user_id is null then 'account-deleted'
      when coalesce(current_setting('vestibule.session_end', true), '') <> '' then current_setting('vestibule.session_end', true)
      when u.blocked then 'account-deactivated'
      else 'session-revoked' end as initiator) w
  cross join lateral (select back_channel_logout(k.extra) -> 'backchannel_logout_initiators' as chosen) s
  where back_channel_logout_url(k.extra) is not null
    and (w.initiator in ('rp-logout', 'idp-logout') or s.chosen ->> 'mode' = 'all' or s.chosen -> 'selected_initiators' ? w.initiator);
  return null;
end $$;
create trigger session_clients_deleted after delete on session_clients
  referencing old table as deleted for each statement execute function queue_logout_notices();
