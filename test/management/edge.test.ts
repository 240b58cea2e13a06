/** The edge: tokens, scopes, bodies that are not JSON, texts that a database cannot hold; and that document and routes agree. */
import { validate } from '@readme/openapi-parser';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonSchema, keyOf } from '../../src/management/api/operation.js';
import { MANAGEMENT_SERVER_OPTIONS } from '../../src/management/api/plugin.js';
import { getAcceptedScopes, MANAGEMENT_SCOPES } from '../../src/management/api/scopes.js';
import { getRequestSchemas } from '../../src/management/api/validation.js';
import { createOperations } from '../../src/management/resources.js';
import { ALL, type Management, OF_A_PERSON, routesOf, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

/** Paths in the schema of an answer where a list has no items, an object no properties, or a value no type. */
function findShapeless(schema: JsonSchema, path = ''): readonly string[] {
  const {
    type,
    properties,
    items,
    additionalProperties,
    anyOf = [],
    oneOf = [],
  } = schema as {
    readonly type?: string | readonly string[];
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly items?: JsonSchema;
    readonly additionalProperties?: unknown;
    readonly anyOf?: readonly JsonSchema[];
    readonly oneOf?: readonly JsonSchema[];
  };
  const types = [type ?? []].flat();
  const isOpenList = types.includes('array') && items === undefined;
  const isOpenObject = types.includes('object') && properties === undefined && additionalProperties === undefined;
  const isAnything = path !== '' && Object.keys(schema).length === 0;
  return [
    ...(isOpenList || isOpenObject || isAnything ? [path] : []),
    ...Object.entries(properties ?? {}).flatMap(([name, one]) => findShapeless(one, path ? `${path}.${name}` : name)),
    ...(items ? findShapeless(items, `${path}[]`) : []),
    ...[...anyOf, ...oneOf].flatMap((one) => findShapeless(one, path)),
  ];
}

describe('tokens and scopes', () => {
  test('case=missing-and-invalid', async () => {
    const missing = await api.app.inject('/api/v2/organizations');
    expect(missing.json()).toEqual({ statusCode: 401, error: 'Unauthorized', message: 'Missing authentication' });
    expect(missing.headers['www-authenticate']).toBe('Bearer realm="management"');
    const invalid = await api.get('/organizations', 'bad');
    expect(invalid.body).toEqual({ statusCode: 401, error: 'Unauthorized', message: 'Invalid token' });
    expect(invalid.headers['www-authenticate']).toContain('error="invalid_token"');
    const basic = await api.app.inject({ url: '/api/v2/organizations', headers: { authorization: 'Basic YTpi' } });
    expect(basic.statusCode).toBe(401);
  });

  test('attack=a-person-asks-for-management-scopes', async () => {
    const answer = await api.get('/organizations', OF_A_PERSON);
    expect(answer.status).toBe(403);
    expect(answer.body.errorCode).toBe('insufficient_scope');
    expect((await api.delete('/users/auth0%7C1', undefined, OF_A_PERSON)).status).toBe(403);
  });

  test('case=scope-is-checked-before-the-body', async () => {
    const answer = await api.call('POST', '/organizations', '{', 'read.organizations');
    expect(answer.body).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'Insufficient scope, expected any of: create:organizations,create:organization_connections',
      errorCode: 'insufficient_scope',
    });
  });

  test('case=every-route-has-scopes-and-refuses-without-them', async () => {
    for (const operation of createOperations(api.deps)) {
      const scopes = getAcceptedScopes(operation);
      expect(scopes.length, keyOf(operation)).toBeGreaterThan(0);
      for (const scope of scopes) expect(MANAGEMENT_SCOPES).toContain(scope);
      const path = operation.path.replace(/\{\w+\}/g, 'x');
      const answer = await api.call(operation.method.toUpperCase(), path, undefined, 'read.nothing');
      expect(answer.status, keyOf(operation)).toBe(403);
      expect(answer.body.message).toBe(`Insufficient scope, expected any of: ${scopes.join(',')}`);
      expect(
        (await api.app.inject({ method: operation.method.toUpperCase() as 'GET', url: `/api/v2${path}` })).statusCode,
      ).toBe(401);
    }
  });
});

