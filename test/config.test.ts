/** The environment: every wrong value is one line that names the variable, what it got and what it takes; no secret is repeated. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { examineConfig, parseConfig } from '../src/config/config.js';
import { shareOut } from '../src/config/share.js';
import { StartError } from '../src/kernel/errors.js';
import { createCertificate, hasOpenssl } from './support/certificate.js';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-config-'));
const pem = join(folder, 'tls.pem');
writeFileSync(pem, 'PEM');
const damaged = join(folder, 'damaged.pem');
writeFileSync(damaged, '-----BEGIN CERTIFICATE-----\nUEVN\n-----END CERTIFICATE-----\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const available = hasOpenssl();
if (!available) console.warn('certificates: skipped, no `openssl` to make any with');

const KEY = Buffer.alloc(32, 7).toString('base64');

interface Wrong {
  readonly env: Readonly<Record<string, string>>;
  readonly name: string;
  /** The given value, as the message has it; undefined for values that may be secret. */
  readonly got?: string;
  readonly takes: string;
  readonly hidden?: string;
}

const WRONG: readonly Wrong[] = [
  { env: { PORT: '0' }, name: 'VESTIBULE_URL', got: 'missing', takes: 'PORT is 0' },
  { env: { PORT: '65536' }, name: 'PORT', got: '"65536"', takes: 'a port number from 0 to 65535' },
  { env: { PORT: '70000' }, name: 'PORT', got: '"70000"', takes: 'a port number from 0 to 65535' },
  { env: { PORT: '-1' }, name: 'PORT', got: '"-1"', takes: 'a port number' },
  { env: { PORT: '3e3' }, name: 'PORT', got: '"3e3"', takes: 'a port number' },
  { env: { PORT: ' 3000' }, name: 'PORT', got: '" 3000"', takes: 'a port number' },
  {
    env: { PORT: '4000', VESTIBULE_METRICS_PORT: '4000' },
    name: 'VESTIBULE_METRICS_PORT',
    got: '"4000"',
    takes: 'another port than PORT',
  },
  { env: { VESTIBULE_REQUEST_TIMEOUT: '0' }, name: 'VESTIBULE_REQUEST_TIMEOUT', got: '"0"', takes: 'from 1 to 600' },
  { env: { VESTIBULE_IDLE_TIMEOUT: '1.5' }, name: 'VESTIBULE_IDLE_TIMEOUT', got: '"1.5"', takes: 'from 1 to 3600' },
  { env: { VESTIBULE_MAX_CONNECTIONS: '1' }, name: 'VESTIBULE_MAX_CONNECTIONS', got: '"1"', takes: 'from 16' },
  { env: { VESTIBULE_SHUTDOWN_GRACE: '1' }, name: 'VESTIBULE_SHUTDOWN_GRACE', got: '"1"', takes: 'from 2 to 3600' },
  {
    env: { VESTIBULE_SHUTDOWN_DELAY: '13' },
    name: 'VESTIBULE_SHUTDOWN_DELAY',
    got: '"13"',
    takes: 'at most half of VESTIBULE_SHUTDOWN_GRACE',
  },
  { env: { MAIL_FROM: 'nobody' }, name: 'MAIL_FROM', got: '"nobody"', takes: 'a sender' },
  { env: { MAIL_FROM: 'A <a@b> <c@d>' }, name: 'MAIL_FROM', got: '"A <a@b> <c@d>"', takes: 'a sender' },
  {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:s3cretpass@otel:4318' },
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    takes: 'the address of a collector',
    hidden: 's3cretpass',
  },
  {
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    name: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    got: '"grpc"',
    takes: 'http/protobuf',
  },
  { env: { OTEL_TRACES_EXPORTER: 'zipkin' }, name: 'OTEL_TRACES_EXPORTER', got: '"zipkin"', takes: 'otlp or none' },
  { env: { OTEL_SDK_DISABLED: 'yes' }, name: 'OTEL_SDK_DISABLED', got: '"yes"', takes: 'true or false' },
  { env: { VESTIBULE_METRICS_PORT: 'x' }, name: 'VESTIBULE_METRICS_PORT', got: '"x"', takes: 'a port number' },
  {
    env: { VESTIBULE_URL: 'login.example.com' },
    name: 'VESTIBULE_URL',
    got: '"login.example.com"',
    takes: 'an origin',
  },
  {
    env: { VESTIBULE_URL: 'https://a.example/x' },
    name: 'VESTIBULE_URL',
    got: '"https://a.example/x"',
    takes: 'no path',
  },
  { env: { VESTIBULE_URL: 'ftp://a.example' }, name: 'VESTIBULE_URL', got: '"ftp://a.example"', takes: 'an origin' },
  {
    env: { VESTIBULE_URL: 'https://u@a.example' },
    name: 'VESTIBULE_URL',
    got: '"https://u@a.example"',
    takes: 'an origin',
  },
  { env: { VESTIBULE_TLS_CERT: pem }, name: 'VESTIBULE_TLS_KEY', got: 'missing', takes: 'VESTIBULE_TLS_CERT is set' },
  { env: { VESTIBULE_TLS_KEY: pem }, name: 'VESTIBULE_TLS_CERT', got: 'missing', takes: 'VESTIBULE_TLS_KEY is set' },
  {
    env: { VESTIBULE_TLS_CERT: '/no/such/file', VESTIBULE_TLS_KEY: pem },
    name: 'VESTIBULE_TLS_CERT',
    got: '"/no/such/file"',
    takes: 'a readable PEM file',
  },
  {
    env: { NODE_EXTRA_CA_CERTS: '/no/such/file' },
    name: 'NODE_EXTRA_CA_CERTS',
    got: '"/no/such/file"',
    takes: 'a readable PEM file',
  },
  {
    env: { DATABASE_URL: 'mysql://root:hush-hush@db/app', VESTIBULE_SECRET_KEY: KEY },
    name: 'DATABASE_URL',
    takes: 'postgres://user:password@host:5432/database',
    hidden: 'hush-hush',
  },
  {
    env: { DATABASE_URL: 'postgres://root:hush-hush@db:99999/app', VESTIBULE_SECRET_KEY: KEY },
    name: 'DATABASE_URL',
    takes: 'postgres://user:password@host:5432/database',
    hidden: 'hush-hush',
  },
  {
    env: { DATABASE_URL: 'postgres://root:hush/hush@db/app', VESTIBULE_SECRET_KEY: KEY },
    name: 'DATABASE_URL',
    takes: '%2F for /',
    hidden: 'hush/hush',
  },
  {
    env: { DATABASE_URL: 'postgres://root:hush%ff@db/app', VESTIBULE_SECRET_KEY: KEY },
    name: 'DATABASE_URL',
    takes: 'percent-encoded',
    hidden: 'hush',
  },
  {
    env: { DATABASE_URL: 'postgres://root:hush-hush@db/app?port=99999', VESTIBULE_SECRET_KEY: KEY },
    name: 'DATABASE_URL',
    takes: 'postgres://user:password@host:5432/database',
    hidden: 'hush-hush',
  },
  ...[
    'postgres://root:hush-hush@one:5432,two:5432/app',
    'postgres://root:hush-hush@one,two/app',
    'postgres://root:hush-hush@/app?host=one,two',
    'postgres://root:hush-hush@one/app?port=5432,5433&sslmode=require',
  ].map((address) => ({
    env: { DATABASE_URL: address, VESTIBULE_SECRET_KEY: KEY },
    name: 'DATABASE_URL',
    takes: 'one address, which has to lead to the primary',
    hidden: 'hush-hush',
  })),
  {
    env: { DATABASE_URL: 'postgres://root:hush-hush@db/app?target_session_attrs=any', VESTIBULE_SECRET_KEY: KEY },
    name: 'DATABASE_URL',
    takes: 'read-write, primary, or none',
    hidden: 'hush-hush',
  },
  {
    env: { DATABASE_URL: 'postgres://db/app' },
    name: 'VESTIBULE_SECRET_KEY',
    got: 'missing',
    takes: '32 bytes in base64',
  },
  {
    env: { VESTIBULE_SECRET_KEY: 'aHVzaA==' },
    name: 'VESTIBULE_SECRET_KEY',
    got: '4 bytes',
    takes: '32 bytes',
    hidden: 'aHVzaA',
  },
  {
    env: { VESTIBULE_SECRET_KEY: `${KEY.slice(0, -1)}!` },
    name: 'VESTIBULE_SECRET_KEY',
    takes: '32 bytes in base64',
    hidden: KEY.slice(0, 8),
  },
  {
    env: { VESTIBULE_MANAGEMENT_CLIENT_ID: 'm' },
    name: 'VESTIBULE_MANAGEMENT_CLIENT_SECRET',
    got: 'missing',
    takes: 'a secret',
  },
  {
    env: { VESTIBULE_MANAGEMENT_CLIENT_SECRET: 'hush-hush' },
    name: 'VESTIBULE_MANAGEMENT_CLIENT_ID',
    got: 'missing',
    takes: 'an id',
    hidden: 'hush-hush',
  },
  {
    env: { SMTP_URL: 'mail:hush-hush' },
    name: 'SMTP_URL',
    takes: 'smtp://user:password@host:587',
    hidden: 'hush-hush',
  },
  ...[
    'smtp://u:hush-hush@mail:99999',
    'smtp://u:hush-hush/@mail',
    'smtp://u:hush-hush%zz@mail',
    'smtp:///hush-hush',
  ].map((address) => ({
    env: { SMTP_URL: address },
    name: 'SMTP_URL',
    takes: 'smtp://user:password@host:587',
    hidden: 'hush-hush',
  })),
  { env: { NODE_EXTRA_CA_CERTS: pem }, name: 'NODE_EXTRA_CA_CERTS', got: `"${pem}"`, takes: 'a readable PEM file' },
  { env: { NODE_EXTRA_CA_CERTS: damaged }, name: 'NODE_EXTRA_CA_CERTS', takes: 'a readable PEM file' },
  ...[
    'dns.example',
    '10.0.0.2:0',
    '10.0.0.2:65536',
    'fd00::2:x',
    '[10.0.0.2]',
    '[fe80::1%lo]:53',
    '10.0.0.2:',
    'udp://10.0.0.2',
  ].map((item) => ({
    env: { VESTIBULE_DNS_SERVERS: `127.0.0.1,${item}` },
    name: 'VESTIBULE_DNS_SERVERS',
    got: `"${item}"`,
    takes: 'addresses of name servers',
  })),
  ...['VESTIBULE_TRUST_PROXY', 'VESTIBULE_OUTBOUND_ALLOW', 'VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS'].flatMap((name) =>
    ['0.0.0.0/0', '::/0', '10.0.0.0/8/9', '10.0.0.0/', 'fe80::1%lo', 'fe80::%lo/64'].map((item) => ({
      env: { [name]: `127.0.0.1,${item}` },
      name,
      got: JSON.stringify(item),
      takes: 'addresses or networks',
    })),
  ),
  ...[
    'https://a.example?',
    'https://a.example#',
    'https://a.example//',
    'https:a.example',
    'https://a.example\\',
    'https://a.exa mple',
    'https://a.example:99999',
  ].map((address) => ({ env: { VESTIBULE_URL: address }, name: 'VESTIBULE_URL', takes: 'an origin' })),
  { env: { VESTIBULE_LOG_LEVEL: 'loud' }, name: 'VESTIBULE_LOG_LEVEL', got: '"loud"', takes: 'one of fatal, error' },
  {
    env: { VESTIBULE_TRUST_PROXY: '10.0.0.0/33' },
    name: 'VESTIBULE_TRUST_PROXY',
    got: '"10.0.0.0/33"',
    takes: 'addresses or networks',
  },
  {
    env: { VESTIBULE_TRUST_PROXY: 'true' },
    name: 'VESTIBULE_TRUST_PROXY',
    got: '"true"',
    takes: 'addresses or networks',
  },
  {
    env: { VESTIBULE_OUTBOUND_ALLOW: '127.0.0.1,lo' },
    name: 'VESTIBULE_OUTBOUND_ALLOW',
    got: '"lo"',
    takes: 'addresses or networks',
  },
  {
    env: { VESTIBULE_LOG_LINES_PER_MINUTE: '0' },
    name: 'VESTIBULE_LOG_LINES_PER_MINUTE',
    got: '"0"',
    takes: 'a whole number from 1 to 1000000',
  },
  ...['0', '5/0', '16/', '1.5', 'off'].map((text) => ({
    env: { VESTIBULE_RATE_LIMIT_TOKEN: text },
    name: 'VESTIBULE_RATE_LIMIT_TOKEN',
    got: JSON.stringify(text),
    takes: 'none, or requests per second and at once, such as 16/50',
  })),
  {
    env: { VESTIBULE_LOG_RETENTION_DAYS: '0' },
    name: 'VESTIBULE_LOG_RETENTION_DAYS',
    got: '"0"',
    takes: 'a whole number from 1 to 3650',
  },
  {
    env: { VESTIBULE_ACTIONS_TIMEOUT: '0' },
    name: 'VESTIBULE_ACTIONS_TIMEOUT',
    got: '"0"',
    takes: 'a whole number from 1 to 60',
  },
  {
    env: { VESTIBULE_ACTIONS_PROCESSES: '1.5' },
    name: 'VESTIBULE_ACTIONS_PROCESSES',
    got: '"1.5"',
    takes: 'a whole number from 1 to 256',
  },
  {
    env: { VESTIBULE_DATABASE_CONNECTIONS: '41' },
    name: 'VESTIBULE_DATABASE_CONNECTIONS',
    got: '"41"',
    takes: 'a whole number from 4 to 40',
  },
  {
    env: { VESTIBULE_DATABASE_WAIT: '31' },
    name: 'VESTIBULE_DATABASE_WAIT',
    got: '"31"',
    takes: 'a whole number from 1 to 30',
  },
  {
    env: { VESTIBULE_DATABASE_LOCK_TIMEOUT: '10' },
    name: 'VESTIBULE_DATABASE_LOCK_TIMEOUT',
    got: '"10"',
    takes: 'a whole number from 1 to 9',
  },
  {
    env: { VESTIBULE_DATABASE_POOLER: 'session' },
    name: 'VESTIBULE_DATABASE_POOLER',
    got: '"session"',
    takes: 'none, or transaction for a pooler in transaction mode',
  },
];

