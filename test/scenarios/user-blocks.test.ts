/**
 * `/user-blocks` and `/anomaly/blocks/ips/{id}` over the pages: a person who is refused for too many tries is shown as blocked, and signs in at
 * once when the block is lifted; nothing else is lifted by it.
 */
import { beforeEach, expect, test } from 'vitest';
import { type Email, parseEmail } from '../../src/domain/people/email.js';
import { countAttempt, type LimitedAttempt } from '../../src/login/attempt-limits.js';
import { subjectsOfAccount, subjectsOfAddress } from '../../src/login/attempt-subjects.js';
import { createAttemptCounters } from '../../src/storage/attempts.js';
import { createMachine } from '../support/machines.js';
import { createOperatorRig } from '../support/operators.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_TRUST_PROXY: '127.0.0.1, ::1' } });
beforeEach(() => stage.instance.database.pool.query('delete from attempt_counters'));

const DATABASE = 'Username-Password-Authentication';
const HERE = '198.51.100.1';
const from = (ip: string) => {
  const visitor = stage.visitor();
  visitor.browser.forwardedFor = ip;
  return visitor;
};
const machine = (scopes: readonly string[]) => createMachine(stage.instance, scopes.join(' '), scopes);
const byAddress = (identifier: string, more = '') => `/user-blocks?identifier=${encodeURIComponent(identifier)}${more}`;
const byId = (userId: string, more = '') => `/user-blocks/${encodeURIComponent(userId)}${more}`;

/** Tries that are counted as the pages count them, without the work of a wrong password. */
async function tryTimes(times: number, email: string, ip: string, kind: LimitedAttempt = 'password', rest = {}) {
  const counters = createAttemptCounters(stage.instance.database.pool);
  for (let time = 0; time < times; time += 1) await countAttempt(counters, kind, { email, ip, ...rest }, new Date());
}

test('wrong passwords show a block at the address and at the user; after its end the person signs in at once', async () => {
  const email = 'ivy@plain.example';
  const userId = await stage.cast.createMember(email);
  const { call } = await machine(['read:users', 'update:users']);
  const blocked = { blocked_for: [{ identifier: email, ip: HERE, connection: DATABASE }] };
  for (const end of [byAddress(email), byAddress('IVY@plain.example'), byId(userId)]) {
    for (let time = 0; time < 10; time += 1) {
      expect((await call('GET', byId(userId))).body).toEqual({ blocked_for: [] });
      expect((await from(HERE).withPassword(email, `guess-${time}`)).status).toBe(400);
    }
    expect((await from(HERE).withPassword(email)).status).toBe(429);
    for (const path of [byAddress(email), byId(userId)])
      for (const more of ['', 'consider_brute_force_enablement=true', 'consider_brute_force_enablement=false']) {
        const query = more && `${path.includes('?') ? '&' : '?'}${more}`;
        expect(await call('GET', `${path}${query}`)).toEqual({ status: 200, body: blocked });
      }
    expect(await call('DELETE', end)).toMatchObject({ status: 204 });
    for (const path of [byAddress(email), byId(userId)])
      expect(await call('GET', path)).toEqual({ status: 200, body: { blocked_for: [] } });
    answerOf(await from(HERE).withPassword(email));
    const [line] = (await stage.logs()).filter(({ type }) => type === 'sapi');
    expect(line).toMatchObject({ user_id: userId, description: expect.stringContaining('Unblock') });
  }
});

test('an address without an account is counted, shown and unblocked as any other; a user who is not there is 404', async () => {
  const { call } = await machine(['read:users', 'update:users']);
  expect(await call('GET', byAddress('no@plain.example'))).toEqual({ status: 200, body: { blocked_for: [] } });
  await tryTimes(10, 'no@plain.example', HERE);
  const shown = await call('GET', byAddress('no@plain.example'));
  expect(shown).toEqual({ status: 200, body: { blocked_for: [{ identifier: 'no@plain.example', ip: HERE }] } });
  expect((await call('DELETE', byAddress('no@plain.example'))).status).toBe(204);
  expect((await call('GET', byAddress('no@plain.example'))).body).toEqual({ blocked_for: [] });
  // A user name or a number: nothing here is counted by it.
  expect(await call('GET', byAddress('ivy'))).toEqual({ status: 200, body: { blocked_for: [] } });
  expect((await call('DELETE', byAddress('+49301234567'))).status).toBe(204);
  for (const method of ['GET', 'DELETE']) {
    expect(await call(method, byId('auth0|nobody'))).toMatchObject({
      status: 404,
      body: { errorCode: 'inexistent_user' },
    });
    expect((await call(method, '/user-blocks')).status).toBe(400);
  }
  expect((await call('GET', byAddress('ivy', '&consider_brute_force_enablement=perhaps'))).status).toBe(400);
});

