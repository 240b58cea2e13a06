/** `vestibule doctor` and the way from outside: proxies as operators set them up, rightly and wrongly, before a real server. */
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runVestibule } from '../cli/run-vestibule.js';
import { createCertificate, hasOpenssl } from '../support/certificate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { DOCTOR_KEY, environmentOf, type Found, runDoctor } from '../support/doctor.js';
import { findFreePort, type Instance, startInstance } from '../support/instance.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

type Headers = Record<string, string | undefined>;

/** An address of another machine: the proxy and the doctor are both here, and could not be told apart. */
const ELSEWHERE = '198.51.100.7';
/** As nginx's `$proxy_add_x_forwarded_for` adds, and `$remote_addr` replaces. */
const adds = (given: Headers): Headers => ({
  'x-forwarded-for': [given['x-forwarded-for'], ELSEWHERE].filter((part) => part !== undefined).join(', '),
});
const replaces = (): Headers => ({ 'x-forwarded-for': ELSEWHERE });

/** A server behind a proxy; `toHeaders` says what the proxy sends on. */
async function startBehind(
  toHeaders: (given: Headers) => Headers,
  environment: Record<string, string>,
): Promise<Instance> {
  let target = 0;
  const proxy = createServer((incoming, outgoing) => {
    const { 'x-forwarded-for': given, ...headers } = incoming.headers;
    const onward = { ...headers, ...toHeaders({ 'x-forwarded-for': given?.toString() }) };
    const request = send(
      { host: '127.0.0.1', port: target, path: incoming.url, headers: onward, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    request.on('error', () => outgoing.writeHead(502).end('bad gateway'));
    request.end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => new Promise((resolve) => proxy.close(resolve)));
  const VESTIBULE_URL = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const instance = await startInstance({ database, environment: { ...environment, VESTIBULE_URL } });
  cleanUp.push(() => instance.stop());
  target = instance.server.port;
  return instance;
}

async function diagnose(instance: Instance): Promise<readonly Found[]> {
  return (await runDoctor({ ...environmentOf(instance), PORT: String(instance.server.port) })).of('outside');
}

const TRUSTED = { VESTIBULE_TRUST_PROXY: '127.0.0.1' };

describe('a proxy', () => {
  test.each([
    ['adds to the header', adds],
    ['replaces the header', replaces],
  ])('case=trusted, and %s: well', async (_name, toHeaders) => {
    const found = await diagnose(await startBehind(toHeaders, TRUSTED));
    expect(found).toMatchObject([
      {
        state: 'ok',
        found: expect.stringContaining(`through the proxy at 127.0.0.1; this machine counts as ${ELSEWHERE}`),
      },
    ]);
  });

  test('case=not trusted: the address to trust', async () => {
    const found = await diagnose(await startBehind(adds, {}));
    expect(found).toMatchObject([{ state: 'fail', change: 'Add 127.0.0.1 to VESTIBULE_TRUST_PROXY.' }]);
  });

  test('case=it names its clients in Forwarded only', async () => {
    const found = await diagnose(await startBehind(() => ({ forwarded: `for=${ELSEWHERE}` }), TRUSTED));
    expect(found).toMatchObject([{ state: 'fail', found: expect.stringContaining('Forwarded only') }]);
  });

  test('case=it names nobody', async () => {
    const found = await diagnose(await startBehind(() => ({}), TRUSTED));
    expect(found).toMatchObject([{ state: 'warn', found: expect.stringContaining('asked without X-Forwarded-For') }]);
  });

  test('case=attack: it hands on the header that the client made up', async () => {
    const handsOn = (given: Headers): Headers => ({ 'x-forwarded-for': given['x-forwarded-for'] ?? ELSEWHERE });
    const found = await diagnose(await startBehind(handsOn, TRUSTED));
    expect(found).toMatchObject([{ state: 'fail', found: expect.stringContaining('Anybody can choose the address') }]);
  });

  test('case=it adds this machine, which is trusted: forging was not tried', async () => {
    const here = (given: Headers): Headers => ({
      'x-forwarded-for': [given['x-forwarded-for'], '127.0.0.1'].filter((part) => part !== undefined).join(', '),
    });
    const found = await diagnose(await startBehind(here, TRUSTED));
    expect(found).toMatchObject([{ state: 'ok' }, { state: 'skip', found: expect.stringContaining('was not tried') }]);
  });
});

describe('nothing, or something else', () => {
  test('case=no server runs: not tried, and no failure', async () => {
    const port = await findFreePort();
    const { of, code } = await runDoctor({
      DATABASE_URL: database.url,
      VESTIBULE_SECRET_KEY: DOCTOR_KEY,
      PORT: String(port),
      VESTIBULE_URL: 'http://127.0.0.1:9',
    });
    expect(of('outside')).toMatchObject([
      { state: 'skip', found: expect.stringContaining('no server runs on this machine') },
    ]);
    expect(code).toBe(0);
  });

  test('case=the server runs, but its public address leads nowhere, or to something else', async () => {
    const instance = await startInstance({ database });
    cleanUp.push(() => instance.stop());
    const env = { ...environmentOf(instance), PORT: String(instance.server.port) };
    const nowhere = await runDoctor({ ...env, VESTIBULE_URL: 'http://127.0.0.1:9' });
    expect(nowhere.of('outside')).toMatchObject([
      { state: 'fail', found: expect.stringContaining('nothing answers at') },
    ]);
    const other = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    cleanUp.push(() => new Promise((resolve) => other.close(resolve)));
    const elsewhere = await runDoctor({
      ...env,
      VESTIBULE_URL: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    });
    expect(elsewhere.of('outside')).toMatchObject([
      { state: 'fail', found: expect.stringContaining('Something else answers') },
    ]);
  });
});

describe('https', () => {
  test.skipIf(!hasOpenssl())(
    'case=an authority that is not trusted is a failure; trusted, the end of the certificate is told',
    async () => {
      const certificate = createCertificate();
      cleanUp.push(() => certificate.remove());
      const port = String(await findFreePort());
      const environment = {
        PORT: port,
        VESTIBULE_URL: `https://localhost:${port}`,
        VESTIBULE_TLS_CERT: certificate.cert,
        VESTIBULE_TLS_KEY: certificate.key,
      };
      const instance = await startInstance({ database, environment });
      cleanUp.push(() => instance.stop());
      const env = { DATABASE_URL: database.url, VESTIBULE_SECRET_KEY: DOCTOR_KEY, ...environment };
      const { of } = await runDoctor(env);
      expect(of('outside')).toMatchObject([{ state: 'fail', found: expect.stringContaining('cannot be secured') }]);
      // A process of its own, since Node reads this variable at its start.
      const run = await runVestibule(['doctor', '--json'], { ...env, NODE_EXTRA_CA_CERTS: certificate.ca });
      const { findings } = JSON.parse(run.stdout) as { findings: Found[] };
      expect(findings.filter(({ area }) => area === 'outside')).toMatchObject([
        { state: 'warn', found: expect.stringMatching(/^The certificate at https:\/\/localhost:\d+ is over on/) },
      ]);
      expect(run.code).toBe(0);
    },
  );
});
