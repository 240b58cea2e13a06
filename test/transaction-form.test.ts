/** Unfinished logins that an earlier build sealed: taken for ones that are too old, never read as something that they are not. */
import { deflateRawSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { createTransactions } from '../src/http/browser/transactions.js';
import { systemEntropy } from '../src/kernel/ids.js';
import { createSecretBox } from '../src/kernel/seal.js';
import { createManualClock } from './support/manual-clock.js';

const clock = createManualClock();
const box = createSecretBox(Buffer.alloc(32, 1), 'cookies', systemEntropy);
const transactions = createTransactions({ box, clock, entropy: systemEntropy, origin: 'http://localhost:3000' });
const asked = { clientId: 'c', redirectUri: 'https://app.example/', responseMode: 'query', scope: 'openid' } as const;
const ID = 'A'.repeat(16);
const requestWith = (value: string) => ({ headers: { cookie: `vestibule_login_${ID}=${value}` } }) as FastifyRequest;
const seal = (content: object) =>
  box.seal(
    deflateRawSync(JSON.stringify({ id: ID, startedAt: clock.now().getTime(), request: asked, ...content })),
    `login:${ID}`,
  );

test('one of this build comes back as it was', () => {
  const lines: string[] = [];
  const reply = {
    header: (_name: string, value: string) => {
      lines.push(value);
      return reply;
    },
  } as unknown as FastifyReply;
  const transaction = { ...transactions.start(asked, undefined), username: 'dana@acme.example' };
  expect(transactions.save({ headers: {} } as FastifyRequest, reply, transaction)).toBe(true);
  const cookie = lines.map((line) => line.split(';', 1)[0]).join('; ');
  expect(transactions.find({ headers: { cookie } } as FastifyRequest, transaction.id)).toEqual(transaction);
});

test.each([
  ['of a build without forms, at its identity provider', { upstream: { connectionId: 'con_1', secrets: {} } }],
  ['of a build without forms, with an identity that waits', { identity: { identity: {}, fingerprint: '1.1' } }],
  ['of another form', { form: 1 }],
  ['of a form to come', { form: 99 }],
])('one %s is none', (_name, content) => {
  const value = seal(content).toString('base64url');
  expect(transactions.find(requestWith(value), ID)).toBeUndefined();
});
