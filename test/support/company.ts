/**
 * A company of any size for rollout tests: members with passwords put into the database at once (a thousand password hashes take minutes), a
 * few of every class of a plan among them, and the company's directory as a file. The rows are those that the Management API writes.
 */
import type pg from 'pg';
import type { PersonClass } from '../../src/tenant-tools/rollout/classify.js';
import type { Cast } from './cast.js';
import type { Person } from './scripted-idp.js';

export interface Company {
  /** Lines of CSV with a header. */
  readonly directory: string;
  /** Class to user ids (of `unknown`: addresses), with the directory given. */
  readonly expected: Readonly<Record<string, readonly string[]>>;
  /** The people as the identity provider knows them, by login: `p12`. */
  readonly people: Readonly<Record<string, Person>>;
}

const DOMAIN = 'acme.example';
const id = (n: number) => `auth0|company${String(n).padStart(6, '0')}`;
const address = (n: number) => `p${n}@${DOMAIN}`;
const subject = (n: number) => `idp-p${n}`;

/** People of a class, from the first number on; everybody else is `silent`. */
const SPECIAL: readonly PersonClass[] = [
  'unverified',
  'several_organizations',
  'blocked',
  'not_in_directory',
  'inactive_in_directory',
  'several_candidates',
  'collides',
  'linked',
  'prepared',
  'other_domain',
  'no_address',
  'other_subject',
];

async function addRows(pool: pg.Pool, cast: Cast, size: number, hash: string): Promise<void> {
  const numbers = `from generate_series(1, ${size}) n`;
  const user = `'auth0|company' || lpad(n::text, 6, '0')`;
  const mail = `'p' || n || '@${DOMAIN}'`;
  await pool.query(
    `insert into users (user_id, email, email_vouched_by, name, logins_count, created_at, updated_at)
     select ${user}, ${mail}, 'mail', 'Person ' || n, 1, now(), now() ${numbers}`,
  );
  await pool.query(
    `insert into identities (user_id, id, connection_id, status, subject, is_primary, profile, bound_by, bound_at, created_at)
     select ${user}, 'company' || lpad(n::text, 6, '0'), $1, 'bound', 'company' || lpad(n::text, 6, '0'), true, '{}', 'management:m2m', now(), now() ${numbers}`,
    [cast.databaseId],
  );
  await pool.query(
    `insert into password_credentials (user_id, connection_id, email, hash, changed_at, vouched_by)
     select ${user}, $1, ${mail}, $2, now(), 'mail' ${numbers}`,
    [cast.databaseId, hash],
  );
  await pool.query(
    `insert into members (organization_id, user_id, via, first_used_at, created_at)
     select $1, ${user}, 'invited', now(), date_trunc('milliseconds', now()) + n * interval '1 millisecond' ${numbers}`,
    [cast.acme.id],
  );
  await pool.query(
    `insert into member_roles (organization_id, user_id, role_id) select $1, ${user}, $2 ${numbers} where n % 3 = 0`,
    [cast.acme.id, cast.roleId],
  );
}

