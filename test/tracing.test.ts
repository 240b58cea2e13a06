/**
 * Traces, as an OpenTelemetry collector receives them: a span for each step of a login and each of its statements, the
 * reference number of a refusal, and nothing about a person.
 */
import { spawnSync } from 'node:child_process';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTracing, type Tracing } from '../src/compose/tracing.js';
import { inSpan } from '../src/kernel/spans.js';
import { findFreePort } from './support/instance.js';
import { referenceOf, useStage } from './support/stage.js';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from './support/trace-collector.js';

const port = await findFreePort();
/** The exporter reads the environment of the process by itself, as the variables' specification says. */
const ENVIRONMENT = {
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  OTEL_BSP_SCHEDULE_DELAY: '50',
  OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=node-7',
};

describe('with the address of a collector', () => {
  let collector: TraceCollector;
  beforeAll(async () => {
    Object.assign(process.env, ENVIRONMENT);
    collector = await startTraceCollector(port);
  });
  const stage = useStage({ environment: ENVIRONMENT });
  afterAll(async () => {
    for (const name of Object.keys(ENVIRONMENT)) delete process.env[name];
    await collector.stop();
  });

  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const below = ({ spanId }: CollectedSpan) => collector.spans.filter(({ parentId }) => parentId === spanId);
  /** The login with this fact, once it has been sent. */
  async function loginWith(fact: string, value: string): Promise<CollectedSpan> {
    const find = () => named('login').find(({ facts }) => facts[fact] === value);
    await expect.poll(find, { timeout: 10_000 }).toBeDefined();
    return find() as CollectedSpan;
  }

  test('a login is a span with one for each step, below that of its request', async () => {
    const invitation = await stage.cast.invite('ivy@acme.example');
    const ivy = stage.visitor();
    await ivy.redeem(await ivy.signInAtIdp(await ivy.accept(invitation), 'ivy'));
    const login = await loginWith('vestibule.outcome', 'admitted');
    expect(below(login).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['identify', 'authenticate', 'resolve', 'admit', 'commit']),
    );
    await expect
      .poll(() => collector.spans.find(({ spanId }) => spanId === login.parentId), { timeout: 10_000 })
      .toMatchObject({
        name: 'GET /login/callback',
        parentId: '',
        facts: { 'http.route': '/login/callback', 'http.request.method': 'GET', 'http.response.status_code': 302 },
      });
    const [commit] = below(login).filter(({ name }) => name === 'commit');
    expect(below(commit as CollectedSpan)).toMatchObject([
      { name: expect.stringMatching(/^login-commit-/), facts: { 'db.system.name': 'postgresql' } },
    ]);
    const asked = collector.spans.filter(
      ({ name, traceId }) => name === 'outbound request' && traceId === login.traceId,
    );
    expect(asked.length).toBeGreaterThan(0);
    for (const { facts } of asked)
      expect(Object.keys(facts).sort()).toEqual(['http.request.method', 'http.response.status_code', 'server.address']);
    expect(collector.resources[0]).toMatchObject({ 'service.name': 'vestibule', 'service.instance.id': 'node-7' });
  });

  test("a refusal's span has the code and the reference that the person reads", async () => {
    const answer = await stage.visitor().throughSso('sam', 'sam@acme.example');
    const login = await loginWith('vestibule.reference', referenceOf(answer));
    expect(login.facts).toMatchObject({
      'vestibule.outcome': 'refused',
      'vestibule.refusal': 'admit.not_a_member',
      'vestibule.organization_id': stage.cast.acme.id,
    });
  });

  test("attack=a-stranger's-traceparent-joins-the-traces-of-others", async () => {
    const stolen = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${stolen}-b7ad6b7169203331-01` };
    await fetch(`${stage.instance.origin}/health/live`, { headers });
    await expect.poll(() => named('GET /health/live').length, { timeout: 10_000 }).toBeGreaterThan(0);
    const [span] = named('GET /health/live');
    expect(span?.traceId).not.toBe(stolen);
    expect(span).toMatchObject({ parentId: '', links: [stolen] });
  });

  test('nothing that was sent names a person, a code or a ticket', () => {
    const received = collector.received();
    for (const personal of ['ivy', 'sam@', 'acme.example', 'idp-', 'code=', 'state=', 'login_hint'])
      expect(received).not.toContain(personal);
  });
});

describe('requests and collectors that end early', () => {
  /** The exporter reads its address when it is made. */
  function start(address: string): Tracing {
    Object.assign(process.env, { ...ENVIRONMENT, OTEL_EXPORTER_OTLP_ENDPOINT: address });
    try {
      return startTracing('1.0.0');
    } finally {
      for (const name of Object.keys(ENVIRONMENT)) delete process.env[name];
    }
  }

  test('a request whose client went away has a span that says so', async () => {
    const collector = await startTraceCollector(port);
    const tracing = start(`http://127.0.0.1:${port}`);
    const app = Fastify();
    tracing.watch(app);
    app.get('/quick', async () => 'done');
    const arrived = new Promise<void>((resolve) => {
      app.get('/slow', () => {
        resolve();
        return new Promise(() => {});
      });
    });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    await (await fetch(`${address}/quick`)).text();
    const gone = new AbortController();
    const asked = fetch(`${address}/slow`, { signal: gone.signal }).catch(() => undefined);
    await arrived;
    gone.abort();
    await asked;
    const told = () =>
      collector.spans.map(({ name, facts }) => [name, facts['http.response.status_code'], facts['vestibule.aborted']]);
    await expect.poll(told, { timeout: 10_000 }).toEqual([
      ['GET /quick', 200, undefined],
      ['GET /slow', undefined, 1],
    ]);
    await app.close();
    await tracing.stop();
    await collector.stop();
  });

  test('a collector that is away does not hold up the stop of the server', async () => {
    const tracing = start(`http://127.0.0.1:${await findFreePort()}`);
    await inSpan('work', async () => undefined);
    const began = performance.now();
    await tracing.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

test('without these variables the SDK and the exporter are not loaded', () => {
  const script = `
    const { startServer } = await import('./src/compose/server.ts');
    if (typeof startServer !== 'function') throw new Error('no server');
    const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire(process.cwd() + '/x.js').cache).filter((path) => /opentelemetry.(sdk|exporter|otlp)/.test(path));
    console.log(JSON.stringify(loaded));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(stdout.trim(), stderr).toBe('[]');
});