test('guesses from everywhere are a block without an address; those from a whole network name it', async () => {
  const email = 'wide@plain.example';
  const userId = await stage.cast.createMember(email);
  const { call } = await machine(['read:users', 'update:users']);
  for (let network = 0; network < 10; network += 1) await tryTimes(10, email, `198.51.${network}.1`);
  const { blocked_for: blocks } = (await call('GET', byId(userId))).body;
  expect(blocks).toHaveLength(11);
  expect(blocks).toContainEqual({ identifier: email, connection: DATABASE });
  expect((await from('203.0.113.1').withPassword(email)).status).toBe(429);
  expect((await call('DELETE', byId(userId))).status).toBe(204);
  answerOf(await from('203.0.113.1').withPassword(email));
  for (let host = 1; host < 6; host += 1) await tryTimes(8, email, `192.0.2.${host}`);
  const narrow = (await call('GET', byId(userId))).body.blocked_for;
  expect(narrow).toEqual([{ identifier: email, ip: '192.0.2.0/24', connection: DATABASE }]);
});

test('the end of a block brings back tries of codes and of known browsers, but no code, no mail and nobody else', async () => {
  const email = 'cora@plain.example';
  const userId = await stage.cast.createMember(email);
  await stage.cast.createMember('other@plain.example');
  const { call } = await machine(['read:users', 'update:users']);
  const counters = createAttemptCounters(stage.instance.database.pool);
  const own = { userId, device: { id: 'd1', userIds: [userId] } };
  const once = { key: 'proof:used-up', limit: 5 };
  await tryTimes(20, email, HERE, 'proof');
  await tryTimes(5, 'elsewhere@plain.example', '203.0.113.1', 'proof', { once });
  await tryTimes(5, email, HERE, 'forgot');
  await tryTimes(10, 'other@plain.example', HERE);
  await tryTimes(20, email, HERE, 'password', own);
  const allowed = async (kind: LimitedAttempt, rest = {}) => {
    const tried = { email, ip: HERE, ...rest };
    return (await countAttempt(counters, kind, tried, new Date())).allowed;
  };
  expect([await allowed('proof'), await allowed('password', own), await allowed('forgot')]).toEqual([
    false,
    false,
    false,
  ]);
  expect((await call('GET', byId(userId))).body.blocked_for).toMatchObject([{ identifier: email, ip: HERE }]);
  expect((await call('DELETE', byId(userId))).status).toBe(204);
  expect([await allowed('proof'), await allowed('forgot')]).toEqual([true, false]);
  await tryTimes(9, email, HERE);
  // Ten of the browser's own, nine of the strangers' ten were tried after the end.
  let known = 0;
  for (let time = 0; time < 30; time += 1) if (await allowed('password', own)) known += 1;
  expect(known).toBe(11);
  expect(await allowed('proof', { ip: '203.0.113.1', once })).toBe(false);
  expect((await call('GET', byAddress('other@plain.example'))).body.blocked_for).toHaveLength(1);
});

// Attack: somebody who knows the password and reads the mailbox gets further guesses by each mailed link.
test('an operator lifts the limit of wrong codes at the second factor; what a mailed link lifts does not', async () => {
  const email = 'nora@plain.example';
  const userId = await stage.cast.createMember(email);
  const { call } = await machine(['read:users', 'update:users']);
  const counters = createAttemptCounters(stage.instance.database.pool);
  const own = { userId, device: { id: 'd2', userIds: [userId] } };
  const allowed = async (rest = {}) =>
    (await countAttempt(counters, 'factor', { email: userId, ip: HERE, ...rest }, new Date())).allowed;
  const isLimited = async () => {
    await tryTimes(10, userId, HERE, 'factor', own);
    await tryTimes(10, userId, HERE, 'factor');
    return [await allowed(own), await allowed()];
  };
  for (const path of [byId(userId), byAddress(email)]) {
    expect(await isLimited()).toEqual([false, false]);
    await counters.forget([...subjectsOfAddress(parseEmail(email) as Email), ...subjectsOfAccount(userId)]);
    expect([await allowed(own), await allowed()]).toEqual([false, false]);
    expect((await call('GET', path)).body.blocked_for).toContainEqual({
      identifier: email,
      ip: HERE,
      connection: DATABASE,
    });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).body).toEqual({ blocked_for: [] });
    expect([await allowed(own), await allowed()]).toEqual([true, true]);
  }
});

