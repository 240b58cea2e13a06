/**
 * Rewrites the lists of docs/scale.md: the key by which each table would be distributed, the statements of a sign-in
 * with the keys that they name, and all that crosses a key. Run it after a row below changed: `npx tsx
 * scripts/scale-tables.ts`. `test/storage/distribution.test.ts` compares the rows with the plans of the statements and
 * with the catalogue of a migrated database. Changes nothing of the server.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PAGE = fileURLToPath(new URL('../docs/scale.md', import.meta.url));

/** Columns that a distributed database would place rows by. */
export type Key = 'user_id' | 'organization_id' | 'key_hash' | 'client_id';
/** `copy`: the whole table is on each machine. `one`: the whole table is on one machine. */
export type Place = Key | 'copy' | 'one';

/** Every table and its place. */
const TABLES: Readonly<Record<Place, string>> = {
  user_id: `authorization_codes factors identities member_roles members moved_identities password_credentials
    refresh_tokens scim_group_members session_clients sessions tickets user_permissions user_roles users`,
  organization_id: 'connection_setups invitations login_receipts logs',
  key_hash: 'attempt_counters cookie_overflow',
  client_id: 'client_assertions',
  copy: `action_bindings action_module_versions action_modules action_versions actions client_credentials client_grants
    clients connection_clients connection_keys connections custom_texts discovery_domains email_provider
    email_templates operators organization_client_grants organization_clients organization_connections organizations
    page_templates profiles resource_servers role_permissions roles schema_migrations scim_configurations
    scim_group_roles scim_groups scim_tokens self_service_profiles service_provider_keys settings_revision signing_keys tenant
    user_id_prefixes`,
  one: `action_jobs log_streams logout_notices outbox user_export_jobs user_import_errors user_import_jobs`,
};

const WHY: Readonly<Record<Place, string>> = {
  user_id: 'A person: what they are, how they prove it, what they hold, and where they are a member.',
  organization_id: 'An organization: its invitations, the lines of its log, the receipts of its sign-ins.',
  key_hash: 'A hash: counters of attempts, and sign-ins that are too large for cookies.',
  client_id: 'An application: the signed assertions that it used.',
  copy: 'Administrators write them, and sign-ins read them. So each machine has a copy.',
  one: 'Queues, which workers take from in the order of time. They stay on one machine.',
};

/** The place of each table. */
export const PLACES: ReadonlyMap<string, Place> = new Map(
  (Object.entries(TABLES) as [Place, string][]).flatMap(([place, names]) =>
    names.split(/\s+/).map((name): [string, Place] => [name, place]),
  ),
);

/** A statement of a sign-in: the keys that it names, with a value or by a row of the same key. */
export interface StatementRow {
  readonly story: string;
  readonly statement: string;
  readonly names: readonly Key[];
}

const PERSON = ['user_id'] as const;
const BOTH = ['organization_id', 'user_id'] as const;
/** The node keeps the target itself since an earlier sign-in (ADR 0118). */
const TARGET = { statement: 'login-find-revision', names: [] } as const;
const SSO = [TARGET, { statement: 'login-find-candidates', names: BOTH }] as const;
const COMMIT = { statement: 'login-commit', names: BOTH } as const;

const STORIES: Readonly<Record<string, readonly Omit<StatementRow, 'story'>[]>> = {
  'a member comes back by single sign-on': [...SSO, COMMIT],
  'a new person comes by an invitation': [{ statement: 'login-find-target', names: BOTH }, ...SSO, COMMIT],
  'a stranger is refused': [...SSO, { statement: 'log-append', names: ['organization_id'] }],
  'the application redeems the code': [
    { statement: 'tokens-code', names: PERSON },
    { statement: 'attempts', names: ['key_hash'] },
    { statement: 'tokens-redeem', names: BOTH },
  ],
  'an open session answers': [
    SSO[0],
    { statement: 'login-find-session', names: PERSON },
    { statement: 'login-find-account', names: BOTH },
    COMMIT,
  ],
  'a password': [
    SSO[0],
    { statement: 'login-find-password-account', names: PERSON },
    { statement: 'attempts', names: ['key_hash'] },
    { statement: 'login-find-account', names: BOTH },
    COMMIT,
  ],
  'a refresh token is rotated': [
    { statement: 'tokens-refresh', names: PERSON },
    { statement: 'tokens-rotate', names: BOTH },
  ],
};

export const STATEMENTS: readonly StatementRow[] = Object.entries(STORIES).flatMap(([story, rows]) =>
  rows.map((row) => ({ story, ...row })),
);

/** An access of a statement that no key leads to one machine: a read of a distributed table without its key. */
export interface Crossing {
  readonly statement: string;
  /** `read`: a table with a key, without it. `lock` and `write`: of a table that is copied, or on one machine. */
  readonly kind: 'read' | 'lock' | 'write';
  readonly table: string;
  readonly reason: string;
}

