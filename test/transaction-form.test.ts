/**
 * The sealed form of unfinished work. A form sealed by an earlier build counts as expired, and is never read as something
 * that it is not.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { pack } from '../src/http/browser/compact.js';
import { createTransactions } from '../src/http/browser/transactions.js';
import { createUnfinishedWork } from '../src/http/browser/unfinished.js';
import { systemEntropy } from '../src/kernel/ids.js';
import { createSecretBox } from '../src/kernel/seal.js';
import { CookieJar, createOverflowInMemory } from './support/cookie-jar.js';
import { createManualClock } from './support/manual-clock.js';

const clock = createManualClock();
const box = createSecretBox(Buffer.alloc(32, 1), 'cookies', systemEntropy);
const entropy = systemEntropy;
const overflow = createOverflowInMemory();
const unfinished = createUnfinishedWork({ box, clock, entropy, origin: 'http://localhost:3000', overflow });
const transactions = createTransactions({ box, clock, entropy, unfinished });
const asked = { clientId: 'c', redirectUri: 'https://app.example/', responseMode: 'query', scope: 'openid' } as const;
const ID = 'A'.repeat(16);
const requestWith = (value: string) => ({ headers: { cookie: `vestibule_login_0=${value}` } }) as FastifyRequest;

/** A slot as this build fills it, except `head`: form, kind, place of the content. */
function seal(head: readonly number[], at = clock.now()): string {
  const time = Buffer.alloc(6);
  time.writeUIntBE(at.getTime(), 0, 6);
  const content = pack({ id: ID, startedAt: at.getTime(), request: asked }) ?? Buffer.alloc(0);
  const sealed = box.seal(Buffer.concat([Buffer.from(head), time, content]), `unfinished:${ID}:0`);
  return `${ID}01${sealed.toString('base64url')}`;
}

test('one of this build comes back as it was', async () => {
  const jar = new CookieJar();
  const transaction = { ...transactions.start(asked, undefined), username: 'dana@acme.example' };
  const saved = await jar.visit((request, reply) => transactions.save(request, reply, transaction));
  expect(saved).toBe(true);
  expect(await transactions.find(jar.request(), transaction.id)).toEqual(transaction);
  await jar.visit((_request, reply) => transactions.end(reply, transaction));
  expect(jar.names()).toEqual([]);
});

test('what is sealed as this build does it opens: the cases below fail for what they differ in', async () => {
  expect(await transactions.find(requestWith(seal([3, 0, 0])), ID)).toMatchObject({ id: ID });
});

test.each([
  ['of an earlier form', [2, 0, 0]],
  ['of a form to come', [4, 0, 0]],
  ['that is a try of a set-up', [3, 1, 0]],
  ['that is a logout', [3, 2, 0]],
  ['of a kind that there is not', [3, 9, 0]],
])('one %s is none', async (_name, head) => {
  expect(await transactions.find(requestWith(seal(head)), ID)).toBeUndefined();
});

test('one of an hour ago is none', async () => {
  const before = new Date(clock.now().getTime() - 3_600_000);
  expect(await transactions.find(requestWith(seal([3, 0, 0], before)), ID)).toBeUndefined();
});

test('names of an earlier build are taken back as soon as something is kept', async () => {
  const jar = new CookieJar();
  jar.plant(`vestibule_login_${ID}`, 'x');
  jar.plant(`vestibule_login_${ID}.1`, 'x');
  jar.plant(`vestibule_try_${ID}`, 'x');
  jar.plant('vestibule_logout', 'x');
  jar.plant('vestibule_session', 's');
  jar.plant('vestibule_logins', 'of somebody else');
  await jar.visit((request, reply) => transactions.save(request, reply, transactions.start(asked, undefined)));
  expect(jar.names().filter((name) => !/^vestibule_login_[0-5]$/.test(name))).toEqual([
    'vestibule_session',
    'vestibule_logins',
  ]);
});

test('a row that cannot be removed does not fail the login that is done', async () => {
  const failing = { ...overflow, remove: () => Promise.reject(new Error('gone')) };
  const own = createUnfinishedWork({ box, clock, entropy, origin: 'http://localhost:3000', overflow: failing });
  const jar = new CookieJar();
  const work = { kind: 'login', id: ID, startedAt: clock.now().getTime() } as const;
  const content = { state: entropy.bytes(4_000).toString('base64url') };
  expect(await jar.visit((request, reply) => own.save(request, reply, { ...work, content }))).toBe(true);
  await jar.visit((_request, reply: FastifyReply) => own.end(reply, ID));
  expect(jar.names()).toEqual([]);
});
