/** `npm start` and Ctrl-C: what is started is stopped, the database included, and a second start finds everything again. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { chooseAddresses, portOf } from '../../demo/addresses.js';
import { startApplication } from '../../demo/application.js';
import { Visits } from '../../demo/visits.js';
import { StartError } from '../../src/kernel/errors.js';
import { processesWith, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-demo-'));
chmodSync(dataDir, 0o711);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

/**
 * tsx says 128 and the signal for the demo's own 0 where the demo did not tell it within some milliseconds that it had heard of the signal: on a busy
 * machine. Processes that are left running are looked at beside it.
 */
const ENDED = [0, 130, 143];

test('Ctrl-C leaves nothing running; a second start finds the tenant, on the same data', async () => {
  const environment = { PORT: String(await findFreePort()), VESTIBULE_DATA_DIR: dataDir };
  const first = await startDemo(environment);
  expect(Object.keys(first.addresses)).toEqual([
    'stage',
    'application',
    'mailbox',
    'Vestibule',
    "Acme's IdP",
    "Evil Corp's IdP",
    "Globex' IdP",
  ]);
  expect(first.output()).not.toContain('\u001b[');
  const home = async (address: string | undefined) => (await fetch(`${address}/`)).text();
  const organization = /organization=(org_\w+)/.exec(await home(first.addresses.application))?.[1];
  expect(organization).toBeDefined();
  expect(processesWith(`${dataDir}/`).length).toBeGreaterThan(0);

  expect(ENDED).toContain(await first.stop('SIGINT'));
  expect(processesWith(`${dataDir}/`)).toEqual([]);
  for (const address of Object.values(first.addresses)) await expect(fetch(address)).rejects.toThrow('fetch failed');

  const second = await startDemo(environment);
  expect(await home(second.addresses.application)).toContain(`organization=${organization}`);
  expect(ENDED).toContain(await second.stop('SIGTERM'));
  expect(processesWith(`${dataDir}/`)).toEqual([]);
}, 400_000);

test('a port that PORT asks for and that is taken is an error; another taken one is stepped over, and all addresses follow', async () => {
  const port = await findFreePort();
  const there = await occupy(port + 1);
  try {
    const { addresses, moves } = await chooseAddresses(String(port));
    expect(addresses.vestibule).toBe(`http://localhost:${port}`);
    expect(moves.find((move) => move.wanted === port + 1)).toMatchObject({ part: 'application' });
    expect(addresses.acmeIdp === `http://localhost:${port + 2}` || moves.some((move) => move.part === 'acmeIdp')).toBe(
      true,
    );
    const ports = Object.values(addresses).map(portOf);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports).not.toContain(port + 1);
    await expect(chooseAddresses(String(port + 1))).rejects.toThrow(StartError);
  } finally {
    there.close();
  }
});

test('an application whose port was taken meanwhile is an error at the start, not a refused connection later', async () => {
  const port = await findFreePort();
  const there = await occupy(port);
  const origin = (offset: number) => `http://localhost:${port + offset}`;
  const start = startApplication({
    addresses: {
      application: origin(0),
      vestibule: origin(1),
      acmeIdp: origin(2),
      stage: origin(3),
      evilIdp: origin(4),
      globexIdp: origin(5),
    },
    clientId: 'notebook',
    clientSecret: 'a secret of the application',
    settingsClientId: 'settings',
    adminRole: 'admin',
    secret: 'a secret of its cookies',
    organizations: [],
    findRoles: async () => [],
    visits: new Visits(),
  });
  await expect(start).rejects.toThrow('EADDRINUSE');
  there.close();
});

test('kill -9 of the demo: the next start takes its database over, with the same tenant, and Ctrl-C leaves nothing running', async () => {
  const environment = { PORT: String(await findFreePort()), VESTIBULE_DATA_DIR: dataDir };
  const home = async (address: string | undefined) => (await fetch(`${address}/`)).text();
  const organizationOf = (page: string) => /organization=(org_\w+)/.exec(page)?.[1];
  const first = await startDemo(environment);
  const organization = organizationOf(await home(first.addresses.application));
  expect(organization).toBeDefined();
  await first.stop('SIGKILL');
  for (const address of Object.values(first.addresses)) await expect(fetch(address)).rejects.toThrow('fetch failed');

  const second = await startDemo(environment);
  expect(organizationOf(await home(second.addresses.application))).toBe(organization);
  expect(ENDED).toContain(await second.stop('SIGINT'));
  expect(processesWith(`${dataDir}/`)).toEqual([]);
}, 500_000);