function messageOf(env: Readonly<Record<string, string>>): string {
  try {
    parseConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as StartError).message;
  }
  return 'accepted';
}

describe('wrong values', () => {
  test.each(WRONG)('case=$name from $env', ({ env, name, got, takes, hidden }) => {
    const message = messageOf(env);
    expect(message.startsWith(`${name} `)).toBe(true);
    expect(message).not.toContain('\n');
    if (got !== undefined) expect(message).toContain(got);
    expect(message).toContain('it takes');
    expect(message).toContain(takes);
    if (hidden !== undefined) expect(message).not.toContain(hidden);
  });
});

describe('defaults', () => {
  test('case=an empty environment', () => {
    expect(parseConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      origin: 'http://localhost:3000',
      tls: undefined,
      readTls: expect.any(Function),
      databaseUrl: undefined,
      database: { connections: 16, waitSeconds: 5, lockTimeoutSeconds: 5, pooler: 'none' },
      dataDir: resolve('.vestibule'),
      secretKey: undefined,
      formerSecretKeys: [],
      managementClient: undefined,
      smtpUrl: undefined,
      mailFrom: 'Vestibule <no-reply@localhost>',
      logLevel: 'info',
      trustProxy: [],
      outboundAllow: [],
      outboundAllowCustomers: [],
      nameServers: [],
      metricsPort: undefined,
      tracing: { isOn: false, shown: {} },
      limits: { requestSeconds: 30, idleSeconds: 75, maximum: 10_000 },
      shutdown: { delaySeconds: 0, graceSeconds: 25 },
      retention: { logDays: 90 },
      rates: { management: { perSecond: 1_000, atOnce: 1_000 }, token: undefined, authorize: undefined },
      logLinesPerMinute: 60,
      actions: { timeoutSeconds: 20, maxProcesses: 16, caFile: undefined },
    });
  });

  test('case=a variable that is set to nothing counts as not set', () => {
    const empty = Object.fromEntries(
      ['PORT', 'HOST', 'VESTIBULE_URL', 'DATABASE_URL', 'VESTIBULE_SECRET_KEY', 'SMTP_URL'].map((name) => [name, '']),
    );
    expect(parseConfig(empty)).toEqual({ ...parseConfig({}), readTls: expect.any(Function) });
  });
});

