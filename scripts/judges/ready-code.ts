/**
 * `npx tsx scripts/judges/ready-code.ts [--https] [KIT …]`: runs the code of the console and the quickstarts exactly as
 * it is printed. Kits: `express`, `nextjs`, `react`, `vue`, `python`, `go`, `spring`, `machine`. Without a kit it runs
 * all of them. Creates the application as the console does, installs the packages by the printed commands in their
 * newest versions, and signs people in through Chromium. With `--https` the server has its own certificate; without it,
 * it speaks http on localhost, as `vestibule serve` does at first. Prints one line for each check and `N passed, N
 * failed`; exits with 1 if one failed. Needs `npm`, `python3` with `venv`, `curl`, `openssl` and Chromium; Go for `go`;
 * Maven and a JDK for `spring`. Not part of `npm test`. Leaves nothing.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { findFreePort } from '../../bench/processes.js';
import type { Client } from '../../src/console/pages/applications/answers.js';
import type { CodeFacts, Kit } from '../../src/console/pages/applications/kits/kit.js';
import { chooseFacts, findMissing } from '../../src/console/pages/applications/ready-code.js';
import { toNewClient } from '../../src/console/pages/applications/settings-values.js';
import { isQuickstart, QUICKSTART_IDS, QUICKSTARTS, type QuickstartId } from '../docs/quickstarts.js';
import { type Ground, onBrowserGround } from './browser-ground.js';
import { Checks, summarize } from './checks.js';
import { type Printed, print } from './printed-code.js';
import { playPeople } from './ready-code-people.js';
import { playTokens } from './ready-code-tokens.js';

/** The default password of every Java's own store. */
const PASSWORD_OF_STORE = 'changeit';
const API = 'https://notes.acme.example/';

/** Creates an application as the console does. Its callback has a free port instead of the console's 3000. */
async function createApplication({ vestibule: { api } }: Ground, kit: Kit): Promise<Client> {
  const [kind = 'regular_web'] = kit.kinds;
  const { client_id: id } = await api('POST', '/clients', toNewClient(`Ready code (${kit.name})`, kind));
  if (kind === 'non_interactive') {
    const scopes = [{ value: 'read:notes', description: 'Read notes' }];
    await api('POST', '/resource-servers', { name: 'Notes', identifier: API, scopes });
    await api('POST', '/client-grants', { client_id: id, audience: API, scope: ['read:notes'] });
    return api<Client>('GET', `/clients/${id}`);
  }
  const callbacks = [`http://localhost:${await findFreePort()}${kit.callbackPath}`];
  return api<Client>('PATCH', `/clients/${id}`, { callbacks });
}

/** Presses "Add them": registers the addresses that the code needs. */
async function addAddresses({ vestibule: { api } }: Ground, client: Client, kit: Kit, facts: CodeFacts) {
  const addresses = kit.addresses(facts);
  if (addresses === undefined) return;
  const changed = await api<Client>('PATCH', `/clients/${client.client_id}`, findMissing(client, addresses));
  const left = Object.keys(findMissing(changed, addresses));
  if (left.length > 0) throw new Error(`still missing: ${left.join(', ')}`);
}

/**
 * Makes a certificate store for Java, which reads no PEM file: a copy of Java's own store with `ca` added. Throws
 * without a JDK.
 */
function trustOfJava(ca: string): Readonly<Record<string, string>> {
  const { stderr } = spawnSync('java', ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
  const home = /java\.home = (.+)/.exec(stderr)?.[1] ?? '';
  const store = `${ca}.store`;
  copyFileSync(`${home}/lib/security/cacerts`, store);
  const added = ['-importcert', '-noprompt', '-alias', 'judge', '-file', ca];
  execFileSync('keytool', [...added, '-keystore', store, '-storepass', PASSWORD_OF_STORE], { stdio: 'pipe' });
  return { JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${store}` };
}

/** Returns the variables that make a kit's programs accept the server's certificate. */
const trustOf = (id: QuickstartId, ca: string): Readonly<Record<string, string>> => ({
  NODE_EXTRA_CA_CERTS: ca,
  REQUESTS_CA_BUNDLE: ca,
  CURL_CA_BUNDLE: ca,
  ...(id === 'go' && { SSL_CERT_FILE: ca }),
  ...(id === 'spring' && trustOfJava(ca)),
});

async function play(id: QuickstartId, ground: Ground, checks: Checks): Promise<void> {
  const kit: Kit = QUICKSTARTS[id];
  const { vestibule, certificate } = ground;
  const client = await createApplication(ground, kit);
  const facts = chooseFacts(client, { kit, origin: vestibule.origin, audience: id === 'machine' ? API : undefined });
  await addAddresses(ground, client, kit, facts);
  const { ca } = certificate;
  const isHttps = vestibule.origin.startsWith('https:');
  const trust = isHttps ? trustOf(id, ca) : {};
  const { client_secret: secret = '' } = client;
  let printed: Printed | undefined;
  const isInstalled = await checks.play('the printed commands install it', async () => {
    printed = await print(kit, facts, { secret, trust });
  });
  if (!isInstalled || printed === undefined) return;
  const versions = id === 'machine' ? [`Node ${process.version}`] : printed.versions;
  process.stdout.write(`      ${versions.join(', ')}\n`);
  try {
    if (id === 'machine') await playTokens({ checks, printed, audience: API, clientId: facts.clientId });
    else await playPeople({ ...ground, checks, printed, kit, facts });
  } finally {
    await printed.remove();
  }
}

const words = process.argv.slice(2);
const scheme = words.includes('--https') ? 'https' : 'http';
const asked = words.filter((word) => word !== '--https');
const unknown = asked.find((word) => !isQuickstart(word));
if (unknown !== undefined) {
  process.stderr.write(`there is no kit ${unknown}\n`);
  process.exit(2);
}
const all: Checks[] = [];
for (const id of QUICKSTART_IDS) {
  if (asked.length > 0 && !asked.includes(id)) continue;
  const checks = new Checks(`${id} (${scheme})`);
  all.push(checks);
  await onBrowserGround((ground) => play(id, ground, checks), scheme);
}
summarize(all);
