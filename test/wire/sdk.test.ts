/**
 * Auth0's own SDKs, as published, set a tenant up over HTTPS. They build issuer, audience and token address from `domain`
 * alone and insist on https, so the server shows a certificate of an authority that only they are told to trust.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCertificate, hasOpenssl, type TestCertificate } from '../support/certificate.js';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import type { StepResult } from './recorder.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/wire/sdk.test.ts is skipped: the openssl command is not installed\n');

interface Driven {
  readonly steps: readonly StepResult[];
  readonly stderr: string;
}

function drive(driver: string, instance: Instance, ca: string): Promise<Driven> {
  const file = fileURLToPath(new URL(driver, import.meta.url));
  const { host } = new URL(instance.origin);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', file, host, MANAGEMENT_CLIENT.id, MANAGEMENT_CLIENT.secret],
    {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      const line = stdout.trim().split('\n').at(-1) ?? '';
      resolve({ steps: line.startsWith('[') ? (JSON.parse(line) as StepResult[]) : [], stderr });
    });
  });
}

describe.skipIf(!available).each([
  ['SDK 7', './drive-sdk7.ts', 67],
  ['SDK 4', './drive-sdk4.ts', 32],
  ['SDK 3', './drive-sdk3.ts', 5],
  ['a key in place of a secret', './drive-private-key-jwt.ts', 9],
])('%s', (_name, driver, count) => {
  let certificate: TestCertificate;
  let instance: Instance;

  beforeAll(async () => {
    certificate = createCertificate();
    instance = await startInstance({
      environment: { VESTIBULE_TLS_CERT: certificate.cert, VESTIBULE_TLS_KEY: certificate.key },
    });
  });
  afterAll(async () => {
    await instance?.stop();
    certificate?.remove();
  });

  test('case=every-step-works', async () => {
    const { steps, stderr } = await drive(driver, instance, certificate.ca);
    expect(
      steps.filter((step) => step.result !== 'ok'),
      stderr,
    ).toEqual([]);
    expect(steps.length, stderr).toBe(count);
  });
});

describe.skipIf(!available)('SDK 7 beyond a rate limit', () => {
  test('case=it waits as the headers say, and every step works', async () => {
    const certificate = createCertificate();
    let refused = 0;
    const instance = await startInstance({
      environment: {
        VESTIBULE_TLS_CERT: certificate.cert,
        VESTIBULE_TLS_KEY: certificate.key,
        VESTIBULE_RATE_LIMIT_MANAGEMENT: '2/2',
      },
      onApp: (app) => {
        app.addHook('onResponse', async (_request, reply) => {
          if (reply.statusCode === 429) refused += 1;
        });
      },
    });
    try {
      const { steps, stderr } = await drive('./drive-sdk7-in-parallel.ts', instance, certificate.ca);
      expect(
        steps.filter((step) => step.result !== 'ok'),
        stderr,
      ).toEqual([]);
      expect(steps.length, stderr).toBe(4);
      expect(refused).toBeGreaterThan(0);
    } finally {
      await instance.stop();
      certificate.remove();
    }
  });
});
