/**
 * Attack: somebody uses what a new application shows because Auth0 shows it: the implicit flow among its grant types, the secret of an
 * application that cannot keep one, grant types of people on a machine. And a machine with nothing but scopes that are without effect.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { SCOPES_WITHOUT_EFFECT } from '../../src/management/api/scopes.js';
import { createMachine } from '../support/machines.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const CALLBACK = 'https://app.example/callback';

interface Made {
  readonly client_id: string;
  readonly client_secret: string;
  readonly grant_types: readonly string[];
}
const make = async (more: object) =>
  (await stage.instance.api('POST', '/clients', { name: 'Shown', callbacks: [CALLBACK], ...more })) as unknown as Made;

async function authorize(client: Made, more: Readonly<Record<string, string>>) {
  const query = new URLSearchParams({ client_id: client.client_id, redirect_uri: CALLBACK, scope: 'openid', ...more });
  return await fetch(`${stage.instance.origin}/authorize?${query}`, { redirect: 'manual' });
}

async function askToken(fields: Readonly<Record<string, string>>) {
  const body = new URLSearchParams(fields);
  const response = await fetch(`${stage.instance.origin}/oauth/token`, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
}

describe('implicit among the grant types', () => {
  let web: Made;
  let spa: Made;
  beforeAll(async () => {
    web = await make({});
    spa = await make({ app_type: 'spa' });
  });

  test.each(['token', 'id_token', 'id_token token', 'code token', 'code id_token', 'token code'])(
    'response_type=%s is refused',
    async (type) => {
      for (const client of [web, spa]) {
        expect(client.grant_types).toContain('implicit');
        const answer = await authorize(client, { response_type: type, nonce: 'n', prompt: 'none' });
        expect(answer.headers.get('location')).toContain('error=unsupported_response_type');
        expect(answer.headers.get('location')).not.toMatch(/access_token=|id_token=|code=/);
      }
    },
  );

  test('the token endpoint knows no such grant', async () => {
    const { client_id, client_secret } = web;
    const answer = await askToken({ grant_type: 'implicit', client_id, client_secret, audience: 'x' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toHaveProperty('access_token');
  });
});

test('the secret of an application that cannot keep one opens nothing', async () => {
  const everything = ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'];
  const { client_id, client_secret } = await make({ app_type: 'spa', grant_types: everything });
  const audience = `${stage.instance.origin}/api/v2/`;
  await stage.instance.api('POST', '/client-grants', { client_id, audience, scope: ['read:users'] });
  for (const secret of [{ client_secret }, {}]) {
    const answer = await askToken({ grant_type: 'client_credentials', client_id, audience, ...secret });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toHaveProperty('access_token');
  }
});

test('grant types of people on a machine sign nobody in without a callback', async () => {
  const machine = await make({ app_type: 'non_interactive', callbacks: [] });
  expect(machine.grant_types).toContain('authorization_code');
  const answer = await authorize(machine, { response_type: 'code' });
  expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
});

test('scopes without effect are given and open nothing', async () => {
  const { call } = await createMachine(stage.instance, 'Without effect', SCOPES_WITHOUT_EFFECT);
  const document = (await (await fetch(`${stage.instance.origin}/api/v2/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, 'x') })),
  );
  expect(operations.length).toBeGreaterThan(150);
  const opened: string[] = [];
  for (const { method, path } of operations) {
    const { status } = await call(method, path, ['POST', 'PATCH', 'PUT'].includes(method) ? {} : undefined);
    if (status !== 403) opened.push(`${method} ${path}: ${status}`);
  }
  expect(opened).toEqual([]);
});