describe('right values', () => {
  test('case=a rate is one number for both, or two, or none', () => {
    const rates = (text: string) => parseConfig({ VESTIBULE_RATE_LIMIT_MANAGEMENT: text }).rates.management;
    expect(rates('16')).toEqual({ perSecond: 16, atOnce: 16 });
    expect(rates('16/50')).toEqual({ perSecond: 16, atOnce: 50 });
    expect(rates('none')).toBeUndefined();
  });

  test('case=the public origin leaves out the port that its scheme has anyway', () => {
    expect(parseConfig({ PORT: '80' }).origin).toBe('http://localhost');
  });

  test.each(['a@b.example', 'Vestibule <no-reply@localhost>', '"Acme, Inc." <it@acme.example>'])(
    'case=%s',
    (sender) => {
      expect(parseConfig({ MAIL_FROM: sender }).mailFrom).toBe(sender);
    },
  );

  // The origin as browsers send it (RFC 6454), since it is compared with their Origin header.
  test.each([
    'https://login.example.com/',
    'https://Login.Example.COM',
    'HTTPS://login.example.com',
    'https://login.example.com:443',
  ])('case=VESTIBULE_URL %s is the origin that browsers make of it', (address) => {
    expect(parseConfig({ VESTIBULE_URL: address }).origin).toBe('https://login.example.com');
  });

  test('case=PORT may be 0, for any free one, when VESTIBULE_URL says what people reach', () => {
    const { port, origin } = parseConfig({ PORT: '0', VESTIBULE_URL: 'https://login.example.com' });
    expect({ port, origin }).toEqual({ port: 0, origin: 'https://login.example.com' });
  });

  test.each([
    'postgres://app:p%2Fw@db:6432/app?sslmode=require',
    'postgresql://app@/app?host=/var/run/postgresql',
    'postgres://%2Fvar%2Frun%2Fpostgresql/app',
    'postgres:///app',
    'postgres://app:50%@db/app',
    'postgres://app:p w@[::1]/app',
    'postgres://app:p,w@db/app?target_session_attrs=read-write',
  ])('case=DATABASE_URL %s, as the driver takes it', (address) => {
    expect(parseConfig({ DATABASE_URL: address, VESTIBULE_SECRET_KEY: KEY }).databaseUrl).toBe(address);
  });

  test.each(['smtp://mail', 'smtps://user%40acme.example:p%2Fw@mail:465?tls.servername=mail', 'smtp://[::1]:2525'])(
    'case=SMTP_URL %s',
    (address) => {
      expect(parseConfig({ SMTP_URL: address }).smtpUrl).toBe(address);
    },
  );

  test('case=networks are split at commas', () => {
    expect(parseConfig({ VESTIBULE_TRUST_PROXY: '10.0.0.0/8, ::1 ,' }).trustProxy).toEqual(['10.0.0.0/8', '::1']);
  });

  test('case=the secret key in base64 and in base64url', () => {
    const bytes = Buffer.alloc(32, 255);
    expect(parseConfig({ VESTIBULE_SECRET_KEY: bytes.toString('base64') }).secretKey).toEqual(bytes);
    expect(parseConfig({ VESTIBULE_SECRET_KEY: bytes.toString('base64url') }).secretKey).toEqual(bytes);
  });
});

