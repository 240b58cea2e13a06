/**
 * Attacks by the directory (SCIM) of a connection that a customer made: it writes accounts that another organization has as
 * members (ADR 0105). Evil Corp is the customer; Kim came by its connection, and is a member of Acme too.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Company, personOf, startCompany } from '../scim/support.js';
import type { Place } from '../support/cast.js';
import { playInOrder } from '../support/held-writes.js';
import type { Json } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';
import { whileHeld } from '../support/while-held.js';

const stage = useStage();
let evil: Place;
let evilDirectory: Company;
let kim: string;

const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const at = (id: string) => `/Users/${encodeURIComponent(id)}`;
const active = (value: boolean) => ({ op: 'replace', path: 'active', value });
const membersOf = (organizationId: string) => `/organizations/${organizationId}/members`;
const join = (organizationId: string, id: string) => api('POST', membersOf(organizationId), { members: [id] });
const leave = (organizationId: string, id: string) => api('DELETE', membersOf(organizationId), { members: [id] });
const accountOf = (id: string) => api('GET', `/users/${encodeURIComponent(id)}`);
const isMember = async (organizationId: string, id: string) =>
  ((await api('GET', membersOf(organizationId))) as unknown as Json[]).some(({ user_id: one }) => one === id);

/** A person whom Evil Corp's directory created, as a member of Evil Corp and, perhaps, of Acme. */
async function createPerson(name: string, { elsewhere = true } = {}): Promise<string> {
  const { body } = await evilDirectory.create(personOf(name, { userName: `${name}@evil.example`, emails: [] }));
  await join(evil.id, body.id);
  if (elsewhere) await join(stage.cast.acme.id, body.id);
  return body.id;
}

beforeAll(async () => {
  evil = await stage.cast.createPlace('evil', { kim: { sub: 'idp-kim' }, lou: { sub: 'idp-lou' } });
  await api('PATCH', `/connections/${evil.connectionId}`, { managed_by_organization: evil.id });
  evilDirectory = await startCompany(stage.instance, evil.connectionId);
  kim = await createPerson('kim');
});

describe('a member of Acme', () => {
  test.each<[string, () => Promise<{ readonly status: number }>, number]>([
    ['PATCH of active', () => evilDirectory.patch(kim, active(false)), 200],
    ['PUT of active', () => evilDirectory.call('PUT', at(kim), personOf('kim', { active: false, emails: [] })), 200],
    ['PATCH of the name', () => evilDirectory.patch(kim, { op: 'replace', path: 'displayName', value: 'Boss' }), 200],
    [
      'PUT of everything',
      () => evilDirectory.call('PUT', at(kim), personOf('kim', { displayName: 'Boss', name: { givenName: 'The' } })),
      200,
    ],
    ['DELETE', () => evilDirectory.call('DELETE', at(kim)), 403],
  ])('stays as they are after %s', async (_name, write, status) => {
    const before = await accountOf(kim);
    expect((await write()).status).toBe(status);
    const { updated_at: _then, ...after } = await accountOf(kim);
    expect(before).toMatchObject(after);
    expect(after.blocked).not.toBe(true);
    expect(await isMember(stage.cast.acme.id, kim)).toBe(true);
    await evilDirectory.patch(kim, active(true));
  });

  test('keeps no way in through the directory’s own connection, until it is opened again', async () => {
    const signIn = async () => {
      const visitor = stage.visitor();
      const page = await visitor.open({ organization: evil.id, connection: evil.connectionName });
      return { visitor, page: await visitor.signInAtIdp(page, 'kim') };
    };
    const { visitor, page } = await signIn();
    expect((await visitor.redeem(page)).claims.sub).toBe(kim);
    expect((await evilDirectory.patch(kim, active(false))).body.active).toBe(false);
    const { rows } = await stage.instance.database.pool.query('select 1 from sessions where user_id = $1', [kim]);
    expect(rows, 'its sessions ended').toHaveLength(0);
    expect((await stage.refusal((await signIn()).page)).details.code).toBe('admit.user_blocked');
    expect((await evilDirectory.patch(kim, active(true))).body.active).toBe(true);
    expect(answerOf((await signIn()).page)).toHaveProperty('code');
  });

  test('is the directory’s again after they left Acme', async () => {
    const lou = await createPerson('lou');
    expect((await evilDirectory.call('DELETE', at(lou))).status).toBe(403);
    await leave(stage.cast.acme.id, lou);
    await evilDirectory.patch(lou, active(false));
    expect((await accountOf(lou)).blocked).toBe(true);
    expect((await evilDirectory.call('DELETE', at(lou))).status).toBe(204);
  });
});

