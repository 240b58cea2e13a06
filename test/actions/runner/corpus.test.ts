/**
 * Attempts of Actions to get out, one file each in test/corpus/actions: the first line says what is attempted and how it ends.
 * `contained` means that the Action itself looked and found nothing. After each, an ordinary execution of the same program works
 * as before and finds nothing that the attempt left.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import { EVENT, run, startRunner, toProgram } from './support.js';

const folder = fileURLToPath(new URL('../../corpus/actions/', import.meta.url));
const SECRET = 'the secret of the server';

/** Reports each thing that is not as new in the next execution. */
const ORDINARY = `exports.onExecutePostLogin = async (event, api) => {
  if (event.request.query.attempt) return;
  const wrong = [];
  const check = (name, isRight) => {
    if (!isRight) wrong.push(name);
  };
  check('globals', !('lastUser' in globalThis) && !('implicit' in globalThis) && !('heard' in globalThis) && !('fired' in globalThis));
  check('Object.prototype', Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).length === 12);
  check('JSON', JSON.stringify(JSON.parse('{"a":[1]}')) === '{"a":[1]}');
  check('Array', [3, 1, 2].map((x) => x * 2).join() === '6,2,4' && [...[1, 2]].length === 2);
  check('Map', new Map([[1, 2]]).get(1) === 2 && new Map().get(1) === undefined);
  check('Promise', (await Promise.race([Promise.resolve(5)])) === 5);
  check('Buffer', Buffer.from('a').toString('hex') === '61');
  check('Reflect', Reflect.ownKeys({ a: 1 }).length === 1);
  check('lodash', require('lodash').lastUser === undefined && require('lodash').templateSettings.imports.lastUser === undefined);
  check('axios', require('axios').defaults.headers.common.Authorization === undefined);
  check('env', process.env.LAST_USER === undefined && performance.getEntriesByName('last-user').length === 0 && RegExp.$1 === '');
  check('util', require('util').lastUser === undefined && require('http').Agent.prototype.lastUser === undefined);
  check('stdout', process.stdout.write('x') !== undefined && !process.stdout.destroyed && process.stdout._handle.fd === 1);
  check('stack', /ordinary\\.js/.test(new Error('x').stack));
  await new Promise((resolve) => setTimeout(resolve, 2));
  check('late', !('fired' in globalThis));
  if (wrong.length > 0) throw new Error(wrong.join());
  api.idToken.setCustomClaim('ordinary', event.user.user_id);
};`;

/** The attempt runs when it is asked for, and lets the next execution pass. */
const SWITCH = `
;{
  const attempt = exports.onExecutePostLogin;
  exports.onExecutePostLogin = async (event, api) => (event.request.query.attempt ? await attempt(event, api) : undefined);
}`;

let runner: ClosableActionRunner;
let directory: string;
let database: TcpServer;
let own: Server;
let connections = 0;
let inside = 0;
let secrets: Record<string, string>;
const endings = new Map<string, string>();

async function listenOn(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

let hidden: Server;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-hostile-'));
  writeFileSync(join(directory, 'secret'), SECRET);
  symlinkSync(join(directory, 'secret'), join(directory, 'link'));
  database = createTcpServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  hidden = createServer((_, response) => {
    inside += 1;
    response.end('inside');
  });
  const [databasePort, hiddenPort] = [await listenOn(database), await listenOn(hidden)];
  own = createServer((_, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${hiddenPort}/` }).end();
  });
  const origin = `http://127.0.0.1:${await listenOn(own)}`;
  secrets = {
    SERVER_PID: String(process.pid),
    SECRET_FILE: join(directory, 'secret'),
    SECRET_LINK: join(directory, 'link'),
    DATABASE_PORT: String(databasePort),
    PRIVATE_PORT: String(hiddenPort),
    OWN_ORIGIN: origin,
  };
  runner = startRunner({
    origin,
    // The database is in a network that Actions may reach, and still not reached.
    denied: [{ host: 'localhost', port: databasePort }],
    limits: { wallMs: 4_000, cpuMs: 400, memoryBytes: 160 * 1_048_576, heapMegabytes: 64, outputBytes: 262_144 },
  });
});

afterAll(async () => {
  await runner.close();
  for (const server of [database, own, hidden]) server.close();
  rmSync(directory, { recursive: true, force: true });
});

const memoryBefore = process.memoryUsage().rss;
const files = readdirSync(folder).filter((name) => name.endsWith('.js'));

describe('attempts', () => {
  test.each(files)('%s', async (file) => {
    const code = readFileSync(join(folder, file), 'utf8');
    const name = file.replace('.js', '');
    const [, attempt = '', expected = ''] = /^\/\/ (.+) => ([\w|]+)$/m.exec(code) ?? [];
    expect(attempt, 'the first line says what is attempted').not.toBe('');
    const program = toProgram(
      'post-login',
      { name, code: file === 'leak-scope.js' ? code : code + SWITCH, secrets },
      { name: 'ordinary', code: ORDINARY },
    );
    const attacking = { ...EVENT, request: { ...(EVENT.request as object), query: { attempt: file } } };
    const { end, reports } = await run(runner, program, { event: attacking });
    const how = end.kind === 'failed' ? end.failure : end.kind === 'denied' ? end.reason : end.kind;
    endings.set(file, how);
    expect(expected.split('|'), `${attempt}: ${JSON.stringify(end)}`).toContain(how);
    // The log says which Action it was, and why.
    if (end.kind === 'failed') {
      expect(end.message.length).toBeGreaterThan(10);
      expect(reports[0]).toMatchObject({ name });
      expect(reports[0]?.error?.message).toBe(end.message);
      expect(JSON.stringify(end)).not.toMatch(/\/(work|root|home|tmp)\//);
    }
    const next = await run(runner, file === 'leak-scope.js' || file === 'top-level-loop.js' ? ordinary() : program);
    expect(next.end, `after ${attempt}`).toEqual({ kind: 'done' });
    expect(next.effects).toEqual([{ kind: 'claim', token: 'id', name: 'ordinary', value: 'auth0|1' }]);
  });
});

/** For attempts that fail before there is a handler: nothing of their program can run again. */
function ordinary() {
  return toProgram('post-login', { name: 'ordinary', code: ORDINARY });
}

test('nobody reached what lies inside, and the server is as large as before', () => {
  expect({ connections, inside }).toEqual({ connections: 0, inside: 0 });
  expect(readFileSync(join(directory, 'secret'), 'utf8')).toBe(SECRET);
  expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(80 * 1_048_576);
  expect(endings.size).toBe(files.length);
});
