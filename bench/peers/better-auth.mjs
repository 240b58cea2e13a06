/**
 * better-auth as a peer of the benchmark, with its plugins for organizations, SSO and OAuth, on PostgreSQL. The benchmark
 * copies this file beside an installation of the packages. Prints its address, and the application's client as JSON.
 */
import http from 'node:http';
import { oauthProvider } from '@better-auth/oauth-provider';
import { sso } from '@better-auth/sso';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt, organization } from 'better-auth/plugins';
import pg from 'pg';

const { PORT, ISSUER, DATABASE_URL, CALLBACK } = process.env;
const own = `http://127.0.0.1:${PORT}`;
const auth = betterAuth({
  database: new pg.Pool({ connectionString: DATABASE_URL, max: 20 }),
  baseURL: own,
  secret: 'a secret of the benchmark, of some length',
  logger: { level: 'error' },
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  trustedOrigins: [own, ISSUER],
  emailAndPassword: { enabled: true },
  disabledPaths: ['/token'],
  plugins: [
    jwt({ jwks: { keyPairConfig: { alg: 'RS256' } } }),
    organization(),
    sso({ trustEmailVerified: true, organizationProvisioning: { disabled: false, defaultRole: 'member' } }),
    oauthProvider({
      loginPage: '/login',
      consentPage: '/consent',
      silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
      scopes: ['openid', 'profile', 'email', 'offline_access', 'api'],
      validAudiences: [own, 'http://api'],
    }),
  ],
});
await (await getMigrations(auth.options)).runMigrations();

/** Calls the server's own API. Returns cookies and body. */
async function call(path, body, cookie) {
  const answer = await fetch(`${own}/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: own, ...(cookie && { cookie }) },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 400)}`);
  const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  return { cookie: cookies.join('; '), body: JSON.parse(text) };
}

/** Makes an owner, an organization with the company's provider, and an application. */
async function setUp() {
  const { cookie } = await call('/sign-up/email', {
    email: 'owner@corp.test',
    password: 'password1234',
    name: 'Owner',
  });
  const made = await call('/organization/create', { name: 'Corp', slug: 'corp' }, cookie);
  const provider = {
    providerId: 'corp',
    issuer: ISSUER,
    domain: 'corp.test',
    organizationId: made.body.id,
    oidcConfig: {
      clientId: 'rp',
      clientSecret: 'rp-secret',
      discoveryEndpoint: `${ISSUER}/.well-known/openid-configuration`,
      tokenEndpointAuthentication: 'client_secret_post',
      scopes: ['openid', 'email', 'profile'],
      pkce: true,
    },
  };
  await call('/sso/register', provider, cookie);
  const application = {
    client_name: 'app',
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_post',
    scope: 'openid profile email api',
    skip_consent: true,
  };
  // Only the server itself may make an application that asks nobody for consent.
  const client = await auth.api.adminCreateOAuthClient({ body: application, headers: { cookie } });
  return { origin: own, clientId: client.client_id, clientSecret: client.client_secret };
}

const handle = toNodeHandler(auth);
const server = http.createServer((request, response) => {
  if (!request.url.startsWith('/login')) return handle(request, response);
  // The login page: the driver plays its script.
  response.writeHead(200, { 'content-type': 'application/json' });
  return response.end('{}');
});
server.listen(Number(PORT), '127.0.0.1', async () => process.stdout.write(`${JSON.stringify(await setUp())}\n`));
