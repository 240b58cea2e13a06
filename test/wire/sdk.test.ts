/**
 * Auth0's own SDKs, as published, set a tenant up over HTTPS. They build issuer, audience and token address from `domain`
 * alone and insist on https, so the server shows a certificate of an authority that only they are told to trust.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findWrongTypes, hasAnswer } from '../support/answer-types.js';
import { createCertificate, hasOpenssl, type TestCertificate } from '../support/certificate.js';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import type { StepResult } from './recorder.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/wire/sdk.test.ts is skipped: the openssl command is not installed\n');

interface Driven {
  readonly steps: readonly StepResult[];
  readonly stderr: string;
}

/** Holds every answer of the Management API that goes over the wire against Auth0's document. */
function watchAnswers(app: FastifyInstance, seen: Set<string>, wrong: string[]): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const path = request.routeOptions.url?.replace(/^\/api\/v2/, '').replace(/:(\w+)/g, '{$1}');
    const key = `${request.method.toLowerCase()} ${path}`;
    if (!hasAnswer(key) || reply.statusCode >= 300 || typeof payload !== 'string' || payload === '') return payload;
    seen.add(key);
    wrong.push(...findWrongTypes(key, JSON.parse(payload)).map((error) => `${key}: ${error}`));
    return payload;
  });
}

function drive(driver: string, sdk: string, instance: Instance, ca: string): Promise<Driven> {
  const file = fileURLToPath(new URL(driver, import.meta.url));
  const { host } = new URL(instance.origin);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', file, host, MANAGEMENT_CLIENT.id, MANAGEMENT_CLIENT.secret, sdk],
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
  { name: 'SDK 7', driver: './drive-sdk7.ts', sdk: 'auth0', steps: 72, operations: 60 },
  { name: 'SDK 6', driver: './drive-sdk7.ts', sdk: 'auth0-v6', steps: 72, operations: 60 },
  { name: 'SDK 5', driver: './drive-sdk7.ts', sdk: 'auth0-v5', steps: 72, operations: 60 },
  { name: 'SDK 4', driver: './drive-sdk4.ts', sdk: 'auth0-v4', steps: 32, operations: 30 },
  { name: 'SDK 3', driver: './drive-sdk3.ts', sdk: 'auth0-v3', steps: 26, operations: 20 },
  { name: 'a key in place of a secret', driver: './drive-private-key-jwt.ts', sdk: '', steps: 9, operations: 3 },
])('$name', ({ driver, sdk, ...least }) => {
  const seen = new Set<string>();
  const wrong: string[] = [];
  let certificate: TestCertificate;
  let instance: Instance;

  beforeAll(async () => {
    certificate = createCertificate();
    instance = await startInstance({
      environment: { VESTIBULE_TLS_CERT: certificate.cert, VESTIBULE_TLS_KEY: certificate.key },
      onApp: (app) => watchAnswers(app, seen, wrong),
    });
  });
  afterAll(async () => {
    await instance?.stop();
    certificate?.remove();
  });

  test('case=every-step-works-and-every-answer-has-the-types-of-the-document', async () => {
    const { steps, stderr } = await drive(driver, sdk, instance, certificate.ca);
    expect(
      steps.filter((step) => step.result !== 'ok'),
      stderr,
    ).toEqual([]);
    expect(steps.length, stderr).toBe(least.steps);
    expect(wrong).toEqual([]);
    expect(seen.size, [...seen].join('\n')).toBeGreaterThanOrEqual(least.operations);
  }, 120_000);
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
      const { steps, stderr } = await drive('./drive-sdk7-in-parallel.ts', 'auth0', instance, certificate.ca);
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
