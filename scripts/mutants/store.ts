// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the one write: locks dropped, re-checks dropped, writes left out or done too early. */
import { type Mutant, mutantsOf } from './mutant.js';

const STORE = 'test/storage/login-store.test.ts';
const ORDER = 'test/faults/interleavings.test.ts';
const EDGES = 'test/faults/commit-edges.test.ts';
const STATEMENT = 'src/storage/login-store/commit-statement.ts';
const COMMIT = 'src/storage/login-store/commit.ts';

const LOCKS = mutantsOf(
  STATEMENT,
  ['connection not locked', 'connections where id = $5 for share)', 'connections where id = $5)', ORDER, STORE],
  ['enablement not locked', '$5 and is_enabled for share)', '$5 and is_enabled)', ORDER, STORE],
  ['organization not locked', 'organizations where id = $4 for share)', 'organizations where id = $4)', ORDER, STORE],
  ['user not locked', 'users where user_id = $6 for no key update)', 'users where user_id = $6)', ORDER, STORE],
  [
    'member not locked',
    'members where organization_id = $4 and user_id = $6 for no key update)',
    'members where organization_id = $4 and user_id = $6)',
    ORDER,
    STORE,
  ],
  ['identity not locked', "'{refresh,0,subject}') for no key update)", "'{refresh,0,subject}'))", ORDER, STORE],
  ['password not locked', "'{rely,password_hash}' for share)", "'{rely,password_hash}')", ORDER, STORE],
);

const PLANS = mutantsOf('src/storage/tokens/statements.ts', [
  'tenant not named by its key',
  'join tenant t on t.id = 1',
  'cross join tenant t',
  'test/storage/plans.test.ts',
]);

const CHECKS = mutantsOf(
  STATEMENT,
  ['fingerprint not compared', 'is distinct from $7\n    or', 'is distinct from $7 and false\n    or', STORE],
  [
    'enablement switched off not noticed',
    'organization_id = $4 and connection_id = $5 and is_enabled for share',
    'organization_id = $4 and connection_id = $5 for share',
    STORE,
  ],
  [
    'blocked organization not noticed',
    "is distinct from false then 'organization'",
    "is distinct from false and false then 'organization'",
    STORE,
  ],
  [
    'domain proofs not counted again',
    "jsonb_array_length($8::jsonb -> 'domains') then 'domain'",
    "jsonb_array_length($8::jsonb -> 'domains') and false then 'domain'",
    STORE,
  ],
  [
    'domain that another organization proves not noticed',
    "'unclaimed_domain' and status = 'verified'",
    "'unclaimed_domain' and status = 'nothing'",
    STORE,
  ],
  ['deleted account not noticed', "when not exists (select 1 from user_now) then 'account'", '', STORE],
  ['blocked account not noticed', "when (select blocked from user_now) then 'account'", '', STORE],
  [
    'changed address not noticed',
    "when (select email from user_now) is distinct from $8::jsonb #>> '{rely,email}' then 'address'",
    '',
    STORE,
  ],
  [
    'proof of the address not compared',
    "when (select ${addressProved('u', '$4')} from user_now u) <> ($8::jsonb #>> '{rely,address_proved}')::boolean then 'address'",
    '',
    STORE,
  ],
  [
    'membership not compared',
    "when exists (select 1 from member_now) <> ($8::jsonb #>> '{rely,member}')::boolean then 'membership'",
    '',
    STORE,
  ],
  [
    'break-glass not compared',
    "when ($8::jsonb #>> '{rely,break_glass}')::boolean and not",
    'when false and not',
    STORE,
  ],
  [
    'other organizations not looked for',
    "when ($8::jsonb #>> '{rely,no_others}')::boolean and exists",
    'when false and exists',
    STORE,
  ],
  [
    'identity not looked for',
    "and not exists (select 1 from identity_now) then 'identity'",
    "and false then 'identity'",
    STORE,
  ],
  [
    'password hash not compared',
    "and not exists (select 1 from password_now) then 'password'",
    "and false then 'password'",
    STORE,
  ],
  [
    'ended session used again',
    "and not exists (select 1 from session_now) then 'session'",
    "and false then 'session'",
    STORE,
  ],
  [
    'used invitation used again',
    'and consumed_at is null and expires_at > $1 returning',
    'and expires_at > $1 returning',
    STORE,
  ],
  [
    'expired invitation used',
    'and consumed_at is null and expires_at > $1 returning',
    'and consumed_at is null returning',
    STORE,
  ],
  [
    'invitation of another organization used',
    "exists (select 1 from ok) and organization_id = $4 and id = $8::jsonb ->> 'invitation'",
    "exists (select 1 from ok) and id = $8::jsonb ->> 'invitation'",
    EDGES,
  ],
  [
    'writes although the invitation was not to be had',
    "from ok where $8::jsonb ->> 'invitation' is null or exists (select 1 from consumed)),",
    'from ok),',
    STORE,
    ORDER,
  ],
  [
    'invitation consumed before the verdict',
    'where exists (select 1 from ok) and organization_id = $4 and id =',
    'where organization_id = $4 and id =',
    EDGES,
  ],
);

