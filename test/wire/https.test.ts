/**
 * The server speaks https itself: issuer and endpoints are https, cookies are Secure and carry the `__Host-` prefix, and
 * express-openid-connect signs in over it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Application, startApplication } from '../support/application.js';
import { type Cast, createCast } from '../support/cast.js';
import { createCertificate, hasOpenssl, type TestCertificate } from '../support/certificate.js';
import { HttpBrowser } from '../support/http-browser.js';
import { findFreePort, type Instance, type Json, startInstance } from '../support/instance.js';
import { trustAuthority } from '../support/trust.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/wire/https.test.ts is skipped: the openssl command is not installed\n');

describe.skipIf(!available)('https', () => {
  let certificate: TestCertificate;
  let distrust: () => Promise<void>;
  let instance: Instance;
  let cast: Cast;
  let application: Application;

  beforeAll(async () => {
    certificate = createCertificate();
    distrust = trustAuthority(certificate.ca);
    const port = String(await findFreePort());
    instance = await startInstance({
      environment: {
        PORT: port,
        VESTIBULE_URL: `https://localhost:${port}`,
        VESTIBULE_TLS_CERT: certificate.cert,
        VESTIBULE_TLS_KEY: certificate.key,
      },
    });
    application = await startApplication();
    cast = await createCast(instance, { clientFields: application.clientFields });
    application.connect({ issuer: instance.origin, client: cast.client });
  });
  afterAll(async () => {
    await application?.stop();
    await cast?.stop();
    await instance?.stop();
    await distrust?.();
    certificate?.remove();
  });

  test('discovery names https addresses only', async () => {
    expect(instance.origin).toMatch(/^https:\/\/localhost:\d+$/);
    const response = await fetch(`${instance.origin}/.well-known/openid-configuration`);
    const document = (await response.json()) as Json;
    expect(document.issuer).toBe(`${instance.origin}/`);
    const addresses = Object.entries(document).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(addresses.length).toBeGreaterThan(5);
    for (const [name, address] of addresses) expect(address, name).toMatch(new RegExp(`^${instance.origin}/`));
  });

  test('every cookie is __Host-, Secure, HttpOnly, SameSite=Lax, for the whole host; the login works', async () => {
    await cast.createMember('dana@acme.example');
    const lines: string[] = [];
    const browser = new (class extends HttpBrowser {
      override async request(...args: Parameters<HttpBrowser['request']>): Promise<Response> {
        const response = await super.request(...args);
        if (new URL(args[0]).origin === instance.origin) lines.push(...response.headers.getSetCookie());
        return response;
      }
    })('about:nowhere');
    const page = await browser.visit(application.loginUrl({ organization: cast.acme.id }));
    const idp = await browser.submit(page, { username: 'dana@acme.example', action: 'default' });
    const me = JSON.parse((await browser.submit(idp, { login: 'dana' })).text) as Json;
    expect(me.claims).toMatchObject({ iss: `${instance.origin}/`, email: 'dana@acme.example' });
    expect(me.userinfo).toMatchObject({ email: 'dana@acme.example' });
    expect(me.accessToken, 'opaque, for /userinfo alone').toMatch(/^[\w-]+$/);

    const names = new Set(lines.map((line) => line.split('=')[0]?.replace(/[0-5]$/, '*')));
    expect(names).toEqual(new Set(['__Host-vestibule_login_*', '__Host-vestibule_session']));
    for (const line of lines) {
      const attributes = line.toLowerCase().split(/;\s*/).slice(1);
      expect(attributes, line).toEqual(expect.arrayContaining(['path=/', 'httponly', 'secure', 'samesite=lax']));
      expect(
        attributes.some((item) => item.startsWith('domain')),
        line,
      ).toBe(false);
    }
  });

  test('signing out comes back to the application', async () => {
    await cast.createMember('leo@acme.example');
    cast.people.leo = { sub: 'idp-leo', email: 'leo@acme.example', email_verified: true };
    const browser = new HttpBrowser('about:nowhere');
    const page = await browser.visit(application.loginUrl({ organization: cast.acme.id }));
    await browser.submit(await browser.submit(page, { username: 'leo@acme.example', action: 'default' }), {
      login: 'leo',
    });
    const left = await browser.visit(`${application.origin}/logout`);
    expect(JSON.parse(left.text)).toEqual({ signedIn: false });
    expect([...browser.cookies(new URL(instance.origin).host).keys()]).toEqual([]);
  });
});
