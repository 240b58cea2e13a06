/** The log is searched by the names of a connection and of an application, as Auth0's `q` has them. */
import { beforeAll, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';

const stage = useStage();

const search = (q: string, expected?: number) =>
  stage.instance.api('GET', `/logs?q=${encodeURIComponent(q)}`, undefined, expected) as unknown as Promise<
    { type: string; connection?: string; client_name?: string; client_id?: string }[]
  >;

let clientName = '';

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
  await stage.visitor().throughSso('dana', 'dana@acme.example');
  await stage.visitor().throughSso('sam', 'sam@acme.example');
  clientName = String((await stage.instance.api('GET', `/clients/${stage.cast.client.id}`)).name);
});

test('by the name of a connection, in any case', async () => {
  const lines = await search('connection:"ACME-oidc"');
  expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(['s', 'f']));
  expect(new Set(lines.map(({ connection }) => connection))).toEqual(new Set(['acme-oidc']));
});

test('by the name of an application, with other fields', async () => {
  const lines = await search(`client_name:"${clientName}" AND type:f AND connection:acme-oidc`);
  expect(lines.map(({ type, client_name }) => [type, client_name])).toEqual([['f', clientName]]);
});

test('of two applications with one name, the lines of both', async () => {
  const [copy, before] = [
    await stage.instance.api('POST', '/clients', { name: clientName }),
    await search(`client_name:"${clientName}"`),
  ];
  await stage.instance.database.pool.query(
    `insert into logs (log_id, date, type, client_id) values ('9-copy', now(), 's', $1)`,
    [copy.client_id],
  );
  const after = await search(`client_name:"${clientName}"`);
  expect(after.length).toBe(before.length + 1);
  await stage.instance.api('DELETE', `/clients/${copy.client_id}`);
  // A line of a deleted application has no name any more.
  expect((await search(`client_name:"${clientName}"`)).length).toBe(before.length);
});

test('a name that nobody has finds nothing, whatever it holds', async () => {
  for (const name of ['nowhere', '', "x' or true --", 'a\\"b', '%', '_cme-oidc', 'acme-oidc ', '*'])
    for (const field of ['connection', 'client_name'])
      expect(await search(`${field}:"${name.replace(/["\\]/g, '\\$&')}"`), `${field} ${name}`).toEqual([]);
  const counted = await stage.instance.api('GET', '/logs?q=connection%3Anowhere&include_totals=true');
  expect(counted).toMatchObject({ total: 0, logs: [] });
});

test('a wildcard is refused: it would be taken for a part of the name', async () => {
  for (const q of ['connection:acme*', 'client_name:a?c'])
    expect((await search(q, 400)) as unknown).toMatchObject({ message: expect.stringContaining('takes a whole name') });
});
