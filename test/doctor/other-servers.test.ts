/** `vestibule doctor` and the servers around it: mail, identity providers, certificates. Real ones, each brought into the state that is found. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast } from '../support/cast.js';
import { createCertificate, hasOpenssl } from '../support/certificate.js';
import { environmentOf, runDoctor } from '../support/doctor.js';
import { type Instance, startInstance } from '../support/instance.js';

const PASSWORD = 'hush-hush-hush';
let instance: Instance;
let cast: Cast;
let env: Record<string, string>;
beforeAll(async () => {
  instance = await startInstance();
  env = environmentOf(instance);
  cast = await createCast(instance);
});
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
});

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function startMailServer(options: SMTPServerOptions = {}) {
  const received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      password === PASSWORD
        ? done(null, { user: username })
        : done(new Error(`no user ${String(username)} with ${String(password)}`)),
    onData(stream, session, done) {
      stream.resume();
      stream.on('end', () => {
        received.push(...session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanUp.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received };
}

describe('mail', () => {
  const FROM = { MAIL_FROM: 'Northwind <no-reply@northwind.example>' };

  test('case=a server that takes the password: nothing is sent, but a test mail when asked for', async () => {
    const { port, received } = await startMailServer();
    const SMTP_URL = `smtp://v:${PASSWORD}@127.0.0.1:${port}`;
    const quiet = await runDoctor({ ...env, ...FROM, SMTP_URL });
    expect(quiet.of('mail')).toMatchObject([{ state: 'ok', found: expect.stringContaining('took the password') }]);
    expect(received).toEqual([]);
    const sent = await runDoctor({ ...env, ...FROM, SMTP_URL }, {}, ['--json', '--send-to', 'olga@company.example']);
    expect(sent.of('mail')).toMatchObject([
      { state: 'ok', found: expect.stringContaining('a test mail for olga@company.example') },
    ]);
    expect(received).toEqual(['olga@company.example']);
    expect(await instance.mail()).toEqual([]);
  });

  test('case=a server that refuses the password and repeats it: the reason without the password', async () => {
    const { port } = await startMailServer();
    for (const args of [['--json'], []]) {
      const { code, printed } = await runDoctor(
        { ...env, SMTP_URL: `smtp://v:wr%2Fong-one@127.0.0.1:${port}` },
        {},
        args,
      );
      expect(printed).toContain('no user v with [hidden]');
      expect(printed).not.toMatch(/wr(\/|%2F)ong-one/);
      expect(code).toBe(1);
    }
  });

  test('case=nothing answers; a sender that most servers refuse', async () => {
    const { of, code } = await runDoctor({ ...env, SMTP_URL: 'smtp://127.0.0.1:9' });
    expect(of('mail')).toMatchObject([{ state: 'fail', found: expect.stringContaining('ECONNREFUSED') }]);
    expect(code).toBe(1);
    const { port } = await startMailServer();
    const local = await runDoctor({ ...env, SMTP_URL: `smtp://127.0.0.1:${port}` });
    expect(local.of('mail')).toMatchObject([
      { state: 'ok' },
      { state: 'warn', found: expect.stringContaining('no-reply@localhost') },
    ]);
  });

  test.skipIf(!hasOpenssl())('case=TLS is told, and a certificate that is not trusted is a failure', async () => {
    const certificate = createCertificate();
    cleanUp.push(() => certificate.remove());
    const pair = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
    const { port } = await startMailServer({ disabledCommands: [], ...pair });
    const trusting = await runDoctor({
      ...env,
      ...FROM,
      SMTP_URL: `smtp://localhost:${port}?tls.rejectUnauthorized=false`,
    });
    expect(trusting.of('mail')).toMatchObject([{ state: 'ok', found: expect.stringContaining('over TLS') }]);
    const strict = await runDoctor({ ...env, ...FROM, SMTP_URL: `smtp://localhost:${port}` });
    expect(strict.of('mail')).toMatchObject([{ state: 'fail', found: expect.stringMatching(/certificate/i) }]);
  });

  test("case=the tenant's own server is the one that is tried while it is enabled", async () => {
    const { port } = await startMailServer();
    const provider = (smtp_pass: string) => ({
      name: 'smtp',
      enabled: true,
      default_from_address: 'no-reply@northwind.example',
      credentials: { smtp_host: '127.0.0.1', smtp_port: port, smtp_user: 'v', smtp_pass },
    });
    await instance.api('POST', '/emails/provider', provider(PASSWORD));
    try {
      const well = await runDoctor({ ...env, SMTP_URL: 'smtp://127.0.0.1:9' });
      expect(well.of('mail')).toMatchObject([
        { state: 'ok', found: expect.stringContaining("the tenant's own mail server") },
      ]);
      await instance.api('PATCH', '/emails/provider', provider('another-password'));
      const ill = await runDoctor(env);
      expect(ill.of('mail')).toMatchObject([
        { state: 'fail', found: expect.stringContaining('no user v with [hidden]') },
      ]);
      expect(ill.printed).not.toContain('another-password');
    } finally {
      await instance.api('DELETE', '/emails/provider');
    }
  });
});

describe('connections', () => {
  const ACME = 'acme-oidc (oidc)';

  test('case=an identity provider that answers as the options say', async () => {
    const { of } = await runDoctor(env);
    expect(of('connections')).toMatchObject([
      { state: 'ok', found: expect.stringContaining(`${ACME}: ${cast.idp.issuer}`) },
    ]);
  });

  test('case=one in a network that is not allowed: the variable to change', async () => {
    const { of, code } = await runDoctor({ ...env, VESTIBULE_OUTBOUND_ALLOW: '' });
    expect(of('connections')).toMatchObject([
      {
        state: 'fail',
        found: expect.stringContaining(ACME),
        change: expect.stringContaining('VESTIBULE_OUTBOUND_ALLOW'),
      },
    ]);
    expect(code).toBe(1);
  });

  async function withOptions(options: string, work: () => Promise<void>): Promise<void> {
    const { pool } = instance.database;
    await pool.query('create table before_options as select id, options, strategy from connections');
    try {
      await pool.query(`update connections set ${options} where name = 'acme-oidc'`);
      await work();
    } finally {
      await pool.query(
        'update connections c set options = b.options, strategy = b.strategy from before_options b where b.id = c.id',
      );
      await pool.query('drop table before_options');
    }
  }

  test('case=no client secret is kept: the provider answers, and would refuse each sign-in; no finding where none is sent', async () => {
    const { pool } = instance.database;
    await pool.query('create table before_secrets as select id, secrets_sealed from connections');
    try {
      await pool.query(`update connections set secrets_sealed = null where name = 'acme-oidc'`);
      const { of, code } = await runDoctor(env);
      expect(of('connections')).toMatchObject([
        { state: 'ok', found: expect.stringContaining(ACME) },
        {
          state: 'warn',
          found: expect.stringContaining(`${ACME}: no client secret is kept`),
          change: expect.stringContaining('type it in at the connection'),
        },
      ]);
      expect(code).toBe(0);
      for (const option of [`{"token_endpoint_auth_method":"private_key_jwt"}`, `{"type":"front_channel"}`]) {
        await withOptions(`options = options || '${option}'`, async () => {
          const found = (await runDoctor(env)).of('connections');
          expect(found.filter((one) => one.found.includes('client secret'))).toEqual([]);
        });
      }
    } finally {
      await pool.query(
        'update connections c set secrets_sealed = b.secrets_sealed from before_secrets b where b.id = c.id',
      );
      await pool.query('drop table before_secrets');
    }
  });

  test('case=another issuer than the options expect, and one that does not answer', async () => {
    const { issuer } = cast.idp;
    const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    await withOptions(
      `options = options - 'oidc_metadata' || '{"issuer":"${issuer.replace('127.0.0.1', 'localhost').replace(/\/?$/, '/x')}","discovery_url":"${discovery}"}'`,
      async () => {
        const { of } = await runDoctor(env);
        expect(of('connections')).toMatchObject([
          { state: 'fail', found: expect.stringMatching(/expected .*\(discovery\.issuer\)/) },
        ]);
      },
    );
    await withOptions(
      `options = options - 'oidc_metadata' || '{"issuer":"http://127.0.0.1:9","discovery_url":"http://127.0.0.1:9"}'`,
      async () => {
        const { of } = await runDoctor(env);
        expect(of('connections')).toMatchObject([
          {
            state: 'fail',
            found: expect.stringContaining('discovery.network'),
            change: expect.stringContaining('curl'),
          },
        ]);
      },
    );
  });

  test.skipIf(!hasOpenssl())(
    'case=SAML: a signing certificate that ends soon; nothing is written, not even our own key',
    async () => {
      const certificate = createCertificate();
      cleanUp.push(() => certificate.remove());
      const saml = {
        signInEndpoint: 'https://idp.example/sso',
        issuer: 'urn:idp',
        signingCert: readFileSync(certificate.cert, 'utf8'),
      };
      await withOptions(`strategy = 'samlp', options = '${JSON.stringify(saml).replaceAll("'", "''")}'`, async () => {
        const before = await instance.snapshot();
        const { of } = await runDoctor(env);
        expect(of('connections')).toMatchObject([
          { state: 'ok', found: expect.stringContaining('urn:idp') },
          {
            state: 'warn',
            found: expect.stringMatching(/the certificate that signs its answers is over on .*, in \d days/),
          },
        ]);
        expect(await instance.snapshot()).toEqual(before);
      });
    },
  );
});

describe('certificates of this server', () => {
  test.skipIf(!hasOpenssl())('case=one that ends soon, and one for another host', async () => {
    const certificate = createCertificate();
    cleanUp.push(() => certificate.remove());
    const files = { VESTIBULE_TLS_CERT: certificate.cert, VESTIBULE_TLS_KEY: certificate.key };
    const soon = await runDoctor({ ...env, ...files });
    expect(soon.of('certificates')).toMatchObject([
      { state: 'warn', found: expect.stringMatching(/VESTIBULE_TLS_CERT is over on/) },
    ]);
    const other = await runDoctor({ ...env, ...files, VESTIBULE_URL: 'https://login.example.invalid' });
    expect(other.of('certificates')).toContainEqual(
      expect.objectContaining({
        state: 'fail',
        found: expect.stringContaining('is not for the host of VESTIBULE_URL'),
      }),
    );
  });
});
