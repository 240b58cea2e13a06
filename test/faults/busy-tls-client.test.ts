/**
 * A program that computes for longer than a quarter of a minute after its system has connected: its handshake comes late, and is answered. The
 * share of a network stands meanwhile, so nobody holds more connections by saying nothing.
 */
import { type AddressInfo, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fastify, { type FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.js';
import { createListener, HANDSHAKE_MS } from '../../src/http/listener.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createCertificate, hasOpenssl, type TestCertificate } from '../support/certificate.js';
import { findFreePort, type Instance, startInstance } from '../support/instance.js';
import { trustAuthority } from '../support/trust.js';

const available = hasOpenssl();
if (!available) process.stderr.write('busy-tls-client.test.ts is skipped: the openssl command is not installed\n');

const BUSY_MS = 17_000;
const MAXIMUM = 16;
const ASK = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

describe.skipIf(!available)('a server that speaks https', () => {
  let certificate: TestCertificate;
  let distrust: () => Promise<void>;
  let instance: Instance;
  let port: number;

  beforeAll(async () => {
    certificate = createCertificate();
    distrust = trustAuthority(certificate.ca);
    port = await findFreePort();
    instance = await startInstance({
      environment: {
        PORT: String(port),
        VESTIBULE_URL: `https://localhost:${port}`,
        VESTIBULE_TLS_CERT: certificate.cert,
        VESTIBULE_TLS_KEY: certificate.key,
        VESTIBULE_MAX_CONNECTIONS: String(MAXIMUM),
      },
    });
  });
  afterAll(async () => {
    await instance?.stop();
    await distrust?.();
    certificate?.remove();
  });

  /** Connects, and says nothing. Resolves to undefined when the server closes at once. */
  async function connectSilently() {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return socket.destroyed || socket.readableEnded ? undefined : socket;
  }

  test('case=a handshake that begins late is answered', { timeout: 60_000 }, async () => {
    const socket = await connectSilently();
    if (socket === undefined) throw new Error('the server closed the connection at once');
    await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
    const tls = connectTls({ socket, servername: 'localhost', rejectUnauthorized: false });
    tls.write(ASK);
    let text = '';
    for await (const chunk of tls) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1.1 200[\s\S]*"live"/);
  });

  test('case=a stranger who says nothing holds the share of their network, no more', async () => {
    const sockets = [];
    for (let opened = 0; opened < MAXIMUM; opened++) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
      sockets.push({ socket, closed });
      socket.resume();
    }
    const later = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1_000));
    const isClosed = await Promise.all(sockets.map(({ closed }) => Promise.race([closed, later])));
    for (const { socket } of sockets) socket.destroy();
    expect(isClosed.filter((is) => !is).length).toBeLessThanOrEqual(MAXIMUM / 4);
  });
});

test.skipIf(!available)(
  'attack=a stranger holds connections by saying nothing: each is closed after a while',
  async () => {
    expect(HANDSHAKE_MS).toBeGreaterThan(BUSY_MS);
    expect(HANDSHAKE_MS).toBeLessThanOrEqual(45_000);
    const { cert, key, remove } = createCertificate();
    const logger: FastifyBaseLogger = pino({ level: 'silent' });
    const config = parseConfig({
      PORT: '0',
      VESTIBULE_URL: 'https://login.example.com',
      VESTIBULE_TLS_CERT: cert,
      VESTIBULE_TLS_KEY: key,
    });
    const listener = createListener({
      ...config,
      logger,
      entropy: systemEntropy,
      clock: systemClock,
      readDatabaseWaiting: () => 0,
      readDatabaseServed: () => 0,
      handshakeMs: 200,
    });
    const app = fastify({ loggerInstance: logger, serverFactory: (answer) => listener.createServer(answer) });
    try {
      await listener.listen(app, 0, '127.0.0.1');
      const socket = connect({ port: (app.server.address() as AddressInfo).port, host: '127.0.0.1' });
      const begun = performance.now();
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.resume().once('close', resolve));
      expect(performance.now() - begun).toBeGreaterThanOrEqual(190);
    } finally {
      await listener.stop(app);
      remove();
    }
  },
);
