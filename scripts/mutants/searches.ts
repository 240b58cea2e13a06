// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in searches and lists: a wrong person is found, a right one is missed, or a page reads a whole table. */
import { type Mutant, mutantsOf } from './mutant.js';

const BEGINNING = 'test/attacks/pattern-in-a-beginning.test.ts';
const FUZZ = 'test/management/search-fuzz.test.ts';
const INVITATIONS = 'test/management/all-invitations.test.ts';
const PLANS = 'test/storage/list-plans.test.ts';

export const SEARCH_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/storage/directory/rows.ts', [
    'a sign of like in a search is one',
    "return text.replace(/[\\\\%_]/g, '\\\\$&');",
    'return text;',
    FUZZ,
  ]),
  ...mutantsOf(
    'src/storage/directory/rows.ts',
    ['a beginning is a pattern', 'lower(${`${escapeLike(text)}%`})', 'lower(${`${text}%`})', BEGINNING],
    [
      'the sign that keeps a pattern a text is none itself',
      "text.replace(/[\\\\%_]/g, '\\\\$&')",
      "text.replace(/[%_]/g, '\\\\$&')",
      BEGINNING,
    ],
  ),
  ...mutantsOf(
    'src/storage/directory/organizations/invitation-lists.ts',
    [
      'invitations of the operators are in the list of all organizations',
      ".where('invitations.organization_id', 'not in', db.selectFrom('operators').select('operators.organization_id'));",
      ';',
      INVITATIONS,
    ],
    ['invitations that were accepted wait', "    .where('invitations.consumed_at', 'is', null)\n", '', INVITATIONS],
    ['invitations that ended wait', "isAfterNow ? '>' : '<='", "isAfterNow ? '>' : '>'", INVITATIONS],
  ),
  ...mutantsOf('src/storage/directory/connections.ts', [
    'no index for the beginning of a name of a connection',
    '`lower(coalesce(display_name, name)) collate "C"`',
    '`upper(lower(coalesce(display_name, name))) collate "C"`',
    PLANS,
  ]),
  ...mutantsOf('src/storage/directory/clients/clients.ts', [
    'no index for the beginning of a name of an application',
    'sql<string>`lower(name) collate "C"`',
    'sql<string>`upper(lower(name)) collate "C"`',
    PLANS,
  ]),
  ...mutantsOf('src/storage/directory/organizations/organizations.ts', [
    'no index for the beginning of a name of an organization',
    '`lower(coalesce(display_name, name)) collate "C"`',
    '`upper(lower(coalesce(display_name, name))) collate "C"`',
    PLANS,
  ]),
  ...mutantsOf(
    'src/storage/directory/people/user-search.ts',
    [
      'whoever has no address is in no negation',
      '`not coalesce(${toInner(term.term)}, false)`',
      '`not (${toInner(term.term)})`',
      FUZZ,
    ],
    ['a value of metadata can be a path', '== ${JSON.stringify(value)}', '== "${value}"', FUZZ],
    ['the day before a range is in it', 'beginsDay(from))) conditions', 'true)) conditions', FUZZ],
    [
      'no index for the day of the last sign-in',
      "[sql.ref('users.last_login_at'), sql.ref('users.last_login_day')]",
      "[sql.ref('users.last_login_at')]",
      PLANS,
    ],
    ['no index for metadata', "(${column} <> '{}' and ${column} @@", '(${column} @@', PLANS],
    ['an identity that is expected counts', "and identities.status = 'bound' and", 'and', FUZZ],
    [
      'no index for the beginning of an address',
      'export const ADDRESS = sql<string>`users.email collate "C"`',
      'export const ADDRESS = sql<string>`lower(users.email) collate "C"`',
      PLANS,
    ],
    [
      'no index for a domain',
      '`split_part(users.email, \'@\', 2) collate "C"`',
      '`lower(split_part(users.email, \'@\', 2)) collate "C"`',
      PLANS,
    ],
  ),
  ...mutantsOf('src/management/users/users.ts', [
    'a search tells whose members people are',
    'if (term && asksForMembership(term) &&',
    'if (false && asksForMembership(term as never) &&',
    'test/management/users.test.ts',
  ]),
  ...mutantsOf('src/storage/directory/tenant/logs.ts', [
    'a code is looked for line by line',
    "coalesce(logs.details ->> 'code', logs.details ->> 'check')",
    "coalesce(logs.details ->> 'check', logs.details ->> 'code')",
    PLANS,
  ]),
  ...mutantsOf('src/storage/directory/tenant/logs.ts', [
    'a number is looked for line by line',
    "logs.log_id = any(array(select l.log_id from logs l where l.details ->> 'reference' = ${filter.reference}))",
    "logs.details ->> 'reference' = ${filter.reference}",
    PLANS,
  ]),
  ...mutantsOf('src/management/logs/log-query.ts', [
    'a search of the log is answered as another one',
    'if (field === undefined || listOf(b) !== field) throw refuseSearch(HOW);',
    'if (field === undefined || listOf(b) !== field) return { ...a, ...b };',
    'test/management/settings.test.ts',
  ]),
];
