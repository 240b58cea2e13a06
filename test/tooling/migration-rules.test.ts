/** The linter of migrations with the project's rules: it passes the files that exist and finds what would stop sign-ins. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function lint(sql: string) {
  const program = `${root}node_modules/.bin/squawk`;
  const options = { cwd: root, input: sql, encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync(program, ['--stdin-filepath', 'sql/9999_new.sql', '--reporter', 'gcc'], options);
  return { status, rules: [...stdout.matchAll(/(?:warning|error): ([a-z-]+) /g)].map(([, rule]) => rule) };
}

test.each([
  ['create index users_by_name on users (name);', 'require-concurrent-index-creation'],
  ['alter table users add column code int not null;', 'adding-required-field'],
  ['alter table users add constraint known check (length(email) < 900);', 'constraint-missing-not-valid'],
  ['alter table users alter column email type varchar(900);', 'changing-column-type'],
  ['alter table users rename column email to address;', 'renaming-column'],
])('%s is refused', (sql, rule) => {
  const { status, rules } = lint(sql);
  expect(rules).toContain(rule);
  expect(status).toBe(1);
});

test('what a live database takes at once passes', () => {
  const sql = `create table passes (id text primary key, at timestamptz not null);
    create index passes_by_time on passes (at);
    alter table users add column note text;
    alter table users add column is_known boolean not null default false;
    alter table users add constraint short check (length(note) < 900) not valid;`;
  expect(lint(sql)).toEqual({ status: 0, rules: [] });
});
