/** Metrics: on a port of their own, by code and route pattern, with nothing in them that a request made up. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useActions } from './support/actions.js';
import { type Cast, createCast, Visitor } from './support/cast.js';
import { createCertificate, hasOpenssl } from './support/certificate.js';
import { findFreePort, type Instance, startInstance } from './support/instance.js';

const DENIES_ALL_BUT_SAM = `exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.email.startsWith('sam')) api.access.deny('no');
};`;

let instance: Instance;
let cast: Cast;
let port: number;

beforeAll(async () => {
  port = await findFreePort();
  instance = await startInstance({ environment: { VESTIBULE_METRICS_PORT: String(port) } });
  cast = await createCast(instance);
});
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
});

async function readMetrics(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  return response.text();
}

test('case=logins are counted by outcome and code, answers by route pattern', async () => {
  await cast.createMember('dana@acme.example');
  await new Visitor(cast).throughSso('dana', 'dana@acme.example');
  for (const _ of [1, 2]) await new Visitor(cast).throughSso('sam', 'sam@acme.example');
  const text = await readMetrics();
  expect(text).toContain('vestibule_logins_total{outcome="admitted",code=""} 1');
  expect(text).toContain('vestibule_logins_total{outcome="refused",code="admit.not_a_member"} 2');
  expect(text).toContain('vestibule_http_request_seconds_count{method="GET",route="/login/callback",status="3xx"} 3');
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
});

test("case=in Auth0's order of membership a login is one, too, although it is written in two parts, and a denied one is none", async () => {
  const metricsPort = await findFreePort();
  const own = await startInstance({ environment: { VESTIBULE_METRICS_PORT: String(metricsPort) } });
  const place = await createCast(own);
  const admitted = async () => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    return Number(/vestibule_logins_total\{outcome="admitted",code=""\} (\d+)/.exec(text)?.[1] ?? 0);
  };
  try {
    await own.api('PATCH', '/tenants/settings', { membership_evaluation: 'before_actions' });
    await own.api('PATCH', `/organizations/${place.acme.id}/enabled_connections/${place.acme.connectionId}`, {
      assign_membership_on_login: true,
    });
    await useActions(own, 'post-login', { name: 'gate', code: DENIES_ALL_BUT_SAM });
    await new Visitor(place).throughSso('sam', 'sam@acme.example');
    expect(await admitted()).toBe(1);
    await new Visitor(place).throughSso('dana', 'dana@acme.example');
    expect(await admitted()).toBe(1);
  } finally {
    await place.stop();
    await own.stop();
  }
});

test('case=no value of a request is a label (it would grow without end, and tell who signs in)', async () => {
  const query = 'client_id=made-up-client&response_type=code&redirect_uri=http%3A%2F%2Fmade-up.example';
  const paths = [`authorize?${query}`, 'made-up-path', 'api/v2/users/made-up-user'];
  const statuses = await Promise.all(paths.map(async (path) => (await fetch(`${instance.origin}/${path}`)).status));
  expect(statuses).toEqual([400, 404, 401]);
  const text = await readMetrics();
  expect(text).not.toContain('made-up');
  expect(text).not.toContain('acme');
});

test('case=lines that the login log does not have are counted by code', async () => {
  const metricsPort = await findFreePort();
  const environment = { VESTIBULE_METRICS_PORT: String(metricsPort), VESTIBULE_LOG_LINES_PER_MINUTE: '2' };
  const few = await startInstance({ database: instance.database, environment });
  try {
    for (let time = 0; time < 5; time += 1) await fetch(`${few.origin}/authorize?client_id=made-up`);
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(text).toContain('vestibule_log_lines_left_out_total{code="identify.unknown_client"} 3');
    // A refusal is one, with its line or without.
    expect(text).toContain('vestibule_logins_total{outcome="refused",code="identify.unknown_client"} 5');
  } finally {
    await few.stop();
  }
});

test('case=there is nothing else on that port, and no metrics on the public one', async () => {
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${port}/authorize`)).status).toBe(404);
  expect((await fetch(`${instance.origin}/metrics`)).status).toBe(404);
});

test('case=without the variable nothing listens', async () => {
  const quiet = await startInstance({ database: instance.database });
  try {
    expect((await fetch(`${quiet.origin}/metrics`)).status).toBe(404);
  } finally {
    await quiet.stop();
  }
});

test('case=the node is ready, nothing waits; then mail does, a stream fails, a mail was given up; a database that is away says no', async () => {
  const metricsPort = await findFreePort();
  const own = await startInstance({ environment: { VESTIBULE_METRICS_PORT: String(metricsPort) } });
  const read = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const { pool } = own.database;
  try {
    const quiet = await read();
    for (const line of ['vestibule_ready 1', 'vestibule_mails_given_up 0', 'vestibule_waiting_seconds{work="mail"} 0'])
      expect(quiet).toContain(line);
    expect(quiet).not.toContain('vestibule_certificate_end');
    await pool.query(
      `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at)
       values ('late', 'dana@acme.example', 'invitation', '', now() - interval '1 hour', now() + interval '1 day'),
         ('never', 'sam@acme.example', 'invitation', '', now() - interval '2 days', 'infinity')`,
    );
    await pool.query(
      `insert into log_streams (id, name, status, endpoint, content_type, content_format, secrets_sealed, sent_position, sent_log_id,
         revision, created_at, updated_at, next_attempt_at, failing_since)
       values ('lst_1', 'siem', 'active', 'https://siem.example', 'application/json', 'JSONARRAY', '', 0, '', 'r', now(), now(),
         now() + interval '1 day', now() - interval '2 hours')`,
    );
    const busy = await read();
    expect(Number(/vestibule_waiting_seconds\{work="mail"\} (\S+)/.exec(busy)?.[1])).toBeGreaterThanOrEqual(3_600);
    expect(Number(/vestibule_waiting_seconds\{work="log_stream"\} (\S+)/.exec(busy)?.[1])).toBeGreaterThanOrEqual(
      7_200,
    );
    expect(busy).toContain('vestibule_mails_given_up 1');
    expect(busy).not.toContain('acme.example');
    await pool.query('alter table schema_migrations rename to away');
    await pool.query('alter table outbox rename to outbox_away');
    const away = await read();
    expect(away).toContain('vestibule_ready 0');
    expect(away).not.toMatch(/^vestibule_waiting_seconds\{/m);
    expect(away).toContain('vestibule_database_connections');
  } finally {
    await own.stop();
  }
});

test.skipIf(!hasOpenssl())('case=the end of the certificate, and 0 while its files cannot be used', async () => {
  const certificate = createCertificate();
  const metricsPort = await findFreePort();
  const own = await startInstance({
    database: instance.database,
    environment: {
      VESTIBULE_METRICS_PORT: String(metricsPort),
      VESTIBULE_TLS_CERT: certificate.cert,
      VESTIBULE_TLS_KEY: certificate.key,
    },
  });
  const readEnd = async () => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    return Number(/^vestibule_certificate_end_timestamp_seconds (\S+)/m.exec(text)?.[1]);
  };
  try {
    const { validTo } = new X509Certificate(readFileSync(certificate.cert));
    expect(await readEnd()).toBe(new Date(validTo).getTime() / 1_000);
    writeFileSync(certificate.cert, 'no certificate');
    expect(await readEnd()).toBe(0);
  } finally {
    await own.stop();
    certificate.remove();
  }
});
