/** Attack: a stranger asks how requests reach the server, to learn which networks are trusted as proxies and which address to forge. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox, sealToken } from '../../src/kernel/seal.js';
import { SEEN_PATH, sealSeenQuestion } from '../../src/ports/seen-question.js';
import { type Instance, startInstance } from '../support/instance.js';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ environment: { VESTIBULE_TRUST_PROXY: '10.9.8.0/24' } });
});
afterAll(() => instance?.stop());

const boxOf = (byte: number, purpose: string) => createSecretBox(Buffer.alloc(32, byte), purpose, systemEntropy);
const ask = async (authorization?: string) => {
  const response = await fetch(`${instance.origin}${SEEN_PATH}`, authorization ? { headers: { authorization } } : {});
  return { status: response.status, text: await response.text() };
};

test('case=with the question of the doctor it answers, for the asking connection alone', async () => {
  const { status, text } = await ask(`Bearer ${sealSeenQuestion(boxOf(7, 'tickets'), new Date())}`);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({
    peer: expect.stringMatching(/127\.0\.0\.1|::1/),
    isPeerTrusted: false,
    client: expect.stringMatching(/127\.0\.0\.1|::1/),
    isClientTrusted: false,
    hasForwardedFor: false,
    hasForwarded: false,
    isEncrypted: false,
  });
});

test('case=for everybody else the address does not exist', async () => {
  const now = new Date();
  const until = new Date(now.getTime() + 60_000).toISOString();
  const attempts = [
    undefined,
    'Bearer ',
    'Bearer x',
    `Bearer ${sealSeenQuestion(boxOf(8, 'tickets'), now)}`,
    `Bearer ${sealSeenQuestion(boxOf(7, 'cookies'), now)}`,
    `Bearer ${sealToken(boxOf(7, 'tickets'), { until }, 'ticket:first_operator')}`,
    `Bearer ${sealSeenQuestion(boxOf(7, 'tickets'), new Date(now.getTime() - 3_600_000))}`,
  ];
  for (const attempt of attempts) {
    const { status, text } = await ask(attempt);
    expect(status).toBe(404);
    expect(text).not.toContain('isPeerTrusted');
  }
});
