// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the commit of a login: missing locks, missing checks, and writes that are left out or done too early. */
import { type Mutant, mutantsOf } from './mutant.js';

const STORE = 'test/storage/login-store.test.ts';
const ORDER = 'test/faults/interleavings.test.ts';
const EDGES = 'test/faults/commit-edges.test.ts';
const STATEMENT = 'src/storage/login-store/commit-parts.ts';
const COMMIT = 'src/storage/login-store/commit.ts';

const MEMORY = 'src/storage/settings-memory.ts';
const REMEMBERED = [
  ...mutantsOf(
    MEMORY,
    [
      'settings are used although they changed',
      ' && found.revision === (await revisionNow())',
      '',
      'test/storage/settings-memory.test.ts',
      'test/storage/target-memory.test.ts',
    ],
    [
      'an answer from before the call is shared',
      'next ??= endOrTurn(underWay).then(begin);\n    return next;',
      'return underWay;',
      'test/storage/settings-memory.test.ts',
    ],
    [
      'one silent connection holds up every login',
      'setTimeout(resolve, TURN_MS)',
      'setTimeout(() => undefined, TURN_MS)',
      'test/storage/settings-memory.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/storage/login-store/target-memory.ts',
    [
      'invented names fill the memory',
      'mayBeKept: target !== undefined && isFound(target, query)',
      'mayBeKept: target !== undefined',
      'test/storage/target-memory.test.ts',
    ],
    [
      'a kept proof of a domain never expires',
      '...(target && { changesAtMs: firstExpiry(target) }),',
      '',
      'test/storage/target-memory.test.ts',
    ],
  ),
];

const LOCKS = mutantsOf(
  STATEMENT,
  [
    'connection not locked',
    'connections where id = :connection for share',
    'connections where id = :connection',
    ORDER,
    STORE,
  ],
  [
    'enablement not locked',
    'connection_id = :connection and is_enabled for share',
    'connection_id = :connection and is_enabled',
    ORDER,
    STORE,
  ],
  [
    'organization not locked',
    'organizations where id = :organization for share',
    'organizations where id = :organization',
    ORDER,
    STORE,
  ],
  ['user not locked', 'users where user_id = :user for no key update', 'users where user_id = :user', ORDER, STORE],
  [
    'member not locked',
    'members where organization_id = :organization and user_id = :user for no key update',
    'members where organization_id = :organization and user_id = :user',
    ORDER,
    STORE,
  ],
  [
    'identity not locked',
    'subject = :known_subject and not scim_inactive for no key update',
    'subject = :known_subject and not scim_inactive',
    ORDER,
    STORE,
  ],
  ['password not locked', 'hash = :proved_hash for share', 'hash = :proved_hash', ORDER, STORE],
);

const PLANS = mutantsOf('src/storage/tokens/statements.ts', [
  'tenant not named by its key',
  'join tenant t on t.id = 1',
  'cross join tenant t',
  'test/storage/plans.test.ts',
]);

const CHECKS = mutantsOf(
  STATEMENT,
  [
    'fingerprint not compared',
    '(select revision from enablement_now) is distinct from :fingerprint',
    "(select revision from enablement_now) is null and :fingerprint = ''",
    STORE,
  ],
  [
    'enablement switched off not noticed',
    'connection_id = :connection and is_enabled for share',
    'connection_id = :connection for share',
    STORE,
  ],
  [
    'blocked organization not noticed',
    "'(select blocked from organization_now) is distinct from false'",
    "'false'",
    STORE,
  ],
  [
    'domain proofs not counted again',
    "'(select count(*) from domains_now) <> cardinality(:domains)'",
    "'false'",
    STORE,
  ],
  [
    'domain that another organization proves not noticed',
    "domain = :unclaimed_domain and ${domainProved('d', ':now')}",
    'domain = :unclaimed_domain and false',
    STORE,
  ],
  [
    'deleted account not noticed',
    "'(select blocked from user_now) is distinct from false'",
    "'(select blocked from user_now)'",
    STORE,
  ],
  [
    'blocked account not noticed',
    "'(select blocked from user_now) is distinct from false'",
    "'not exists (select 1 from user_now)'",
    STORE,
  ],
  ['changed address not noticed', "'(select email from user_now) is distinct from :rely_email'", "'false'", STORE],
  [
    'proof of the address not compared',
    "`(select ${addressProved('u', ':organization', ':now')} from user_now u) <> :rely_address_proved`",
    "'false'",
    STORE,
  ],
  ['membership not compared', "'exists (select 1 from member_now) <> :rely_member'", "'false'", STORE],
  ['break-glass not compared', "':rely_break_glass and not (select break_glass from member_now)'", "'false'", STORE],
  ['other organizations not looked for', ':rely_no_others and exists (', 'false and exists (', STORE],
  ['identity not looked for', "'not exists (select 1 from identity_now)'", "'false'", STORE],
  ['password hash not compared', "'not exists (select 1 from password_now)'", "'false'", STORE],
  ['ended session used again', "'not exists (select 1 from session_now)'", "'false'", STORE],
  [
    'used invitation used again',
    'and consumed_at is null and expires_at > :at returning',
    'and expires_at > :at returning',
    STORE,
  ],
  [
    'expired invitation used',
    'and consumed_at is null and expires_at > :at returning',
    'and consumed_at is null returning',
    STORE,
  ],
  [
    'invitation of another organization used',
    'exists (select 1 from ok) and organization_id = :organization and id = :invitation',
    'exists (select 1 from ok) and id = :invitation',
    EDGES,
  ],
  [
    'invitation consumed before the verdict',
    'where exists (select 1 from ok) and organization_id = :organization and id =',
    'where organization_id = :organization and id =',
    EDGES,
  ],
);

const GO = mutantsOf('src/storage/login-store/commit-statement.ts', [
  'writes although the invitation was not to be had',
  "claims.map((name) => `exists (select 1 from ${name})`).join(' and ') || 'true'",
  "'true'",
  STORE,
  ORDER,
]);

const WRITES = mutantsOf(
  STATEMENT,
  ['receipt not kept', "interval '1 day' from go`", "interval '1 day' from go where false`", STORE],
  ['receipt written before the verdict', "interval '1 day' from go`", "interval '1 day'`", STORE],
  [
    'older sessions survive a binding',
    "'delete from sessions where exists (select 1 from go) and user_id = :user'",
    "'delete from sessions where false'",
    STORE,
  ],
  [
    'older refresh tokens survive a binding',
    'and user_id = :user and revoked_at is null',
    'and user_id = :user and false',
    STORE,
  ],
  [
    'older codes survive a binding',
    'ended_codes: `update authorization_codes set used_at = :at\n      where exists (select 1 from go)',
    'ended_codes: `update authorization_codes set used_at = :at\n      where false',
    STORE,
  ],
  [
    'pending tickets survive a binding',
    'update tickets set used_at = :at where exists (select 1 from go)',
    'update tickets set used_at = :at where false',
    STORE,
  ],
  [
    'roles of the invitation not given',
    'select id from roles where id = any (:roles)\n',
    'select id from roles where id = any (:roles) and false\n',
    STORE,
  ],
  [
    'membership not marked as used',
    'case when :uses_membership then coalesce(first_used_at, :at)',
    'case when false then coalesce(first_used_at, :at)',
    STORE,
  ],
  [
    'every login counted as a proof of the account',
    'case when :uses_membership then coalesce(',
    'case when true then coalesce(',
    STORE,
  ],
  ['first login into the organization written anew', 'coalesce(first_login_at, :at)', ':at', STORE],
  [
    'earlier commit point counted as a login',
    'uses_membership: usesMembership, enters: code !== undefined, vouched_here: vouchedHere }\n      : undefined',
    'uses_membership: usesMembership, enters: true, vouched_here: vouchedHere }\n      : undefined',
    STORE,
  ],
  [
    'session known before the login survives it',
    'where exists (select 1 from go) and user_id = :replaced_user',
    'where false and user_id = :replaced_user',
    STORE,
  ],
  ['log line written without the login', "logged: appendTo('go')", "logged: appendTo('(select 1) as always')", STORE],
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
  ['a lost answer is never looked up', 'if (!mayBeWritten(error)) throw error;', 'throw error;', EDGES],
  ['a lost answer is taken for a yes', "if (found === 'stored') return { ok: true };", 'return { ok: true };', EDGES],
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

export const STORE_MUTANTS: readonly Mutant[] = [
  ...REMEMBERED,
  ...LOCKS,
  ...PLANS,
  ...CHECKS,
  ...GO,
  ...WRITES,
  ...OUTCOMES,
  ...WAYS_IN,
];
