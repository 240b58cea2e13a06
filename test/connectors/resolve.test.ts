/** Names of other servers: what hangs for one name is nobody else's trouble, and no way to an address that is not checked. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createBreaker } from '../../src/connectors/breaker.js';
import { OutboundError } from '../../src/connectors/outbound/error.js';
import { createOutboundFetch } from '../../src/connectors/outbound/fetch.js';
import {
  createResolve,
  findInHosts,
  type Resolve,
  type ResolveSettings,
} from '../../src/connectors/outbound/resolve.js';
import { systemClock } from '../../src/kernel/clock.js';
import { type NameServer, startNameServer } from '../support/name-server.js';

const DEAD = Array.from({ length: 12 }, (_, index) => `idp.dead-${index}.example`);
const SERVER = '198.51.100.7';
let names: NameServer;
let directory: string;
let hostsFile: string;

beforeAll(async () => {
  names = await startNameServer({
    'idp.healthy.example': { A: '127.0.0.1' },
    'idp.public.example': { A: SERVER },
    'idp.half.example': { A: '127.0.0.1', AAAA: 'silent' },
    'idp.private.example': { A: '10.0.0.1' },
    'idp.empty.example': {},
    ...Object.fromEntries(DEAD.map((name) => [name, 'silent' as const])),
  });
  directory = await mkdtemp(join(tmpdir(), 'vestibule-names-'));
  hostsFile = join(directory, 'hosts');
  writeFileSync(hostsFile, '127.0.0.9 idp.at-home.example other # idp.comment.example\n');
});
afterEach(() => {
  names.questions.length = 0;
});
afterAll(async () => {
  await names.stop();
  await rm(directory, { recursive: true });
});

/** A system that is asked in a thread; what it is asked is noted. */
function systemWith(known: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const lookup: Resolve = (name, _options, callback) => {
    asked.push(name);
    const address = known[name];
    if (address === undefined) setImmediate(callback, Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    else setImmediate(callback, null, [{ address, family: 4 }]);
  };
  return { asked, lookup };
}
function resolverWith(settings: Partial<ResolveSettings> = {}) {
  const resolve = createResolve({ timeoutMs: 400, nameServers: [names.address], hostsFile, ...settings });
  return (name: string) =>
    new Promise<string[]>((done, fail) => {
      resolve(name, { all: true }, (error, found) => (error ? fail(error) : done(found.map(({ address }) => address))));
    });
}

describe('a name server that does not answer for some names', () => {
  test('slows nobody else: a healthy identity provider is fetched, and its breaker stays closed', async () => {
    const server = createServer((_request, response) => response.setHeader('connection', 'close').end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const fetch = createOutboundFetch({
      allow: ['127.0.0.0/8'],
      maxBytes: 1000,
      timeoutMs: 3000,
      nameServers: [names.address],
    });
    const breaker = createBreaker({ clock: systemClock, failuresToOpen: 1 });
    const ask = (host: string) =>
      breaker
        .run(host, () => fetch(`http://${host}:${port}/`))
        .then(
          ({ status }) => status,
          (error: unknown) => (error instanceof OutboundError ? error.kind : String(error)),
        );
    const settled: string[] = [];
    const dead = DEAD.map((host) => ask(host).finally(() => settled.push(host)));
    for (let round = 0; round < 3; round += 1) expect(await ask('idp.healthy.example')).toBe(200);
    // All three were answered while every dead name was still being waited for.
    expect(settled).toEqual([]);
    expect(new Set(await Promise.all(dead))).toEqual(new Set(['timeout']));
    await fetch.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('ends at the deadline, as a time-out that names the host, and takes no thread of the system', async () => {
    const system = systemWith({});
    const [dead = ''] = DEAD;
    await expect(resolverWith({ lookup: system.lookup })(dead)).rejects.toMatchObject({ kind: 'timeout' });
    expect(system.asked).toEqual([]);
    expect(names.questions.length).toBeGreaterThan(2);
  });

  test('for IPv6 alone costs a moment: the address it gave is used', async () => {
    expect(await resolverWith()('idp.half.example')).toEqual(['127.0.0.1']);
  });

  test('is asked once for all who want the same name', async () => {
    const resolve = resolverWith();
    await Promise.all(Array.from({ length: 20 }, () => resolve('IdP.public.example.')));
    expect(names.questions.sort()).toEqual(['A idp.public.example', 'AAAA idp.public.example']);
    await resolve('idp.public.example');
    expect(names.questions).toHaveLength(4);
  });
});

describe('the system is asked', () => {
  test('where the name server says no: search domains, mDNS', async () => {
    const system = systemWith({ 'keycloak.auth': '10.1.1.1', 'idp.empty.example': '10.1.1.2' });
    const resolve = resolverWith({ lookup: system.lookup });
    expect(await resolve('keycloak.auth')).toEqual(['10.1.1.1']);
    expect(await resolve('idp.empty.example')).toEqual(['10.1.1.2']);
    await expect(resolve('nobody.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('for a name without a dot, of which a name server knows nothing', async () => {
    const system = systemWith({ keycloak: '10.1.1.1' });
    expect(await resolverWith({ lookup: system.lookup })('keycloak')).toEqual(['10.1.1.1']);
    expect(names.questions).toEqual([]);
  });

  test('once for a name that hangs there, however many logins give up on it', async () => {
    const asked: string[] = [];
    const resolve = resolverWith({ timeoutMs: 50, lookup: (name) => asked.push(name) });
    for (let login = 0; login < 3; login += 1)
      await expect(resolve('printer')).rejects.toMatchObject({ kind: 'timeout' });
    expect(asked).toEqual(['printer']);
  });
});

describe('nobody is asked', () => {
  test.each([
    ['idp.at-home.example', ['127.0.0.9']],
    ['OTHER', ['127.0.0.9']],
    ['localhost', ['127.0.0.1', '::1']],
    ['tenant.localhost', ['127.0.0.1', '::1']],
  ])('about %s', async (name, addresses) => {
    const system = systemWith({});
    expect(await resolverWith({ lookup: system.lookup })(name)).toEqual(addresses);
    expect([...names.questions, ...system.asked]).toEqual([]);
  });

  test('about what the hosts file says, and its comments say nothing', () => {
    const text = '# ::1 a\n127.0.0.1\ta b\r\n::1 A\n\n';
    expect(findInHosts(text, 'a')).toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
    expect(findInHosts(text, 'b')).toHaveLength(1);
    expect(findInHosts('10.0.0.1 x # b', 'b')).toEqual([]);
  });
});

test('a name of this server that leads to a private address is refused (SSRF by name)', async () => {
  const fetch = createOutboundFetch({ allow: [], maxBytes: 1000, timeoutMs: 1000, nameServers: [names.address] });
  await expect(fetch('https://idp.private.example/')).rejects.toMatchObject({ kind: 'forbidden' });
  expect(names.questions.filter((question) => question.startsWith('A '))).toHaveLength(1);
  await fetch.close();
});