const WRITES = mutantsOf(
  STATEMENT,
  [
    'receipt not kept',
    "from go where ($8::jsonb ->> 'finishes')::boolean),\ncreated_user",
    'from go where false),\ncreated_user',
    STORE,
  ],
  [
    'receipt written before the verdict',
    "from go where ($8::jsonb ->> 'finishes')::boolean),\ncreated_user",
    "where ($8::jsonb ->> 'finishes')::boolean),\ncreated_user",
    STORE,
  ],
  [
    'older sessions survive a binding',
    "user_id = $6 and ($8::jsonb ->> 'revoke_older')::boolean),\nended_tokens",
    'user_id = $6 and false),\nended_tokens',
    STORE,
  ],
  [
    'older refresh tokens survive a binding',
    "and revoked_at is null and ($8::jsonb ->> 'revoke_older')::boolean)",
    'and revoked_at is null and false)',
    STORE,
  ],
  [
    'older codes survive a binding',
    'ended_codes as (update authorization_codes set used_at = $1\n  where exists (select 1 from go)',
    'ended_codes as (update authorization_codes set used_at = $1\n  where false',
    STORE,
  ],
  [
    'pending tickets survive a binding',
    'ended_tickets as (update tickets set used_at = $1\n  where exists (select 1 from go)',
    'ended_tickets as (update tickets set used_at = $1\n  where false',
    STORE,
  ],
  [
    'roles of the invitation not given',
    "jsonb #> '{membership,roles}')))\n    union",
    "jsonb #> '{membership,roles}'))) and false\n    union",
    STORE,
  ],
  [
    'membership not marked as used',
    'and user_id = $6 and first_used_at is null),',
    'and user_id = $6 and false),',
    STORE,
  ],
  [
    'session known before the login survives it',
    'replaced_session as (delete from sessions\n  where exists (select 1 from go)',
    'replaced_session as (delete from sessions\n  where false',
    STORE,
  ],
  [
    'log line written without the login',
    "from go, jsonb_to_recordset($8::jsonb -> 'log')",
    "from jsonb_to_recordset($8::jsonb -> 'log')",
    STORE,
  ],
);

const OUTCOMES = mutantsOf(
  COMMIT,
  ['two bindings at once are a fault', "  identities_bound_once: 'identity',\n", '', STORE, ORDER],
  ['two newcomers at once are a fault', "  users_pkey: 'account',\n", '', STORE, ORDER],
  ['a second commit of one transaction is a fault', "  login_receipts_pkey: 'receipt',\n", '', STORE],
  ['a parent deleted meanwhile is a fault', "  if (code === '23503') return 'reference';\n", '', STORE, ORDER],
  [
    'a binding does not wait for who is on his way in',
    'if (plan.bind?.revokeOlder !== true) return',
    'if (plan.bind !== null) return',
    ORDER,
  ],
  ['a lost answer is never looked up', 'if (await wasApplied(pool, plan, error)) return { ok: true };', '', EDGES],
  [
    'a lost answer is taken for a yes',
    'if (await wasApplied(pool, plan, error)) return { ok: true };',
    'return { ok: true };',
    EDGES,
  ],
  [
    'a verdict without a row is taken for a yes',
    'if (row?.done) return { ok: true };',
    'if (row) return { ok: true };',
    STORE,
  ],
);

const WAYS_IN = mutantsOf(
  'src/storage/login-store/target.ts',
  [
    'a connection that cannot sign in is a way in',
    'connections.filter((item) => strategies.includes((item.connection as Json).strategy as Strategy))',
    'connections.filter((item) => strategies.length > 0 && item !== undefined)',
    'test/scenarios/connection-that-cannot-sign-in.test.ts',
  ],
  [
    'a connection that cannot sign in is a home realm',
    'and n.strategy = any($2) and (\n',
    'and $2::text[] is not null and (\n',
    'test/scenarios/connection-that-cannot-sign-in.test.ts',
  ],
);

export const STORE_MUTANTS: readonly Mutant[] = [...LOCKS, ...PLANS, ...CHECKS, ...WRITES, ...OUTCOMES, ...WAYS_IN];
