/**
 * Features that are not there (src/management/absent): reading them answers as a tenant that does not use them, a write that changes
 * nothing is answered as done, any other is refused in words and writes nothing.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGE, toPage } from '../../scripts/operations-table.js';
import { ABSENT_FEATURES } from '../../src/management/absent/features.js';
import { absentOperations } from '../../src/management/absent/operations.js';
import { DEFINITIONS, getRequestSchemas, listAuth0Operations } from '../../src/management/api/validation.js';
import { createOperations } from '../../src/management/resources.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

const ROWS = ABSENT_FEATURES.flatMap(({ name, paths, ofUser, of }) =>
  Object.entries(paths).map(([path, answer]) => ({ name, path, answer, ofUser, of })),
);
interface ParameterSchema {
  readonly $ref?: string;
  readonly anyOf?: readonly ParameterSchema[];
  readonly oneOf?: readonly ParameterSchema[];
  readonly enum?: readonly string[];
  readonly minLength?: number;
}

/** Something that the document takes for a parameter. */
function exampleOf(schema: ParameterSchema): string {
  const other =
    schema.$ref === undefined ? (schema.anyOf ?? schema.oneOf)?.[0] : DEFINITIONS[schema.$ref.split('/').at(-1) ?? ''];
  if (other !== undefined) return exampleOf(other);
  if (schema.enum !== undefined) return schema.enum[0] ?? '';
  return 'x'.repeat(schema.minLength ?? 1);
}

/** The path with such things in it; a user, an organization or a role at its beginning is one that exists. */
function fill(method: string, path: string): string {
  const { ofUser, of } = ROWS.find((row) => row.path === path) ?? {};
  const ownerId = ofUser ? encodeURIComponent(cast.dana) : of === 'role' ? cast.role : of && cast.organization;
  const schemas = (getRequestSchemas(`${method} ${path}`).path?.properties ?? {}) as Record<string, ParameterSchema>;
  return path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    ownerId && (name === 'id' || name === 'organization_id') ? ownerId : exampleOf(schemas[name] ?? {}),
  );
}

test('every path of the table is one of the document, and no other operation has it', () => {
  const known = new Set(listAuth0Operations().map(({ path }) => path));
  for (const { path } of ROWS) expect(known, path).toContain(path);
  const there = createOperations(api.deps).filter(({ absent }) => absent !== true);
  for (const { path } of there) expect(ROWS.map((row) => row.path)).not.toContain(path);
  expect(absentOperations().length).toBeGreaterThan(180);
});

test('the page of all operations is up to date', () => {
  expect(readFileSync(PAGE, 'utf8'), 'run npx tsx scripts/operations-table.ts').toBe(toPage());
});

describe('reading', () => {
  const reads = absentOperations().filter(({ method }) => method === 'get');
  test.each(reads.map(({ path }) => path))('%s', async (path) => {
    const row = ROWS.find((item) => item.path === path);
    const query = path === '/users/{id}/effective-roles/sources/groups' ? '?role_id=rol_0000000000000000' : '';
    const answer = await api.get(`${fill('get', path)}${query}`);
    if (path.endsWith('/search'))
      expect(answer).toMatchObject({ status: 404, body: { errorCode: 'feature_not_enabled' } });
    else if (row !== undefined && 'missing' in row.answer) {
      expect(answer).toMatchObject({ status: 404, body: { statusCode: 404, message: row.answer.missing } });
    } else {
      expect(answer.status).toBe(200);
      if (row !== undefined && 'is' in row.answer) expect(answer.body).toEqual(row.answer.is);
    }
  });

  test('a list has the form that was asked for', async () => {
    expect((await api.get('/rules')).body).toEqual([]);
    expect((await api.get('/rules?include_totals=true')).body).toEqual({ start: 0, limit: 50, total: 0, rules: [] });
    expect((await api.get('/forms?page=3&per_page=10&include_totals=true')).body).toMatchObject({
      start: 30,
      forms: [],
    });
    expect((await api.get('/event-streams')).body).toEqual({ eventStreams: [] });
  });

  test('about a user who is not there: 404', async () => {
    const answer = await api.get('/users/auth0%7Cnobody/connected-accounts');
    expect(answer).toMatchObject({ status: 404, body: { errorCode: 'inexistent_user' } });
  });
});

describe('writing', () => {
  test('each write is refused in words, or speaks of a thing that is not there; and nothing is written', async () => {
    const before = await api.database.pool.query('select count(*) from logs');
    for (const { method, path } of absentOperations().filter((operation) => operation.method !== 'get')) {
      const row = ROWS.find((item) => item.path === path);
      const query = path === '/grants' ? '?user_id=x' : '';
      const answer = await api.call(method.toUpperCase(), `${fill(method, path)}${query}`, { some_property: 'new' });
      const key = `${method} ${path}`;
      if (method === 'delete' && row !== undefined && !('missing' in row.answer)) expect(answer.status, key).toBe(204);
      else expect([403, 404], key).toContain(answer.status);
      if (answer.status === 403) {
        expect(answer.body.errorCode, key).toBe('feature_not_enabled');
        expect(answer.body.message, key).toMatch(/^.+: this server does not have this.* .+\.$/);
      }
    }
    expect(await api.database.pool.query('select count(*) from logs')).toMatchObject({ rows: before.rows });
  });

  test('what is shown may be written back: an export goes in again', async () => {
    for (const path of ['/attack-protection/breached-password-detection', '/risk-assessments/settings']) {
      const { body } = await api.get(path);
      expect((await api.patch(path, body)).body).toEqual(body);
    }
    const off = { enabled: false, shields: ['block', 'admin_notification'], method: 'enhanced' };
    const breached = '/attack-protection/breached-password-detection';
    expect((await api.patch(breached, off)).body).toEqual((await api.get(breached)).body);
    expect((await api.patch(breached, { ...off, enabled: true })).status).toBe(403);
    const never = {
      challenge_password_policy: 'never',
      challenge_passwordless_policy: 'never',
      challenge_password_reset_policy: 'never',
    };
    const bots = '/attack-protection/bot-detection';
    expect((await api.patch(bots, { ...never, bot_detection_level: 'high' })).status).toBe(200);
    for (const on of [{ challenge_password_policy: 'always' }, { monitoring_mode_enabled: true }])
      expect(await api.patch(bots, { ...never, ...on })).toMatchObject({
        status: 403,
        body: { errorCode: 'feature_not_enabled' },
      });
    const captcha = '/attack-protection/captcha';
    const own = { active_provider_id: 'auth_challenge', auth_challenge: { fail_open: false } };
    expect((await api.patch(captcha, own)).status).toBe(200);
    expect((await api.patch(captcha, { active_provider_id: 'hcaptcha' })).status).toBe(403);
    const types = '/guardian/factors/phone/message-types';
    expect((await api.call('PUT', types, { message_types: [] })).body).toEqual({ message_types: [] });
    const on = await api.call('PUT', types, { message_types: ['sms'] });
    expect(on).toMatchObject({ status: 403, body: { message: expect.stringContaining('property message_types') } });
  });
});
