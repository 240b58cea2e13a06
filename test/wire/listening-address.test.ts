/** The address in the log at the start has the scheme that the server really speaks: operators copy it. */
import fastify, { type FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.js';
import { createListener } from '../../src/http/listener.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createCertificate, hasOpenssl } from '../support/certificate.js';

async function readLog(environment: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const lines: string[] = [];
  const logger: FastifyBaseLogger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
  const config = parseConfig({ PORT: '0', VESTIBULE_URL: 'https://login.example.com', ...environment });
  const listener = createListener({
    ...config,
    logger,
    entropy: systemEntropy,
    clock: systemClock,
    readDatabaseWaiting: () => 0,
    readDatabaseServed: () => 0,
  });
  const app = fastify({ loggerInstance: logger, serverFactory: (answer) => listener.createServer(answer) });
  await listener.listen(app, 0, '127.0.0.1');
  await listener.stop(app);
  return lines.filter((line) => line.startsWith('Server listening at '));
}

test('http without a certificate, as behind a proxy', async () => {
  expect(await readLog({})).toEqual([expect.stringMatching(/^Server listening at http:\/\/127\.0\.0\.1:\d+$/)]);
});

test.skipIf(!hasOpenssl())('https with a certificate', async () => {
  const { cert, key, remove } = createCertificate();
  try {
    const lines = await readLog({ VESTIBULE_TLS_CERT: cert, VESTIBULE_TLS_KEY: key });
    expect(lines).toEqual([expect.stringMatching(/^Server listening at https:\/\/127\.0\.0\.1:\d+$/)]);
  } finally {
    remove();
  }
});