test('a network that tried many people is shown and unblocked by its address; what it tried on one person still counts', async () => {
  const { call } = await machine(['read:anomaly_blocks', 'delete:anomaly_blocks']);
  const path = (ip: string) => `/anomaly/blocks/ips/${encodeURIComponent(ip)}`;
  const people = Array.from({ length: 50 }, (_, index) => `p${index}@plain.example`);
  expect((await call('GET', path(HERE))).status).toBe(404);
  for (const person of people) await tryTimes(1, person, HERE);
  await tryTimes(10, 'ivy@plain.example', '203.0.113.9');
  await stage.cast.createMember('late@plain.example');
  expect((await from(HERE).withPassword('late@plain.example')).status).toBe(429);
  expect((await call('GET', path(HERE))).status).toBe(200);
  expect((await call('GET', path('198.51.100.2'))).status).toBe(404);
  expect((await call('GET', path('203.0.113.9'))).status).toBe(404);
  expect((await call('DELETE', path(HERE))).status).toBe(204);
  expect((await call('GET', path(HERE))).status).toBe(404);
  answerOf(await from(HERE).withPassword('late@plain.example'));
  // An IPv6 address by its network, in whatever way it is written.
  for (const person of people) await tryTimes(1, person, '2001:db8:1:2::1');
  expect((await call('GET', path('2001:DB8:1:2:ffff::7'))).status).toBe(200);
  expect((await call('DELETE', path('2001:db8:1:2::9'))).status).toBe(204);
  expect((await call('GET', path('2001:db8:1:2::1'))).status).toBe(404);
  for (const method of ['GET', 'DELETE']) expect((await call(method, path('nowhere'))).status).toBe(400);
});

test('support lifts the limits of people and networks, and of no operator', async () => {
  const rig = await createOperatorRig(stage.instance);
  const support = await rig.join('sue@vestibule.example', 'support');
  const viewer = await rig.join('vera@vestibule.example', 'viewer');
  const email = 'gus@plain.example';
  const userId = await stage.cast.createMember(email);
  for (const path of [byAddress(email), byId(userId)]) {
    await tryTimes(10, email, HERE);
    expect((await viewer.call('DELETE', path)).status).toBe(403);
    expect((await support.call('GET', path)).body.blocked_for).toHaveLength(1);
    expect((await support.call('DELETE', path)).status).toBe(204);
    expect((await support.call('GET', path)).body.blocked_for).toEqual([]);
  }
  for (let n = 0; n < 50; n += 1) await tryTimes(1, `q${n}@plain.example`, '198.51.100.77');
  const network = '/anomaly/blocks/ips/198.51.100.77';
  expect((await viewer.call('DELETE', network)).status).toBe(403);
  expect((await support.call('DELETE', network)).status).toBe(204);
  await tryTimes(10, 'vera@vestibule.example', HERE);
  for (const path of [byAddress('vera@vestibule.example'), byId(viewer.userId)])
    expect((await support.call('DELETE', path)).status).toBe(403);
});

// Attack: a client that may change users lifts the limits again and again, and guesses the password of an owner.
test('more guesses at an operator are for those who hold every scope', async () => {
  const rig = await createOperatorRig(stage.instance);
  const email = 'olga@vestibule.example';
  const owner = await rig.join(email);
  const { call } = await machine(['read:users', 'update:users']);
  await tryTimes(10, email, HERE);
  for (const path of [byAddress(email), byAddress('OLGA@vestibule.example'), byId(owner.userId)]) {
    expect(await call('DELETE', path)).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
  }
  // The address alone is the operator's, the account is somebody else's.
  const twin = await stage.instance.api<{ user_id: string }>('POST', '/users', {
    connection: DATABASE,
    email,
    password: 'Tide-lemon-7x',
  });
  expect((await call('DELETE', byId(twin.user_id))).status).toBe(403);
  expect((await call('GET', byAddress(email))).body.blocked_for).not.toEqual([]);
  expect((await owner.call('DELETE', byAddress(email))).status).toBe(204);
  expect((await call('GET', byAddress(email))).body.blocked_for).toEqual([]);
});
