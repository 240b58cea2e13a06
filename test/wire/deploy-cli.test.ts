/**
 * Auth0's `auth0-deploy-cli`, as published, carries a tenant from one server to an empty one, at the same address and at another, and back into
 * itself, in both of its formats, with nothing excluded. It compiles its schemas at every import, which takes a quarter of a minute: the long lane.
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
import { findFreePort, type Instance, startInstance } from '../support/instance.js';
import { shareOf } from '../support/share.js';
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

  async function exportTo(server: Instance, format: string, name: string) {
    const folder = join(directory, name);
    const output = await run(server, ['export', '--format', format, '--output_folder', folder]);
    expect(output).toContain('Export Successful');
    expect(output).not.toContain('missing scopes');
    return { folder, content: readExport(folder) };
  }

  /** An export carries names of secrets alone: people put the values in before they import it. */
  function fillSecretIn(file: string, before: RegExp, after: string): void {
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(before);
    writeFileSync(file, text.replace(before, after));
  }

  const formats = [
    {
      format: 'yaml',
      input: 'tenant.yaml',
      secret: { file: 'tenant.yaml', before: /( +)- name: K\n/, after: '$1- name: K\n$1  value: v\n' },
    },
    {
      format: 'directory',
      input: '.',
      secret: { file: 'actions/adds a claim.json', before: /"name": "K"/, after: '"name": "K", "value": "v"' },
    },
  ];
  test.each(shareOf(formats))(
    'case=an-export-comes-out-of-an-empty-server-as-it-went-in format=$format',
    async ({ format, input, secret }) => {
      const full = await startEmpty();
      await fillTenant(full);
      const { folder, content } = await exportTo(full, format, `${format}-full`);
      expect(JSON.stringify(content), 'an addition of this server').toMatch(/refusals\W+page/);
      fillSecretIn(join(folder, secret.file), secret.before, secret.after);

      const empty = await startEmpty();
      await run(empty, ['import', '--input_file', join(folder, input)]);
      expect((await exportTo(empty, format, `${format}-imported`)).content).toEqual(content);

      writes = [];
      await run(empty, ['import', '--input_file', join(folder, input)], { AUTH0_ALLOW_DELETE: 'true' });
      // It takes the permissions of every role and gives them again.
      expect(writes.filter((line) => line.startsWith('DELETE') && !line.includes('/permissions '))).toEqual([]);
      expect(writes.filter((line) => !/ 20[0-4]$/.test(line))).toEqual([]);
      expect((await exportTo(empty, format, `${format}-again`)).content).toEqual(content);

      const elsewhere = await startEmpty(otherPort);
      for (const time of ['first', 'second']) {
        await run(elsewhere, ['import', '--input_file', join(folder, input)], { AUTH0_ALLOW_DELETE: 'true' });
        expect((await exportTo(elsewhere, format, `${format}-elsewhere-${time}`)).content, time).toEqual(content);
      }
      expect(writes.filter((line) => !/ 20[0-4]$/.test(line))).toEqual([]);
    },
    FEW_MINUTES,
  );

  test(
    'case=the-same-tenant-twice-changes-nothing',
    async () => {
      const server = await startEmpty();
      await run(server, ['import', '--input_file', TENANT]);
      const before = undated(await server.snapshot());
      writes = [];
      const output = await run(server, ['import', '--input_file', TENANT], { AUTH0_ALLOW_DELETE: 'true' });
      expect(output).not.toMatch(/Created|Deleted/);
      // It updates what it finds, whether that is the same or not, and deploys every Action anew.
      expect(writes.filter((line) => !/^(PATCH|PUT) .* 20[0-4]$|^POST .*\/deploy 200$/.test(line))).toEqual([]);
      expect(undated(await server.snapshot())).toEqual(before);
    },
    FEW_MINUTES,
  );
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
