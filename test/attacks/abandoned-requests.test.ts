/**
 * Attack: a stranger sends many requests in one packet, reads no answer and leaves. Each answer that still waits for its turn would keep
 * its file and its memory permanently, until the server has no descriptor left for its database.
 */
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCertificate, hasOpenssl } from '../support/certificate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { findFreePort } from '../support/instance.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const ASSETS = readdirSync('dist/console/assets').filter((name) => name.endsWith('.js'));
/** As many as fit into one packet that a server reads at once. */
const MANY = 1_000;
/** More than a server at rest opens and closes by itself: connections to the database, files of the log. */
const LITTLE = 60;

const certificate = hasOpenssl() ? createCertificate() : undefined;
afterAll(() => certificate?.remove());

describe.each([{ over: 'plain' as const }, ...(certificate ? [{ over: 'TLS' as const }] : [])])('$over', ({ over }) => {
  let database: TestDatabase;
  let server: ServerProcess;
  let metricsPort: number;
  let before: number;

  const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length;
  const open = (port = server.port, isPlain = over === 'plain'): Socket => {
    const place = { port, host: '127.0.0.1', allowHalfOpen: true };
    const socket = isPlain ? connect(place) : connectTls({ ...place, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    return socket;
  };
  const asset = (at: number) => `/console/assets/${ASSETS[at % ASSETS.length]}`;
  const packet = (paths: readonly string[]) => paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');
  const written = (socket: Socket, text: string) => new Promise((resolve) => socket.write(text, resolve));
  const isBack = () => expect.poll(descriptors).toBeLessThan(before + LITTLE);
  const isReady = async () => {
    // Node's fetch trusts no certificate of a test.
    const socket = open();
    let text = '';
    const answered = new Promise((resolve) => {
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.once('close', resolve);
      socket.once('end', resolve);
    });
    await written(socket, 'GET /health/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await answered;
    expect(text).toContain('"ready"');
    socket.destroy();
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    metricsPort = await findFreePort();
    server = await startServerProcess({
      databaseUrl: database.url,
      environment: {
        // Far less than what the answers of one of these packets each would keep: the process would end.
        NODE_OPTIONS: '--max-old-space-size=256',
        VESTIBULE_METRICS_PORT: String(metricsPort),
        ...(over === 'TLS' &&
          certificate && { VESTIBULE_TLS_CERT: certificate.cert, VESTIBULE_TLS_KEY: certificate.key }),
      },
      ...(over === 'TLS' && { origin: 'https://localhost' }),
    });
    await isReady();
    before = descriptors();
  });
  afterAll(async () => {
    await server?.kill();
    await database?.drop();
  });

  test.each([
    { what: 'files of the console', paths: Array.from({ length: MANY }, (_, at) => asset(at)) },
    { what: 'one file again and again', paths: Array.from({ length: MANY }, () => asset(0)) },
    { what: 'sign-ins', paths: Array.from({ length: MANY }, () => '/authorize?client_id=nobody') },
  ])('case=a packet of $what whose answers nobody reads: descriptors are back when it has left', async ({ paths }) => {
    const sockets = Array.from({ length: 5 }, () => open().pause());
    await Promise.all(sockets.map((socket) => written(socket, packet(paths))));
    await isReady();
    expect(descriptors()).toBeLessThan(before + LITTLE);
    for (const socket of sockets) socket.destroy();
    await isBack();
    await isReady();
  });

  test('case=the same where the stranger closes its side first, or leaves at once', async () => {
    const paths = Array.from({ length: 10 }, (_, at) => asset(at));
    const ways = [(one: Socket) => one.end(), (one: Socket) => one.destroy()];
    if (over === 'plain') ways.push((one) => one.resetAndDestroy());
    for (const leave of ways)
      for (let round = 0; round < 10; round++) {
        const socket = open().pause();
        await written(socket, packet(paths));
        leave(socket);
      }
    await isBack();
    await isReady();
  });

  test('case=packet after packet: the memory is back as well', async () => {
    const text = packet(Array.from({ length: MANY }, (_, at) => asset(at)));
    for (let round = 0; round < 30; round++) {
      const socket = open().pause();
      await written(socket, text);
      socket.destroy();
    }
    await isBack();
    await isReady();
  });

  test('case=slow readers hold one file each, and leave nothing', async () => {
    const sockets = Array.from({ length: 20 }, () => open().pause());
    const paths = Array.from({ length: 10 }, (_, at) => asset(at));
    await Promise.all(sockets.map((socket) => written(socket, packet(paths))));
    await isReady();
    // A connection and a file for each.
    expect(descriptors()).toBeLessThan(before + LITTLE + 2 * sockets.length);
    for (const socket of sockets) socket.destroy();
    await isBack();
  });

  test('case=answers without a body, a part of a file, and a request to change the protocol leave nothing', async () => {
    const ask = (method: string, header: string) =>
      `${method} ${asset(0)} HTTP/1.1\r\nHost: a\r\nConnection: close, upgrade\r\n${header}\r\n\r\n`;
    const requests = [
      ask('HEAD', 'Accept: */*'),
      ask('GET', 'Range: bytes=0-10'),
      ask('GET', 'Range: bytes=999999999-'),
      ask('GET', 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'),
      ask('GET', 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='),
    ];
    for (let round = 0; round < 10; round++)
      for (const request of requests) {
        const socket = open();
        socket.resume();
        await written(socket, request);
        if (round % 2 === 0) socket.destroy();
        else await new Promise((resolve) => socket.once('end', resolve));
        socket.destroy();
      }
    await isBack();
  });

  test('case=the port of the metrics', async () => {
    const sockets = Array.from({ length: 5 }, () => open(metricsPort, true).pause());
    await Promise.all(sockets.map((one) => written(one, packet(Array.from({ length: MANY }, () => '/metrics')))));
    for (const socket of sockets) socket.destroy();
    await isBack();
    expect((await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).status).toBe(200);
  });

  test('case=an honest client that sends a few requests at once gets each answer, in their order', async () => {
    const socket = open();
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    await written(socket, packet(['/health/live', '/nowhere', '/.well-known/openid-configuration', '/health/live']));
    await expect
      .poll(() => text.match(/HTTP\/1\.1 \d+/g))
      .toEqual(['200', '404', '200', '200'].map((status) => `HTTP/1.1 ${status}`));
    socket.destroy();
  });
});