/** Makes the `count` people from number `from` on people of the class. */
async function makeSpecial(pool: pg.Pool, cast: Cast, name: PersonClass, numbers: readonly number[]): Promise<void> {
  const ids = numbers.map(id);
  const other = (await pool.query<{ id: string }>(`select id from organizations where name = 'elsewhere'`)).rows[0]?.id;
  const update = (set: string) => pool.query(`update users set ${set} where user_id = any($1)`, [ids]);
  const identity = (status: string, sub: string) =>
    pool.query(
      `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, bound_at, created_at)
       select u.user_id, 'sso' || u.n, $2, $3, case when $3 = 'bound' then $5 else '' end, $4 || u.n, '{}', now(), now()
       from unnest($1::text[], $6::int[]) u(user_id, n)`,
      [ids, cast.acme.connectionId, status, sub, cast.idp.issuer, numbers],
    );
  if (name === 'unverified') await update('email_vouched_by = null');
  if (name === 'blocked') await update('blocked = true');
  if (name === 'no_address') await update('email = null, email_vouched_by = null');
  if (name === 'other_domain') await update(`email = replace(email, '${DOMAIN}', 'private.example')`);
  if (name === 'linked') await identity('bound', 'idp-p');
  if (name === 'other_subject') await identity('bound', 'old-p');
  if (name === 'prepared') await identity('expected', 'idp-p');
  if (name === 'several_organizations') {
    await pool.query(
      `insert into members (organization_id, user_id, via, created_at) select $1, unnest($2::text[]), 'invited', now()`,
      [other, ids],
    );
  }
  if (name === 'several_candidates') await update(`email = '${address(numbers[0] ?? 0)}'`);
  if (name === 'collides') {
    for (const n of numbers) {
      await pool.query(`insert into users (user_id, email, created_at, updated_at) values ($1, $2, now(), now())`, [
        `oidc|acme-oidc|left-${n}`,
        address(n),
      ]);
      await pool.query(
        `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, profile, bound_at, created_at)
         values ($1, $2, $3, 'bound', $4, $5, true, '{}', now(), now())`,
        [`oidc|acme-oidc|left-${n}`, `left${n}`, cast.acme.connectionId, cast.idp.issuer, `left-${n}`],
      );
    }
  }
}

function toDirectory(size: number, classOf: ReadonlyMap<number, PersonClass>, unknown: readonly string[]): string {
  const lines = ['email,subject,active'];
  for (let n = 1; n <= size; n += 1) {
    const name = classOf.get(n) ?? 'silent';
    if (name === 'not_in_directory') continue;
    if (name === 'other_domain') lines.push(`p${n}@private.example,,true`);
    else lines.push(`${address(n)},${subject(n)},${name === 'inactive_in_directory' ? 'false' : 'true'}`);
  }
  return [...lines, ...unknown.map((email, index) => `${email},idp-new${index},true`)].join('\n');
}

/** Adds `size` members to Acme, `each` of every special class, and tells the class that a plan has to give them. */
export async function addCompany(pool: pg.Pool, cast: Cast, size: number, each = 2): Promise<Company> {
  const first = await cast.createMember('first@acme.example');
  const { rows } = await pool.query<{ hash: string }>('select hash from password_credentials where user_id = $1', [
    first,
  ]);
  await pool.query('delete from users where user_id = $1', [first]);
  await cast.instance.api('POST', '/organizations', { name: 'elsewhere' });
  await addRows(pool, cast, size, rows[0]?.hash ?? '');
  const classOf = new Map<number, PersonClass>();
  let next = 1;
  for (const name of SPECIAL) {
    // Two people of `several_candidates` share an address, so there are at least two.
    const numbers = Array.from({ length: each }, () => next++);
    for (const n of numbers) classOf.set(n, name);
    await makeSpecial(pool, cast, name, numbers);
  }
  const unknown = [`newcomer@${DOMAIN}`, `other@${DOMAIN}`];
  const expected: Record<string, string[]> = { unknown: [...unknown] };
  const people: Record<string, Person> = {};
  for (let n = 1; n <= size; n += 1) {
    const name = classOf.get(n) ?? 'silent';
    const list = expected[name] ?? [];
    list.push(id(n));
    expected[name] = list;
    people[`p${n}`] = { sub: subject(n), email: address(n), email_verified: true };
  }
  // Those of `several_candidates` whose own address nobody has any more are in the directory alone.
  const [, ...rest] = [...classOf].filter(([, name]) => name === 'several_candidates').map(([n]) => address(n));
  const without = [...classOf].filter(([, name]) => name === 'no_address').map(([n]) => address(n));
  expected.unknown?.push(...rest, ...without);
  return { directory: toDirectory(size, classOf, unknown), expected, people };
}

/** The number of a person that {@link addCompany} made, from their user id. */
export function numberOf(userId: string): number {
  return Number(userId.slice('auth0|company'.length));
}
