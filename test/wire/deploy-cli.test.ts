/**
 * Auth0's `auth0-deploy-cli`, as published, carries a tenant from one server to an empty one, at the same address and at another, and back into
 * itself, in both of its formats, with nothing excluded. It compiles its schemas twice at every import, which takes half a minute: the long lane.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCertificate, hasOpenssl, type TestCertificate } from '../support/certificate.js';
import type { Snapshot } from '../support/database.js';
import { readExport, runDeployCli, type Settings } from '../support/deploy-cli.js';
import { fillTenant } from '../support/full-tenant.js';
import { halfShareOf } from '../support/half-share.js';
import { findFreePort, type Instance, startInstance } from '../support/instance.js';
import { trustAuthority } from '../support/trust.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/wire/deploy-cli.test.ts is skipped: the openssl command is not installed\n');

const FEW_MINUTES = 900_000;
const TENANT = fileURLToPath(new URL('./deploy-cli/tenant.yaml', import.meta.url));

describe.skipIf(!available)('deploy-cli', () => {
  let certificate: TestCertificate;
  let distrust: () => Promise<void>;
  let port: string;
  let otherPort: string;
  let directory: string;
  let instance: Instance | undefined;
  /** Requests that changed something, in the order of their answers. */
  let writes: string[];

  beforeAll(async () => {
    certificate = createCertificate();
    distrust = trustAuthority(certificate.ca);
    port = String(await findFreePort());
    otherPort = String(await findFreePort());
    directory = mkdtempSync(join(tmpdir(), 'vestibule-deploy-cli-'));
  });
  afterEach(async () => {
    await instance?.stop();
    instance = undefined;
  });
  afterAll(async () => {
    await distrust?.();
    certificate?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  async function startEmpty(at = port): Promise<Instance> {
    await instance?.stop();
    writes = [];
    instance = await startInstance({
      environment: {
        PORT: at,
        VESTIBULE_URL: `https://localhost:${at}`,
        VESTIBULE_TLS_CERT: certificate.cert,
        VESTIBULE_TLS_KEY: certificate.key,
      },
      onApp: (app) =>
        app.addHook('onResponse', async ({ method, url }, reply) => {
          if (method !== 'GET' && url.startsWith('/api/v2/')) writes.push(`${method} ${url} ${reply.statusCode}`);
        }),
    });
    return instance;
  }

  async function run(server: Instance, args: readonly string[], settings: Settings = {}): Promise<string> {
    const { exitCode, output } = await runDeployCli(server, certificate.ca, args, settings);
    expect(exitCode, output).toBe(0);
    return output;
  }

  const importAtOnce = (server: Instance, input: string, settings: Settings = {}): Promise<string> =>
    run(server, ['import', '--input_file', input], settings);

  /**
   * Imports into a server. The program writes applications before the profiles that they name, so those come first. (In one
   * run it sends the profile's name for its id, which Auth0's document does not allow.)
   */
  async function importInto(server: Instance, input: string, settings: Settings = {}): Promise<string> {
    await importAtOnce(server, input, { AUTH0_INCLUDED_ONLY: '["connectionProfiles","userAttributeProfiles"]' });
    return importAtOnce(server, input, settings);
  }

  async function exportTo(server: Instance, format: string, name: string) {
    const folder = join(directory, name);
    const output = await run(server, ['export', '--format', format, '--output_folder', folder]);
    expect(output).toContain('Export Successful');
    expect(output).not.toContain('missing scopes');
    if (format === 'directory') nameProfiles(join(folder, 'clients', 'Web.json'));
    return { folder, content: readExport(folder) };
  }

  /** An export carries names of secrets alone: people put the values in before they import it. */
  function fillIn(file: string, before: RegExp, after: string): void {
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(before);
    writeFileSync(file, text.replace(before, after));
  }

  /**
   * Puts names of profiles for their ids, as docs/compatibility/tools.md says: the program's directory format removes the
   * profiles' ids before it looks for their names.
   */
  function nameProfiles(file: string): void {
    fillIn(file, /"cop_\w+"/, '"Customers: connection"');
    fillIn(file, /"uap_\w+"/, '"Customers: user-attribute"');
  }

  const formats = {
    yaml: {
      input: 'tenant.yaml',
      secret: { file: 'tenant.yaml', before: /( +)- name: K\n/, after: '$1- name: K\n$1  value: v\n' },
    },
    directory: {
      input: '.',
      secret: { file: 'actions/adds a claim.json', before: /"name": "K"/, after: '"name": "K", "value": "v"' },
    },
  };
  type Format = keyof typeof formats;
  type Exported = { readonly input: string; readonly content: Readonly<Record<string, unknown>> };
  const exported = new Map<Format, Promise<Exported>>();

  async function exportFull(format: Format): Promise<Exported> {
    const { input, secret } = formats[format];
    const full = await startEmpty();
    await fillTenant(full);
    const { folder, content } = await exportTo(full, format, `${format}-full`);
    expect(JSON.stringify(content), 'an addition of this server').toMatch(/refusals\W+page/);
    fillIn(join(folder, secret.file), secret.before, secret.after);
    return { input: join(folder, input), content };
  }

  /** The export of a full server, with the values of its secrets. Made once for a format. */
  function fullExport(format: Format): Promise<Exported> {
    const made = exported.get(format) ?? exportFull(format);
    exported.set(format, made);
    return made;
  }

  async function backOnTheSameAddress(format: Format): Promise<void> {
    const { input, content } = await fullExport(format);
    const empty = await startEmpty();
    await importInto(empty, input);
    expect((await exportTo(empty, format, `${format}-imported`)).content).toEqual(content);

    writes = [];
    await run(empty, ['import', '--input_file', input], { AUTH0_ALLOW_DELETE: 'true' });
    // It takes the permissions of every role and gives them again.
    expect(writes.filter((line) => line.startsWith('DELETE') && !line.includes('/permissions '))).toEqual([]);
    expect(writes.filter((line) => !/ 20[0-4]$/.test(line))).toEqual([]);
    expect((await exportTo(empty, format, `${format}-again`)).content).toEqual(content);
  }

  async function elsewhereTwice(format: Format): Promise<void> {
    const { input, content } = await fullExport(format);
    const elsewhere = await startEmpty(otherPort);
    for (const time of ['first', 'second']) {
      // The second time the profiles are there.
      const importIt = time === 'first' ? importInto : importAtOnce;
      await importIt(elsewhere, input, { AUTH0_ALLOW_DELETE: 'true' });
      expect((await exportTo(elsewhere, format, `${format}-elsewhere-${time}`)).content, time).toEqual(content);
    }
    expect(writes.filter((line) => !/ 20[0-4]$/.test(line))).toEqual([]);
  }

  async function sameTenantTwice(): Promise<void> {
    const server = await startEmpty();
    await run(server, ['import', '--input_file', TENANT]);
    const before = undated(await server.snapshot());
    writes = [];
    const output = await run(server, ['import', '--input_file', TENANT], { AUTH0_ALLOW_DELETE: 'true' });
    expect(output).not.toMatch(/Created|Deleted/);
    // It updates what it finds, whether that is the same or not, and deploys every Action again.
    expect(writes.filter((line) => !/^(PATCH|PUT) .* 20[0-4]$|^POST .*\/deploy 200$/.test(line))).toEqual([]);
    expect(undated(await server.snapshot())).toEqual(before);
  }

  /** The application is not written, rather than with limits that nobody has set. */
  async function profilesComeFirst(): Promise<void> {
    const { input } = await fullExport('yaml');
    const empty = await startEmpty();
    const { exitCode, output } = await runDeployCli(empty, certificate.ca, ['import', '--input_file', input]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('on property my_organization_configuration.connection_profile_id');
    const clients = await empty.api<readonly { readonly name: string }[]>('GET', '/clients');
    expect(clients.map(({ name }) => name)).not.toContain('Web');
  }

  /** Each has servers of its own. */
  const journeys: readonly (readonly [string, () => Promise<void>])[] = [
    ['an-export-comes-out-of-an-empty-server-as-it-went-in format=yaml', () => backOnTheSameAddress('yaml')],
    ['an-export-comes-out-of-a-server-elsewhere-as-it-went-in format=directory', () => elsewhereTwice('directory')],
    ['the-same-tenant-twice-changes-nothing', sameTenantTwice],
    ['an-application-before-its-profiles-is-refused', profilesComeFirst],
    ['an-export-comes-out-of-an-empty-server-as-it-went-in format=directory', () => backOnTheSameAddress('directory')],
    ['an-export-comes-out-of-a-server-elsewhere-as-it-went-in format=yaml', () => elsewhereTwice('yaml')],
  ];
  test.each(halfShareOf(journeys))('case=%s', (_name, play) => play(), FEW_MINUTES);
});

/** Tables that say when and how often something was written. */
const HISTORY: ReadonlySet<string> = new Set(['logs', 'action_versions', 'tokens', 'jobs']);
/** Columns that say which writing they are from, and secrets, which are sealed with another nonce each time. */
const OF_WRITING =
  /"(updated_at|built_at|revision|actions_revision|deployed_version_id|secrets_sealed)": ("[^"]*"|null),? ?/g;

function undated(snapshot: Snapshot): Snapshot {
  const tables = Object.entries(snapshot).filter(([name]) => !HISTORY.has(name));
  return Object.fromEntries(
    tables.map(([name, rows]) => [name, rows.map((row) => row.replace(OF_WRITING, '')).sort()]),
  );
}
