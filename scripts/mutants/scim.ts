// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in inbound SCIM: which people a token reaches, whose block may be lifted, and how a login uses what SCIM
 * wrote.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const ATTACKS = 'test/scim/attacks.test.ts';
const ACCOUNTS = 'test/scim/accounts.test.ts';
const GROUPS = 'test/scim/groups.test.ts';
const GROUP_ROLES = 'test/scim/group-roles.test.ts';
const LOCKS = 'test/storage/scim-locks.test.ts';
const STORE = 'test/storage/login-store.test.ts';

export const SCIM_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/storage/directory/scim/scim-people.ts',
    ['people of another connection', 'i.connection_id = ${scope.connectionId} and', 'true and', ATTACKS],
    [
      'addresses that are found by a walk through the connection',
      "(lower(jsonb_path_query_array(i.scim, 'strict $.emails[*].value', '{}', true)::text)::jsonb)",
      "(lower((i.scim #> '{emails}')::text)::jsonb)",
      'test/storage/scim-plans.test.ts',
    ],
  ),
  ...mutantsOf('src/storage/directory/scim/scim-people.ts', [
    'the total of a page',
    'isLast ? offset + rows.length',
    'isLast ? rows.length',
    'test/scim/users.test.ts',
  ]),
  ...mutantsOf('src/storage/directory/scim/scim-caller.ts', [
    'a token of another connection',
    'where t.connection_id = $1::text and',
    'where $1::text is not null and',
    ATTACKS,
  ]),
  ...mutantsOf(
    'src/storage/directory/scim/scim-person.ts',
    [
      'a write about a person of another connection',
      'where i.connection_id = $1::text and',
      "where $1 <> '' and",
      ATTACKS,
    ],
    ['a person as they were before another write', 'for no key update of u, i', 'for no key update of u', LOCKS],
    ['a person whose account is not locked', 'for no key update of u, i', 'for no key update of i', LOCKS],
    ['a person who is linked elsewhere at the moment', 'const LOCK_ATTEMPTS = 3', 'const LOCK_ATTEMPTS = 1', LOCKS],
    [
      'an address that keeps the voucher of another one',
      'case when email is not distinct from $6::text then email_vouched_by end',
      'email_vouched_by',
      ATTACKS,
    ],
  ),
  ...mutantsOf('src/storage/directory/people/end-access.ts', [
    'a refresh token that is being rotated while access ends',
    'while ((await runPrepared(db, tokens, values)).length > 0);',
    'await runPrepared(db, tokens, values);',
    LOCKS,
  ]),
  ...mutantsOf('src/storage/directory/scim/scim-person-create.ts', [
    'an address verified by SCIM',
    "insert into users (user_id, email, app_metadata, blocked, blocked_by_scim, created_at, updated_at, ${PROFILE.join(', ')})\n    select user_id,",
    "insert into users (email_vouched_by, user_id, email, app_metadata, blocked, blocked_by_scim, created_at, updated_at, ${PROFILE.join(', ')})\n    select 'operator', user_id,",
    ATTACKS,
  ]),
  ...mutantsOf('src/storage/directory/scim/scim.ts', [
    'an expired token kept',
    ".where('expires_at', '<=', at)",
    ".where('expires_at', '<', new Date(0))",
    'test/management/scim.test.ts',
  ]),
  ...mutantsOf(
    'src/http/scim/authenticate.ts',
    ['a token by its id alone', ' || !fitsHash(`${tokenId}.${secret}`, found.hash)', '', ATTACKS],
    ['an expired token', 'token.expiresAt.getTime() <= now.getTime()', 'false', ATTACKS],
    ['a token without the scope', 'if (!token.scopes.includes(scope))', 'if (false)', ATTACKS],
  ),
  ...mutantsOf('src/http/scim/people.ts', [
    'an id that no database can hold is a wrong body',
    "if (scimId.includes('\\0')) throw notFound();",
    '',
    'test/scim/users.test.ts',
  ]),
  ...mutantsOf(
    'src/http/scim/people.ts',
    ["another's account blocked", 'if (!person.mayWriteAccount || now.blocked)', 'if (now.blocked)', ACCOUNTS],
    ['access that stays after the deactivation', 'await users.endSessions(userId, call.now);', '', ACCOUNTS],
    [
      'access by one connection that stays after the deactivation of a linked person',
      'await scim.endAccess(userId, person.identity.connectionId);',
      '',
      ACCOUNTS,
    ],
    [
      "a block of the operator's taken back by SCIM",
      'return isOwn(person) && now.blockedByScim ?',
      'return isOwn(person) ?',
      ACCOUNTS,
    ],
    [
      "another's account deleted",
      'if (person.mayWriteAccount) {\n    const removed',
      'if (person) {\n    const removed',
      ACCOUNTS,
    ],
    ["another's account renamed", 'user: isOwn(person)\n', 'user: person\n', ACCOUNTS],
    [
      "the directory's word lost under the operator's block",
      '{ ...now, inactive: true };',
      '{ ...now, inactive: !isOwn(person) };',
      ACCOUNTS,
    ],
    ['a change of a name taken for a word about the person', 'active: !isClosed(person)', 'active: false', ACCOUNTS],
    [
      'an identity of others deleted',
      'if (person.identity.scimId === undefined || isOwn(person))',
      'if (false)',
      ACCOUNTS,
    ],
  ),
  ...mutantsOf('src/storage/directory/people/users.ts', [
    "the operator's block counted as that of SCIM",
    "...('blocked' in changes && { blocked_by_scim: false }),",
    '',
    ACCOUNTS,
  ]),
  ...mutantsOf('src/storage/login-store/candidates.ts', [
    'a way in that SCIM closed',
    'and b.scim_inactive limit 1), false)',
    'and false limit 1), false)',
    ACCOUNTS,
  ]),
  ...mutantsOf(
    'src/storage/login-store/commit-parts.ts',
    [
      'a person whom SCIM cannot find any more after their first login',
      'subject = :bind_subject, expected_email = null,',
      'subject = :bind_subject, expected_email = null, scim = null, scim_id = null,',
      ACCOUNTS,
    ],
    ['groups that changed while a condition looked at them', '  EXPECTED,\n  GROUPS,\n', '  EXPECTED,\n', STORE],
    ['groups that are changed at this moment', ' for share of p, g`', '`', STORE],
    [
      'a way in that SCIM closed since step 3',
      "'exists (select 1 from ways_now where scim_inactive)'",
      "'false'",
      STORE,
    ],
    [
      'a way in that SCIM is closing',
      'where user_id = :user and connection_id = :connection for no key update',
      'where user_id = :user and connection_id = :connection',
      STORE,
    ],
    [
      'a seat that an operator gave to another subject since step 3',
      "ways_now where status = 'expected' and subject <> :takes)",
      "ways_now where status = 'expected' and subject = :takes)",
      STORE,
    ],
  ),
  ...mutantsOf(
    'src/storage/scim-group-roles.ts',
    [
      'a role for a person whom the directory made inactive',
      'i.id = p.identity_id and not i.scim_inactive\n    join organization',
      'i.id = p.identity_id\n    join organization',
      GROUP_ROLES,
    ],
    ['a role by a connection that is switched off', ' and e.is_enabled', '', GROUP_ROLES],
    ['a role of another organization', 'k.organization_id = e.organization_id and', '', GROUP_ROLES],
    [
      'an admission by a group of a person who was made inactive',
      "rtrim(${issuer}, '/') and not i.scim_inactive",
      "rtrim(${issuer}, '/')",
      STORE,
    ],
  ),
  ...mutantsOf(
    'src/storage/directory/scim/scim-groups.ts',
    [
      'groups of another connection',
      'sql`g.connection_id = ${scope.connectionId} and ${toCondition',
      'sql`true and ${toCondition',
      GROUPS,
    ],
    ['a group of another connection', 'where g.connection_id = $1::text and', 'where length($1::text) > 0 and', GROUPS],
    [
      "another company's person in a group",
      'from identities i\n  where i.connection_id = $1::text and',
      "from identities i\n  where $1::text <> '' and",
      GROUPS,
    ],
  ),
  ...mutantsOf('src/storage/login-store/action-ground.ts', [
    'roles of a group missing in the event of the login that makes the membership',
    'where $7 or exists (select 1 from members m where m.organization_id = $2 and m.user_id = $1)',
    'where $7 and false',
    GROUP_ROLES,
  ]),
  ...mutantsOf('src/http/scim/reply.ts', [
    'a write over a change that nobody has seen',
    'if (header !== undefined && !namesVersion(header, version)) throw wasChanged();',
    '',
    'test/scim/protocol.test.ts',
  ]),
  ...mutantsOf('src/management/enabled-connections/scim-group-roles.ts', [
    'roles taken by a token that may only give them',
    'if (GROUP_ROLE_SCOPES.some(',
    'if ([].some(',
    'test/management/scim.test.ts',
  ]),
  ...mutantsOf('src/storage/directory/scim/scim-person.ts', [
    'the voucher of an address kept for the one that the directory writes over it',
    'case when $4::jsonb is null or profile',
    'case when true or profile',
    ACCOUNTS,
  ]),
  ...mutantsOf('src/management/users/user-separate.ts', [
    "a person whom SCIM closed out, opened by the operator's unblocking after the unlink",
    'if (isBlockedNow) await',
    'await',
    ACCOUNTS,
  ]),
  ...mutantsOf(
    'src/management/users/user-identities.ts',
    [
      'a closed account opened by linking it',
      'if (identity.isPrimary && secondary.blockedByScim)',
      'if (false)',
      ACCOUNTS,
    ],
    ['a user of SCIM lost at unlinking', ' && identity.scimId === undefined)', ')', ACCOUNTS],
  ),
];