test('a block that the directory set before is taken back by it, and by nobody else than an operator', async () => {
  const max = await createPerson('max', { elsewhere: false });
  await evilDirectory.patch(max, active(false));
  expect((await accountOf(max)).blocked).toBe(true);
  await join(stage.cast.acme.id, max);
  expect((await evilDirectory.patch(max, { op: 'replace', path: 'title', value: 'x' })).body.active).toBe(false);
  expect((await evilDirectory.patch(max, active(true))).body.active).toBe(true);
  expect((await accountOf(max)).blocked).not.toBe(true);
  await evilDirectory.patch(max, active(false));
  expect((await accountOf(max)).blocked, 'but it blocks nobody again').not.toBe(true);
});

describe('a person whom Acme takes in at the moment of the directory’s write', () => {
  test.each<[string, (id: string) => Promise<{ readonly status: number }>, number]>([
    ['active: false', (id) => evilDirectory.patch(id, active(false)), 200],
    ['DELETE', (id) => evilDirectory.call('DELETE', at(id)), 403],
  ])('race=Acme is first: %s finds a member of others', async (name, write, status) => {
    const id = await createPerson(`first-${name.length}`, { elsewhere: false });
    const { server, database } = stage.instance;
    const taken = { pool: server.pool, matches: /^insert into "members"/, run: () => join(stage.cast.acme.id, id) };
    const played = await playInOrder(database.pool, taken, { run: () => write(id) });
    expect([played.second.status, played.waited]).toEqual([status, true]);
    expect((await accountOf(id)).blocked).not.toBe(true);
    expect(await isMember(stage.cast.acme.id, id)).toBe(true);
  });

  test('race=the directory is first: Acme waits for it, and takes in who is blocked', async () => {
    const id = await createPerson('second', { elsewhere: false });
    const write = [
      ['select 1 from users where user_id = $1 for no key update', [id]],
      ['update users set blocked = true, blocked_by_scim = true where user_id = $1', [id]],
    ] as const;
    const seen = await whileHeld(
      stage.instance.database.pool,
      write.map(([text, values]) => [text, [...values]] as const),
      async () => {
        await join(stage.cast.acme.id, id);
        return (await accountOf(id)).blocked;
      },
    );
    expect(seen).toBe(true);
  });

  test('race=the directory is first: nobody is taken in whom it deleted', async () => {
    const id = await createPerson('third', { elsewhere: false });
    const gone = [['delete from users where user_id = $1', [id]]] as const;
    const late = whileHeld(
      stage.instance.database.pool,
      gone.map(([text, values]) => [text, [...values]] as const),
      () => join(stage.cast.acme.id, id),
    );
    await expect(late).rejects.toThrow('404');
  });
});

test('for comparison: the directory of an operator’s connection writes its own people, as ever', async () => {
  const acme = await startCompany(stage.instance, stage.cast.acme.connectionId);
  const { body } = await acme.create(personOf('ned'));
  await join(stage.cast.acme.id, body.id);
  await join(evil.id, body.id);
  await acme.patch(body.id, active(false));
  expect((await accountOf(body.id)).blocked).toBe(true);
  expect((await acme.call('DELETE', at(body.id))).status).toBe(204);
});