const INVITER = 'an invitation names the member who sent it, and their rights are read; only with an invitation';
const BEFORE = 'before the identity is found nobody knows the person: by connection, issuer and subject';
const SHARED = 'the commit checks under lock that an administrator changed nothing since the decision';

export const CROSSINGS: readonly Crossing[] = [
  { statement: 'login-find-target', kind: 'read', table: 'members', reason: INVITER },
  { statement: 'login-find-target', kind: 'read', table: 'users', reason: INVITER },
  { statement: 'login-find-candidates', kind: 'read', table: 'identities', reason: BEFORE },
  { statement: 'login-find-candidates', kind: 'read', table: 'users', reason: 'accounts with the asserted address' },
  { statement: 'login-find-candidates', kind: 'read', table: 'moved_identities', reason: BEFORE },
  { statement: 'login-find-candidates', kind: 'read', table: 'members', reason: INVITER },
  {
    statement: 'login-find-password-account',
    kind: 'read',
    table: 'password_credentials',
    reason: 'a person types an address, not a user id',
  },
  { statement: 'login-find-account', kind: 'read', table: 'members', reason: INVITER },
  { statement: 'login-find-account', kind: 'read', table: 'users', reason: INVITER },
  { statement: 'login-commit', kind: 'lock', table: 'connections', reason: SHARED },
  { statement: 'login-commit', kind: 'lock', table: 'discovery_domains', reason: SHARED },
  { statement: 'login-commit', kind: 'lock', table: 'organization_connections', reason: SHARED },
  { statement: 'login-commit', kind: 'lock', table: 'organizations', reason: SHARED },
  {
    statement: 'login-commit',
    kind: 'read',
    table: 'logs',
    reason: 'the line of a sign-in that was repeated, by its id; only in an open session',
  },
  {
    statement: 'login-commit',
    kind: 'write',
    table: 'user_id_prefixes',
    reason: 'the first person of a connection gives its ids their prefix',
  },
];

/** Unique indexes of distributed tables that do not contain the key: the rule would hold on each machine alone. */
export const UNIQUE: Readonly<Record<string, string>> = {
  connection_setups_id_key: 'random ids',
  factors_one_of_credential: 'one account a passkey',
  identities_bound_once: 'one account an identity',
  identities_expected_email: 'one reserved account an address of a connection',
  identities_expected_subject: 'one reserved account a subject of a connection',
  identities_named_once: 'one account an identity, also while it is reserved',
  identities_scim_id_key: 'random ids',
  identities_scim_user_name: 'one account a user name of a directory',
  invitations_ticket_hash_key: 'random tickets',
  logs_by_id: 'random ids',
  logs_by_position: 'the order of the log streams',
  password_credentials_connection_id_email_key: 'one account an address of a password database',
};

/** Breaks a text into lines of readable length. */
function wrap(text: string, indent = ''): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length > 116) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}

const PLACE_NAMES: Readonly<Record<Place, string>> = {
  user_id: '`user_id`',
  organization_id: '`organization_id`',
  key_hash: '`key_hash`',
  client_id: '`client_id`',
  copy: 'a copy on each machine',
  one: 'one machine',
};

const SECTIONS: Readonly<Record<string, () => readonly string[]>> = {
  places: () =>
    (Object.keys(TABLES) as Place[]).map((place) => {
      const names = [...PLACES].filter(([, at]) => at === place).map(([name]) => `\`${name}\``);
      return wrap(`- **${PLACE_NAMES[place]}** (${names.length}). ${WHY[place]} ${names.join(', ')}`, '  ');
    }),
  statements: () => [
    '| a sign-in | statement | keys that it names |',
    '|---|---|---|',
    ...STATEMENTS.map(
      ({ story, statement, names }, index) =>
        `| ${story === STATEMENTS[index - 1]?.story ? '' : story} | \`${statement}\` | ${names.map((name) => `\`${name}\``).join(', ') || 'none: a copied table'} |`,
    ),
  ],
  crossings: () => [
    '| statement | crosses by a | of | reason |',
    '|---|---|---|---|',
    ...CROSSINGS.map(
      ({ statement, kind, table, reason }) => `| \`${statement}\` | ${kind} | \`${table}\` | ${reason} |`,
    ),
  ],
  unique: () => [
    '| unique index | says |',
    '|---|---|',
    ...Object.entries(UNIQUE).map(([index, meaning]) => `| \`${index}\` | ${meaning} |`),
  ],
};

/** Returns the page with the present lists, each between its two marks. */
export function withLists(page: string): string {
  return Object.entries(SECTIONS).reduce((text, [name, toLines]) => {
    const [begin, end] = [`<!-- ${name}: made by scripts/scale-tables.ts -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${PAGE} has no place for ${name}: ${begin} … ${end}`);
    return `${text.slice(0, from + begin.length)}\n\n${toLines().join('\n')}\n\n${text.slice(to)}`;
  }, page);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, withLists(readFileSync(PAGE, 'utf8')));
  console.log(`${PAGE}: ${CROSSINGS.length} accesses cross a key`);
}