describe.skipIf(!available)('certificates', () => {
  const one = available ? createCertificate() : undefined;
  const other = available ? createCertificate() : undefined;
  afterAll(() => {
    one?.remove();
    other?.remove();
  });

  test('case=the public origin follows TLS and port', () => {
    const env = { PORT: '8443', VESTIBULE_TLS_CERT: one?.cert, VESTIBULE_TLS_KEY: one?.key };
    expect(parseConfig(env).origin).toBe('https://localhost:8443');
    expect(parseConfig({ ...env, PORT: '443' }).origin).toBe('https://localhost');
  });

  test('case=NODE_EXTRA_CA_CERTS may hold several, with remarks between them', () => {
    const bundle = join(folder, 'bundle.pem');
    const [first, second] = [one, other].map((each) => (each ? readFileSync(each.cert, 'utf8') : ''));
    writeFileSync(bundle, `# one\n${first}\n# other\n${second}`);
    expect(parseConfig({ NODE_EXTRA_CA_CERTS: bundle }).actions.caFile).toBe(bundle);
  });

  test.each([
    { name: 'VESTIBULE_TLS_CERT', env: { VESTIBULE_TLS_CERT: pem, VESTIBULE_TLS_KEY: one?.key ?? '' } },
    { name: 'VESTIBULE_TLS_KEY', env: { VESTIBULE_TLS_CERT: one?.cert ?? '', VESTIBULE_TLS_KEY: pem } },
    { name: 'VESTIBULE_TLS_KEY', env: { VESTIBULE_TLS_CERT: one?.cert ?? '', VESTIBULE_TLS_KEY: other?.key ?? '' } },
  ])('case=$name that is none, or of another pair: one line', ({ name, env }) => {
    const message = messageOf(env);
    expect(message.startsWith(`${name} is "`)).toBe(true);
    expect(message).toContain('PEM file (');
    expect(message).not.toContain('\n');
  });
});

