/** A new certificate is taken into use by a running server: at SIGHUP, and by itself; a pair that does not fit changes nothing and is told. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.js';
import { startCertificateWatch } from '../../src/http/certificate-watch.js';
import { createCertificate, hasOpenssl, type TestCertificate } from '../support/certificate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { findFreePort } from '../support/instance.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const available = hasOpenssl();
if (!available) console.warn('certificates: skipped, no `openssl` to make any with');

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isTrue()); tries++) {
    if (tries > 1_200) throw new Error(`it did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.skipIf(!available)('certificates', () => {
  let folder: string;
  let one: TestCertificate;
  let other: TestCertificate;
  let cert: string;
  let key: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vestibule-reload-'));
    cert = join(folder, 'tls.pem');
    key = join(folder, 'tls.key');
    one = createCertificate();
    other = createCertificate();
  });
  afterAll(() => {
    one?.remove();
    other?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const put = (from: TestCertificate, ...what: ('cert' | 'key')[]) => {
    if (what.includes('cert')) copyFileSync(from.cert, cert);
    if (what.includes('key')) copyFileSync(from.key, key);
  };

  describe.each([[[]], [['--workers', '2']]])('of a server process %j', (args) => {
    let database: TestDatabase;
    let node: ServerProcess;

    beforeAll(async () => {
      put(one, 'cert', 'key');
      database = await createTestDatabase();
      node = await startServerProcess({
        databaseUrl: database.url,
        args,
        origin: `https://localhost:${await findFreePort()}`,
        environment: { VESTIBULE_TLS_CERT: cert, VESTIBULE_TLS_KEY: key, VESTIBULE_LOG_LEVEL: 'info' },
      });
    }, 120_000);
    afterAll(async () => {
      await node?.kill();
      await database?.drop();
    });

    const open = () =>
      new Promise<TLSSocket>((resolve, reject) => {
        const socket = connect({ port: node.port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
          resolve(socket),
        );
        socket.once('error', reject);
      });
    async function shown(): Promise<string> {
      const socket = await open();
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    }

    test(`case=at SIGHUP and by itself${args.length > 0 ? ', in each worker' : ''}, while connections that are open go on`, async () => {
      const before = await shown();
      const kept = await open();
      let answer = '';
      kept.on('data', (chunk) => {
        answer += String(chunk);
      });

      put(other, 'cert');
      node.signal('SIGHUP');
      await until('the log says so', () => node.output().includes('the certificate of before stays'));
      expect(await shown()).toBe(before);
      expect(node.output()).not.toContain('PRIVATE KEY');

      put(other, 'key');
      node.signal('SIGHUP');
      await until('the other certificate', async () => (await shown()) !== before);
      await until('the log says so', () => node.output().includes('a new certificate is in use'));

      // No signal is sent.
      put(one, 'cert', 'key');
      await until('the first one again', async () => (await shown()) === before);

      kept.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
      await until('an answer on the connection of before', () => answer.includes('"live"'));
      kept.destroy();
    }, 180_000);
  });

  test('case=what is wrong is told once, and only if it lasts: two files are not written in the same moment', async () => {
    put(one, 'cert', 'key');
    const config = parseConfig({ VESTIBULE_TLS_CERT: cert, VESTIBULE_TLS_KEY: key });
    if (config.tls === undefined) throw new Error('there is a certificate');
    const told: string[] = [];
    let looks = 0;
    let used = 0;
    const watch = startCertificateWatch({
      read: () => {
        looks += 1;
        const pair = config.readTls();
        if (pair === undefined) throw new Error('no pair');
        return pair;
      },
      use: () => {
        used += 1;
      },
      current: config.tls,
      log: { info: (_fields, message) => told.push(message), error: (_fields, message) => told.push(message) },
      everyMs: 5,
    });
    const later = async (many: number) => {
      const from = looks;
      await until('it has looked', () => looks >= from + many);
    };
    try {
      await later(3);
      writeFileSync(cert, 'cut off in the midd');
      await later(5);
      expect(told).toEqual(['the certificate files cannot be used; the certificate of before stays']);
      put(other, 'cert', 'key');
      await until('the new one', () => used === 1);
      await later(3);
      expect(used).toBe(1);
      expect(told).toHaveLength(2);
    } finally {
      watch.stop();
    }
  });
});