describe('documents', () => {
  test('case=document-and-routes-agree', async () => {
    const app = Fastify(MANAGEMENT_SERVER_OPTIONS);
    const routes: string[] = [];
    app.addHook('onRoute', ({ method, url }) => {
      routes.push(`${String(method).toLowerCase()} ${url.replace(/:(\w+)/g, '{$1}')}`);
    });
    await app.register(routesOf(api.deps));
    const document = (await app.inject('/openapi.json')).json();
    await app.close();
    const documented = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    // The document describes itself nowhere, and the files of exports are found by their links alone.
    const others = ['get /openapi.json', 'get /jobs/{id}/users.csv.gz', 'get /jobs/{id}/users.json.gz'];
    expect(routes.filter((route) => others.includes(route)).sort()).toEqual(others.sort());
    expect(documented.sort()).toEqual(routes.filter((route) => !others.includes(route)).sort());
    expect(new Set(documented).size).toBe(documented.length);
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
    for (const reference of new Set(references)) {
      expect(document.components.schemas, reference).toHaveProperty(reference.split('/').at(-1) ?? '');
    }
    expect(JSON.stringify(document)).not.toContain('#/definitions/');
  });

  test('case=the-document-is-valid', async () => {
    const document = (await api.app.inject('/api/v2/openapi.json')).json();
    const verdict = await validate(document);
    expect(verdict.valid, JSON.stringify(verdict)).toBe(true);
  });

  test('case=the-validator-sees-what-is-missing', async () => {
    const document = (await api.app.inject('/api/v2/openapi.json')).json();
    const operation = document.paths['/organizations/{id}/members/{user_id}'].patch;
    operation.parameters = operation.parameters.filter((parameter: { name: string }) => parameter.name !== 'user_id');
    expect((await validate(document)).valid).toBe(false);
  });

  test('case=parameters-are-those-of-the-path', () => {
    for (const operation of createOperations(api.deps)) {
      const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const path = getRequestSchemas(keyOf(operation)).path;
      expect(Object.keys(path?.properties ?? {}).sort(), keyOf(operation)).toEqual(inPath.sort());
    }
  });

  test('case=only-writes-are-prepared', () => {
    // A read is run alone: what it had prepared would be lost.
    const reads = createOperations(api.deps).filter(({ method, readsOnly }) => method === 'get' || readsOnly === true);
    expect(reads.filter(({ prepare }) => prepare !== undefined).map(keyOf)).toEqual([]);
  });

  test('case=every-answer-has-a-shape', () => {
    // `{type: 'object'}` describes anything, so no test that compares with it can fail.
    for (const { reply, ...operation } of createOperations(api.deps).filter(({ absent }) => absent !== true)) {
      const item = (reply?.items ?? reply) as
        | { required?: readonly string[]; additionalProperties?: boolean | object; enum?: readonly string[] }
        | undefined;
      // A list of words has no properties.
      if (item === undefined || 'oneOf' in item || item.enum !== undefined) continue;
      const { additionalProperties } = item;
      const closed = additionalProperties === false || typeof additionalProperties === 'object';
      const shaped = (item.required?.length ?? 0) > 0 || closed;
      expect(shaped, keyOf(operation)).toBe(true);
    }
  });

  test('case=every-part-of-an-answer-has-a-shape', () => {
    // The console's types are made of these: a list of anything is `unknown[]` there.
    const shapeless = createOperations(api.deps)
      .filter(({ absent }) => absent !== true)
      .flatMap((operation) => findShapeless(operation.reply ?? {}).map((path) => `${keyOf(operation)} ${path}`));
    // A log line shows the body of a write as it was sent.
    expect(shapeless.filter((one) => !one.endsWith(' details.request.body'))).toEqual([]);
  });

  test('case=every-schema-compiles', async () => {
    for (const operation of createOperations(api.deps)) {
      const path = operation.path.replace(/\{\w+\}/g, 'x');
      const answer = await api.call(operation.method.toUpperCase(), path, operation.method === 'get' ? undefined : {});
      expect(answer.status, keyOf(operation)).toBeLessThan(500);
    }
  });
});

