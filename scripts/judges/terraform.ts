/**
 * `npx tsx scripts/judges/terraform.ts [WIRE]`: Auth0's provider for Terraform applies the configuration in `terraform/`, sees an empty plan,
 * changes nearly all of it, sees an empty plan and destroys it. Afterwards the server has what it had before. WIRE is a file for the
 * calls of the run. Leaves nothing but the built provider in the user's cache.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { findFreePort } from '../../bench/processes.js';
import { startServer } from '../../src/compose/server.js';
import { parseConfig } from '../../src/config/config.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { newSelfSignedPair } from '../../src/kernel/self-signed.js';
import { createCertificate } from '../../test/support/certificate.js';
import { diffSnapshots, snapshotTables } from '../../test/support/database.js';
import { writeWire } from '../../test/support/wire.js';
import { buildProvider, createTerraform, PROVIDER_VERSION, type Terraform } from './terraform-provider.js';
import { startWireFront } from './wire.js';

const MACHINE = { clientId: 'terraform', clientSecret: 'terraform-secret-of-a-local-run' };
const CONFIGURATION = join(import.meta.dirname, 'terraform');

const YEAR_MS = 365 * 86_400_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Tables that a run may change permanently, each with the reason why. */
const STAYS: Readonly<Record<string, string>> = {
  attempt_counters: 'the network from which the secret of the client came',
  email_templates: 'the API deletes none: the provider switches it off',
  logs: 'the log of the calls',
  settings_revision: 'each write of a setting makes a new one',
  tenant: 'settings: the provider leaves them as they are when it destroys auth0_tenant',
};

/** Variables of the configuration: two public keys and a certificate, in PEM. */
async function createKeys(): Promise<Readonly<Record<string, string>>> {
  const newPem = () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const notBefore = new Date();
  const about = { commonName: 'idp.acme.example', notBefore, notAfter: new Date(notBefore.getTime() + YEAR_MS) };
  const { certificate } = await newSelfSignedPair(systemEntropy, about);
  return { first_key: newPem(), second_key: newPem(), certificate };
}

async function settle(terraform: Terraform, stage: string, keys: Readonly<Record<string, string>>): Promise<void> {
  const variables = { ...keys, stage };
  await terraform.apply(variables);
  say(`stage ${stage} is applied`);
  const planned = await terraform.plan(variables);
  if (planned !== '') throw new Error(`after stage ${stage} the plan is not empty: ${planned}`);
  say(`the plan after stage ${stage} is empty`);
}

async function startAll(work: string, certificate: ReturnType<typeof createCertificate>) {
  const port = await findFreePort();
  const front = await startWireFront(certificate, () => port);
  const config = parseConfig({
    PORT: String(port),
    VESTIBULE_URL: `https://localhost:${front.port}`,
    VESTIBULE_DATA_DIR: join(work, 'data'),
    VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.clientId,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.clientSecret,
    VESTIBULE_LOG_LEVEL: process.env.JUDGE_LOG_LEVEL ?? 'fatal',
  });
  const server = await startServer(config, { logger: pino({ level: config.logLevel }) });
  // The provider writes universal_login only where a custom domain is ready.
  await server.pool.query('update tenant set own_domain_listed = true');
  return { front, server };
}

async function judge(work: string, wire: string | undefined): Promise<void> {
  const provider = await buildProvider();
  say(`Auth0's provider for Terraform ${PROVIDER_VERSION} is built`);
  const certificate = createCertificate();
  const { front, server } = await startAll(work, certificate);
  try {
    const before = await snapshotTables(server.pool);
    const credentials = { domain: `localhost:${front.port}`, ...MACHINE, ca: certificate.ca };
    const terraform = createTerraform(provider, CONFIGURATION, work, credentials);
    const keys = await createKeys();
    await settle(terraform, '1', keys);
    await settle(terraform, '2', keys);
    await terraform.destroy({ ...keys, stage: '2' });
    say(`everything is destroyed after ${front.calls.length} calls`);
    const left = diffSnapshots(before, await snapshotTables(server.pool));
    for (const table of Object.keys(STAYS)) delete left[table];
    if (Object.keys(left).length > 0) throw new Error(`something is left: ${JSON.stringify(left, null, 1)}`);
    say('nothing is left');
    if (wire !== undefined) writeFileSync(wire, writeWire(front.calls, server.origin));
  } catch (error) {
    for (const { method, path, status, answered } of front.calls)
      if (status >= 400) say(`${status} ${method} ${path} ${JSON.stringify(answered)}`);
    throw error;
  } finally {
    await server.close();
    await front.stop();
    certificate.remove();
  }
}

const work = mkdtempSync(join(tmpdir(), 'vestibule-terraform-'));
try {
  await judge(work, process.argv[2]);
} finally {
  rmSync(work, { recursive: true, force: true });
}
