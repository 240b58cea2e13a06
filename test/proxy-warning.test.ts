/** A forwarded address from a peer that is not trusted: not believed, and told once, with the variable to set. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { startServer } from '../src/compose/server.js';
import { parseConfig } from '../src/config/config.js';
import { createProxyWarning } from '../src/http/proxy-warning.js';
import { createTestDatabase } from './support/database.js';
import { findFreePort } from './support/instance.js';

interface Told {
  readonly peer: string;
  readonly header: string;
  readonly message: string;
}

function createWarning(...trusted: string[]) {
  const told: Told[] = [];
  const warn = createProxyWarning(trusted, {
    warn: (fields, message) => void told.push({ ...(fields as Omit<Told, 'message'>), message }),
  });
  const ask = (peer: string, headers: Record<string, string>) =>
    warn({ headers, socket: { remoteAddress: peer } } as never);
  return { told, ask };
}

const FOR = { 'x-forwarded-for': '203.0.113.9' };

describe('who is told of', () => {
  test('case=a peer that is not trusted: once, however often it asks, and not the address that it claims', () => {
    const { told, ask } = createWarning('10.0.0.0/8');
    for (let time = 0; time < 5; time++) ask('192.0.2.1', FOR);
    expect(told).toEqual([
      { peer: '192.0.2.1', header: 'X-Forwarded-For', message: expect.stringContaining('set VESTIBULE_TRUST_PROXY') },
    ]);
    expect(JSON.stringify(told)).not.toContain('203.0.113.9');
  });

  test('case=nobody without such a header, and no proxy that is trusted', () => {
    const { told, ask } = createWarning('10.0.0.0/8');
    ask('192.0.2.1', {});
    ask('10.1.2.3', FOR);
    ask('::ffff:10.1.2.3', FOR);
    expect(told).toEqual([]);
  });

  test('case=the standard header, which is not read: of a stranger and of a proxy that is trusted', () => {
    const { told, ask } = createWarning('10.0.0.0/8');
    ask('192.0.2.1', { forwarded: 'for=203.0.113.9' });
    ask('10.1.2.3', { forwarded: 'for=203.0.113.9' });
    ask('10.1.2.4', { forwarded: 'for=203.0.113.9', ...FOR });
    expect(told.map(({ peer, header }) => [peer, header])).toEqual([
      ['192.0.2.1', 'Forwarded'],
      ['10.1.2.3', 'Forwarded'],
    ]);
  });

  test('case=attack: as many strangers as like to send the header fill no log', () => {
    const { told, ask } = createWarning();
    for (let stranger = 0; stranger < 200; stranger++) ask(`192.0.2.${stranger}`, FOR);
    expect(told).toHaveLength(5);
  });
});

test('case=of a server: one line for all of its doors', async () => {
  const database = await createTestDatabase();
  let lines = '';
  const log = new Writable({
    write(chunk, _encoding, done) {
      lines += String(chunk);
      done();
    },
  });
  const config = parseConfig({
    PORT: String(await findFreePort()),
    DATABASE_URL: database.url,
    VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  });
  const server = await startServer(config, { logger: pino({ level: 'warn' }, log) });
  try {
    for (const path of ['/', '/authorize', '/oauth/token', '/api/v2/users', '/health/live'])
      await (await fetch(`${server.origin}${path}`, { headers: FOR })).arrayBuffer();
    expect(lines.match(/VESTIBULE_TRUST_PROXY/g)).toHaveLength(1);
  } finally {
    await server.close();
    await database.drop();
  }
});