describe('input that is not a request', () => {
  const send = (payload: string | Buffer, contentType = 'application/json', url = '/api/v2/organizations') =>
    api.app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${ALL}`, 'content-type': contentType },
      payload,
    });

  // Nothing that has to be there is missing from it: what is wrong is that it is no object.
  test.each(['null', '[]', '"x"', '1', 'true'])('PATCH with the body %s is no change but an error', async (payload) => {
    const made = await send('{"name":"null-body"}');
    const { id } = made.json() as { id: string };
    const patched = await api.app.inject({
      method: 'PATCH',
      url: `/api/v2/organizations/${id}`,
      headers: { authorization: `Bearer ${ALL}`, 'content-type': 'application/json' },
      payload,
    });
    expect(patched.statusCode).toBe(400);
    expect(patched.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
    await api.app.inject({
      method: 'DELETE',
      url: `/api/v2/organizations/${id}`,
      headers: { authorization: `Bearer ${ALL}` },
    });
  });

  test.each([
    ['malformed', '{"name":', 400, 'invalid_body'],
    ['null', 'null', 400, 'invalid_body'],
    ['array', '[]', 400, 'invalid_body'],
    ['number', '1', 400, 'invalid_body'],
    ['empty', '', 400, 'invalid_body'],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'invalid_body'],
    ['NUL', '{"name":"x","display_name":"a\\u0000b"}', 400, 'invalid_body'],
    ['NUL in a key', '{"name":"x","metadata":{"a\\u0000":"b"}}', 400, 'invalid_body'],
    ['half a surrogate pair', '{"name":"x","display_name":"\\ud800"}', 400, 'invalid_body'],
    ['__proto__', '{"name":"x","metadata":{"__proto__":"b"}}', 400, 'invalid_body'],
    ['__proto__ on top', '{"name":"x","__proto__":{"name":"y"}}', 400, 'invalid_body'],
  ])('case=%s', async (_name, payload, status, errorCode) => {
    const answer = await send(payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ statusCode: status, error: 'Bad Request', errorCode });
  });

  test('case=nested-without-end', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const answer = await send(`{"connection":"x","app_metadata":${deep}}`, 'application/json', '/api/v2/users');
    expect(answer.statusCode).toBe(400);
  });

  test('case=wrong-type-and-too-large', async () => {
    expect((await send('a=b', 'application/x-www-form-urlencoded')).json()).toMatchObject({
      statusCode: 415,
      error: 'Unsupported Media Type',
    });
    expect((await send('x', 'text/plain')).statusCode).toBe(415);
    expect((await send(JSON.stringify({ name: 'x'.repeat(1_100_000) }))).json()).toMatchObject({
      statusCode: 413,
      error: 'Payload Too Large',
    });
  });

  test('case=unknown-routes', async () => {
    for (const url of ['/api/v2/nothing', '/api/v2/organizations/x/nothing', '/api/v2/', '/api/v2']) {
      const answer = await api.app.inject({ url, headers: { authorization: `Bearer ${ALL}` } });
      expect(answer.statusCode, url).toBe(404);
      expect(answer.json()).toEqual({ statusCode: 404, error: 'Not Found', message: 'Not Found' });
    }
    expect((await api.call('PUT', '/organizations', {})).status).toBe(404);
  });

  test.each([
    '/organizations/%00',
    '/organizations/name/%00',
    '/users/%00',
    '/users/%ED%A0%80',
    `/users/${'x'.repeat(1_500)}`,
    `/organizations/${'x'.repeat(60)}`,
    '/logs/%00',
    '/logs?q=type:%00',
    '/logs?from=%00',
    '/users?q=email:%00',
    '/users?page=999999999999',
    '/users?page=1&page=2',
    '/connections?strategy=nonsense',
    '/roles?per_page=-1',
    `/connections/con_x/clients?from=${Buffer.from('\0').toString('base64url')}`,
    '/organizations?from=LCw',
    '/resource-servers/%F0%9F%92%A9',
  ])('case=never-a-500 %s', async (path) => {
    const { status, body } = await api.get(path);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    if (status >= 400)
      expect(body).toMatchObject({ statusCode: status, error: expect.any(String), message: expect.any(String) });
  });

  test('case=bodies-where-none-is-due', async () => {
    expect((await api.delete('/clients/nobody', { a: 1 })).status).toBe(204);
    expect((await api.post('/clients/nobody/rotate-secret', {})).status).toBe(404);
    const empty = await api.app.inject({
      method: 'DELETE',
      url: '/api/v2/clients/nobody',
      headers: { authorization: `Bearer ${ALL}`, 'content-type': 'application/json' },
    });
    expect(empty.statusCode).toBe(204);
  });
});
