/**
 * The one write of a login: a single SQL statement, so it is one transaction and one round trip. It locks and reads the
 * ground that the plan relied on, gives a verdict, and every write takes its row from `go`, which is empty unless the
 * verdict is clean and the invitation could be consumed. Unique keys catch what a lock cannot: two first logins at once.
 *
 * $1 at, $2 transaction id, $3 client, $4 organization or null, $5 connection, $6 user, $7 fingerprint, $8 the rest as jsonb
 *
 * Locks: connection, enablement and organization FOR SHARE (many logins at once, no change meanwhile); user, member and
 * identity FOR NO KEY UPDATE (they are updated below: two logins of one person queue instead of deadlocking).
 */
import { addressProved } from './address-proved.js';

/** See the top of the file. */
export const COMMIT_LOGIN = `
with
connection_now as (select revision from connections where id = $5 for share),
enablement_now as (select revision from organization_connections
  where organization_id = $4 and connection_id = $5 and is_enabled for share),
organization_now as (select blocked from organizations where id = $4 for share),
user_now as (select email, email_vouched_by, blocked from users where user_id = $6 for no key update),
member_now as (select break_glass from members where organization_id = $4 and user_id = $6 for no key update),
domains_now as (select domain from discovery_domains
  where organization_id = $4 and status = 'verified' and domain = any (array(select jsonb_array_elements_text($8::jsonb -> 'domains'))) for share),
identity_now as (select 1 from identities i where i.user_id = $6
  and (i.status = 'expected' and i.id = $8::jsonb #>> '{bind,0,replaces}'
    or i.status = 'bound' and i.connection_id = $8::jsonb #>> '{refresh,0,connection_id}'
      and i.subject = $8::jsonb #>> '{refresh,0,subject}') for no key update),
password_now as (select 1 from password_credentials
  where user_id = $6 and hash = $8::jsonb #>> '{rely,password_hash}' for share),
session_now as (select 1 from sessions where user_id = $6 and session_hash = decode($8::jsonb #>> '{session,hash}', 'hex')
  and expires_at > $1 for no key update),
verdict as (select case
  when $8::jsonb #>> '{code,redirect_uri}' is not null and not exists (
    select 1 from clients where client_id = $3 and $8::jsonb #>> '{code,redirect_uri}' = any (callbacks)) then 'callback'
  when (select revision from connection_now) || '.' || coalesce((select revision from enablement_now), '-') is distinct from $7
    or ($4::text is not null and not exists (select 1 from enablement_now)) then 'connection'
  when ($8::jsonb ->> 'unserved')::boolean
    and exists (select 1 from organization_connections where connection_id = $5 and is_enabled) then 'connection'
  when $4::text is not null and (select blocked from organization_now) is distinct from false then 'organization'
  when (select count(*) from domains_now) <> jsonb_array_length($8::jsonb -> 'domains') then 'domain'
  when exists (select 1 from discovery_domains where domain = $8::jsonb ->> 'unclaimed_domain' and status = 'verified'
    and organization_id is distinct from $4) then 'domain'
  when jsonb_typeof($8::jsonb -> 'rely') = 'object' then case
    when not exists (select 1 from user_now) then 'account'
    when (select blocked from user_now) then 'account'
    when (select email from user_now) is distinct from $8::jsonb #>> '{rely,email}' then 'address'
    when (select ${addressProved('u', '$4')} from user_now u) <> ($8::jsonb #>> '{rely,address_proved}')::boolean then 'address'
    when exists (select 1 from member_now) <> ($8::jsonb #>> '{rely,member}')::boolean then 'membership'
    when ($8::jsonb #>> '{rely,break_glass}')::boolean and not (select break_glass from member_now) then 'membership'
    when ($8::jsonb #>> '{rely,no_others}')::boolean and exists (
      select 1 from members where user_id = $6 and organization_id is distinct from $4) then 'other_organizations'
    when ($8::jsonb #>> '{bind,0,replaces}' is not null or jsonb_array_length($8::jsonb -> 'refresh') = 1)
      and not exists (select 1 from identity_now) then 'identity'
    when $8::jsonb #>> '{rely,password_hash}' is not null and not exists (select 1 from password_now) then 'password'
    when $8::jsonb #>> '{session,kind}' = 'existing' and not exists (select 1 from session_now) then 'session'
    end
  end as conflict),
ok as (select 1 from verdict where conflict is null),
consumed as (update invitations set consumed_at = $1, consumed_by = $6
  where exists (select 1 from ok) and organization_id = $4 and id = $8::jsonb ->> 'invitation'
    and consumed_at is null and expires_at > $1 returning 1),
go as (select 1 from ok where $8::jsonb ->> 'invitation' is null or exists (select 1 from consumed)),
receipt as (insert into login_receipts (organization_id, transaction_id, expires_at)
  select coalesce($4, ''), $2, $1::timestamptz + interval '1 day' from go where ($8::jsonb ->> 'finishes')::boolean),
created_user as (insert into users (user_id, email, email_vouched_by, name, given_name, family_name, nickname, picture,
    user_metadata, app_metadata, logins_count, last_login_at, last_ip, created_at, updated_at)
  select $6, x.email, x.email_vouched_by, x.name, x.given_name, x.family_name, x.nickname, x.picture,
    x.user_metadata, x.app_metadata, ($8::jsonb ->> 'finishes')::boolean::integer,
    case when ($8::jsonb ->> 'finishes')::boolean then $1 end, $8::jsonb ->> 'ip', $1, $1
  from go, jsonb_to_recordset($8::jsonb -> 'new_user') as x (email text, email_vouched_by text, name text, given_name text,
    family_name text, nickname text, picture text, user_metadata jsonb, app_metadata jsonb)),
refresh as (select * from jsonb_to_recordset($8::jsonb -> 'refresh') as x (connection_id text, subject text, data jsonb,
  email text, email_vouched_by text, name text, given_name text, family_name text, nickname text, picture text)),
followed as (select r.* from refresh r join identities i on i.user_id = $6 and i.status = 'bound' and i.is_primary
  and i.connection_id = r.connection_id and i.subject = r.subject),
touched_user as (update users set logins_count = logins_count + ($8::jsonb ->> 'finishes')::boolean::integer,
    last_login_at = case when ($8::jsonb ->> 'finishes')::boolean then $1 else last_login_at end,
    user_metadata = (user_metadata || coalesce($8::jsonb #> '{actions,user,set}', '{}'))
      - array(select jsonb_array_elements_text($8::jsonb #> '{actions,user,remove}')),
    app_metadata = (app_metadata || coalesce($8::jsonb #> '{actions,app,set}', '{}'))
      - array(select jsonb_array_elements_text($8::jsonb #> '{actions,app,remove}')),
    last_ip = $8::jsonb ->> 'ip',
    -- a code or a link is not forgotten because the IdP says the same address again
    email_vouched_by = case
      when (select email from followed) <> coalesce(email, '') then (select email_vouched_by from followed)
      when $8::jsonb ->> 'vouch_for_email' is not null then $8::jsonb ->> 'vouch_for_email'
      when not exists (select 1 from followed where email is not null) then email_vouched_by
      when email_vouched_by in ('mail', 'operator') then email_vouched_by
      else coalesce((select email_vouched_by from followed), email_vouched_by) end,
    email = coalesce((select email from followed), email),
    name = coalesce((select name from followed), name),
    given_name = coalesce((select given_name from followed), given_name),
    family_name = coalesce((select family_name from followed), family_name),
    nickname = coalesce((select nickname from followed), nickname),
    picture = coalesce((select picture from followed), picture),
    updated_at = $1
  where exists (select 1 from go) and user_id = $6 and jsonb_array_length($8::jsonb -> 'new_user') = 0),
dropped_expected as (delete from identities
  where exists (select 1 from go) and user_id = $6 and id = $8::jsonb #>> '{bind,0,replaces}' returning is_primary),
named_prefix as (insert into user_id_prefixes (connection_id, issuer, prefix, created_at)
  select $5, x.id_issuer, x.id_prefix, $1 from go, jsonb_to_recordset($8::jsonb -> 'new_user') as x (id_prefix text, id_issuer text)
  where x.id_prefix is not null),
bound as (insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, profile, email_vouched_by, bound_by, evidence,
    created_at, bound_at)
  select $6, x.id, x.connection_id, 'bound', x.issuer, x.subject,
    jsonb_array_length($8::jsonb -> 'new_user') = 1 or exists (select 1 from dropped_expected where is_primary), x.profile, x.email_vouched_by,
    x.rule, x.evidence, $1, $1
  from go, jsonb_to_recordset($8::jsonb -> 'bind') as x (id text, connection_id text, issuer text, subject text, profile jsonb,
    email_vouched_by text, rule text, evidence jsonb)),
refreshed as (update identities i set profile = r.data, email_vouched_by = r.email_vouched_by from refresh r
  where exists (select 1 from go) and i.user_id = $6 and i.status = 'bound' and i.connection_id = r.connection_id
    and i.subject = r.subject and (i.profile, i.email_vouched_by) is distinct from (r.data, r.email_vouched_by)),
stored_password as (insert into password_credentials (user_id, connection_id, email, hash, changed_at)
  select $6, x.connection_id, x.email, x.hash, $1
  from go, jsonb_to_recordset($8::jsonb -> 'password') as x (connection_id text, email text, hash text)
  on conflict (user_id, connection_id) do update set hash = excluded.hash),
-- no hash of any kind: nothing fits it, and the account can still ask for a new password
ended_password as (update password_credentials set hash = '!', changed_at = $1
  where exists (select 1 from go) and user_id = $6 and ($8::jsonb ->> 'end_password')::boolean),
ended_sessions as (delete from sessions
  where exists (select 1 from go) and user_id = $6 and ($8::jsonb ->> 'revoke_older')::boolean),
ended_tokens as (update refresh_tokens set revoked_at = $1
  where exists (select 1 from go) and user_id = $6 and revoked_at is null and ($8::jsonb ->> 'revoke_older')::boolean),
ended_codes as (update authorization_codes set used_at = $1
  where exists (select 1 from go) and user_id = $6 and used_at is null and ($8::jsonb ->> 'revoke_older')::boolean),
ended_tickets as (update tickets set used_at = $1
  where exists (select 1 from go) and user_id = $6 and used_at is null and ($8::jsonb ->> 'revoke_older')::boolean),
joined as (insert into members (organization_id, user_id, via, first_used_at, created_at)
  select $4, $6, $8::jsonb #>> '{membership,via}', case when ($8::jsonb ->> 'uses_membership')::boolean then $1 end, $1 from go where ($8::jsonb #>> '{membership,create}')::boolean),
used as (update members set first_used_at = $1
  where exists (select 1 from go) and ($8::jsonb ->> 'uses_membership')::boolean and organization_id = $4 and user_id = $6 and first_used_at is null),
granted as (insert into member_roles (organization_id, user_id, role_id)
  select $4, $6, r.id from go, (
    select id from roles where id = any (array(select jsonb_array_elements_text($8::jsonb #> '{membership,roles}')))
    union select id from roles where $8::jsonb #>> '{membership,via}' = 'action'
      and name = any (array(select jsonb_array_elements_text($8::jsonb #> '{membership,roles}')))) r on conflict do nothing),
replaced_session as (delete from sessions
  where exists (select 1 from go) and user_id = $8::jsonb #>> '{session,replaces,user_id}'
    and session_hash = decode($8::jsonb #>> '{session,replaces,hash}', 'hex')),
opened_session as (insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at,
    idle_expires_at, metadata, methods)
  select $6, decode(x.hash, 'hex'), x.id, $5, x.authenticated_at, $1, $1,
    least(x.expires_at, ($8::jsonb #>> '{actions,session_expires_at}')::timestamptz),
    ($8::jsonb #>> '{actions,session_idle_expires_at}')::timestamptz, coalesce($8::jsonb #> '{actions,session,set}', '{}'),
    coalesce($8::jsonb #> '{actions,methods}', '[]')
  from go, jsonb_to_record($8::jsonb -> 'session') as x (kind text, id text, hash text, authenticated_at timestamptz, expires_at timestamptz)
  where x.kind = 'new'),
kept_session as (update sessions set last_used_at = $1,
    methods = (select coalesce(jsonb_agg(m), '[]') from jsonb_array_elements(methods) m where not exists (
        select 1 from jsonb_array_elements($8::jsonb #> '{actions,methods}') n where n ->> 'name' = m ->> 'name'))
      || coalesce($8::jsonb #> '{actions,methods}', '[]'),
    expires_at = least(expires_at, ($8::jsonb #>> '{actions,session_expires_at}')::timestamptz),
    idle_expires_at = ($8::jsonb #>> '{actions,session_idle_expires_at}')::timestamptz,
    metadata = (metadata || coalesce($8::jsonb #> '{actions,session,set}', '{}'))
      - array(select jsonb_array_elements_text($8::jsonb #> '{actions,session,remove}'))
  where exists (select 1 from go) and user_id = $6 and $8::jsonb #>> '{session,kind}' = 'existing'
    and session_hash = decode($8::jsonb #>> '{session,hash}', 'hex')),
issued_code as (insert into authorization_codes (user_id, code_hash, client_id, organization_id, session_id, redirect_uri, scope, audience,
    nonce, code_challenge, authenticated_at, connection_id, created_at, expires_at, family_id, actions, redirect_uri_sent)
  select $6, decode(x.hash, 'hex'), $3, $4, $8::jsonb #>> '{session,id}', x.redirect_uri, x.scope, x.audience,
    x.nonce, x.code_challenge, x.authenticated_at, $5, $1, x.expires_at, x.family_id, $8::jsonb #> '{actions,tokens}', x.redirect_uri_sent
  from go, jsonb_to_record($8::jsonb -> 'code') as x (hash text, redirect_uri text, scope text, audience text, nonce text,
    code_challenge text, authenticated_at timestamptz, expires_at timestamptz, family_id text, redirect_uri_sent boolean)
  where x.hash is not null),
logged as (insert into logs (organization_id, log_id, date, type, description, client_id, user_id, connection_id, ip, user_agent, details)
  select coalesce(x.organization_id, ''), x.log_id, x.date, x.type, x.description, x.client_id, x.user_id, x.connection_id, x.ip, x.user_agent, x.details
  from go, jsonb_to_recordset($8::jsonb -> 'log') as x (organization_id text, log_id text, date timestamptz, type text, description text,
    client_id text, user_id text, connection_id text, ip text, user_agent text, details jsonb)),
mailed as (insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at)
  select x.id, x.recipient, x.template, decode(x.body, 'hex'), $1, $1
  from go, jsonb_to_recordset($8::jsonb -> 'mail') as x (id text, recipient text, template text, body text)),
queued as (insert into action_jobs (id, trigger, organization_id, event_sealed, created_at, next_attempt_at)
  select x.id, x.trigger, $4, decode(x.event, 'hex'), $1, $1
  from go, jsonb_to_recordset($8::jsonb -> 'jobs') as x (id text, trigger text, event text))
select (select conflict from verdict) as conflict, exists (select 1 from go) as done`;