describe('the whole environment at once, for `vestibule doctor`', () => {
  test('case=every wrong variable is told, each once', () => {
    const wrong = {
      PORT: 'abc',
      VESTIBULE_URL: 'login.example.com',
      VESTIBULE_DATABASE_WAIT: '0',
      VESTIBULE_DATABASE_POOLER: 'session',
      VESTIBULE_TLS_KEY: '/nowhere/key.pem',
      VESTIBULE_LOG_LEVEL: 'loud',
      VESTIBULE_RATE_LIMIT_TOKEN: 'many',
      VESTIBULE_REQUEST_TIMEOUT: '-1',
      VESTIBULE_ACTIONS_TIMEOUT: '61',
      SMTP_URL: 'mail.example.com',
    };
    const { config, problems } = examineConfig(wrong);
    expect(config).toBeUndefined();
    expect(problems.map((problem) => problem.split(' ', 1)[0]).sort()).toEqual(Object.keys(wrong).sort());
  });

  test('case=without a problem it is the configuration that `serve` reads', () => {
    const env = { PORT: '3100', VESTIBULE_URL: 'https://login.example.com', VESTIBULE_SECRET_KEY: KEY };
    const { config, problems } = examineConfig(env);
    expect(problems).toEqual([]);
    expect(JSON.stringify(config)).toBe(JSON.stringify(parseConfig(env)));
  });

  test('case=it knows the variables of docs/configuration.md that a server reads', () => {
    const { known } = examineConfig({});
    expect([...known].filter((name) => !readFileSync('docs/configuration.md', 'utf8').includes(name))).toEqual([]);
    for (const name of ['VESTIBULE_TRUST_PROXY', 'DATABASE_URL', 'VESTIBULE_TLS_KEY', 'VESTIBULE_ACTIONS_PROCESSES'])
      expect(known).toContain(name);
  });
});

test('workers share out what the machine and the database limit, and keep what is counted for a client', () => {
  const whole = parseConfig({ VESTIBULE_DATABASE_CONNECTIONS: '18', VESTIBULE_RATE_LIMIT_TOKEN: '10' });
  const part = shareOut(whole, 4);
  expect(part.database).toEqual({ ...whole.database, connections: 4 });
  expect([part.limits.maximum, part.actions.maxProcesses, part.logLinesPerMinute]).toEqual([2_500, 4, 15]);
  expect(part.rates).toEqual(whole.rates);
  expect(shareOut(whole, 1)).toEqual(whole);
  expect(() => shareOut(whole, 5)).toThrow('set VESTIBULE_DATABASE_CONNECTIONS to 20 or more');
});
