/**
 * Onboards Acme with the `auth0` SDK as it is: its identity provider, its domain, Dana with her password of old, an invitation for
 * Ivy. Then it is the application that they sign in to, http://localhost:4001, with `express-openid-connect` as it is.
 */
import { randomBytes } from 'node:crypto';
import { ManagementClient } from 'auth0';
import express from 'express';
import openid from 'express-openid-connect';

const APPLICATION = 'http://localhost:4001';
const management = new ManagementClient({
  domain: 'localhost:4000',
  clientId: process.env.VESTIBULE_MANAGEMENT_CLIENT_ID,
  clientSecret: process.env.VESTIBULE_MANAGEMENT_CLIENT_SECRET,
});

// Started beside the server: waits until it can serve, and says what it waits for. NODE_EXTRA_CA_CERTS is read by fetch as well.
async function untilReady(address, what) {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(address).catch((error) => error);
    if (answer.ok) return;
    if (tries === 1) console.log(`Waiting for ${what} at ${address} …`);
    if (tries === 120)
      throw new Error(`${what} is not ready: ${answer.status ?? answer.cause?.message ?? answer.message}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
await untilReady('https://localhost:4000/health/ready', 'the server');
await untilReady('http://localhost:4002/.well-known/openid-configuration', 'the identity provider');

// Ways in: passwords, as until now, and Acme's identity provider.
const passwords = await management.connections.create({ name: 'Passwords', strategy: 'auth0' });
const sso = await management.connections.create({
  name: 'acme-oidc',
  strategy: 'oidc',
  display_name: 'Acme sign-in',
  options: {
    type: 'back_channel',
    discovery_url: 'http://localhost:4002/.well-known/openid-configuration',
    client_id: 'vestibule',
    client_secret: 'secret-of-vestibule-at-acme',
    scope: 'openid profile email',
    domain_aliases: ['acme.example'],
  },
});

const client = await management.clients.create({
  name: 'Notebook',
  app_type: 'regular_web',
  callbacks: [`${APPLICATION}/callback`],
  allowed_logout_urls: [APPLICATION],
  initiate_login_uri: `${APPLICATION}/login`,
  organization_usage: 'require',
  token_endpoint_auth_method: 'client_secret_post',
});
await management.connections.clients.update(passwords.id, [{ client_id: client.client_id, status: true }]);

// Acme: auto-membership is off, and the verified domain sends everybody at acme.example to the identity provider.
const acme = await management.organizations.create({
  name: 'acme',
  display_name: 'Acme',
  enabled_connections: [
    { connection_id: passwords.id, assign_membership_on_login: false },
    { connection_id: sso.id, assign_membership_on_login: false },
  ],
});
await management.organizations.discoveryDomains.create(acme.id, { domain: 'acme.example', status: 'verified' });

// Dana has been a member with a password until today.
const dana = await management.users.create({
  connection: 'Passwords',
  email: 'dana@acme.example',
  password: 'Correct-horse-7-battery',
  email_verified: true,
});
await management.organizations.members.create(acme.id, { members: [dana.user_id] });

// Ivy is invited. Without an SMTP server the mail stays in the database; its link is in the answer as well.
const invitation = await management.organizations.invitations.create(acme.id, {
  inviter: { name: 'Olga' },
  invitee: { email: 'ivy@acme.example' },
  client_id: client.client_id,
  connection_id: sso.id,
});

const application = express();
application.use(
  openid.auth({
    issuerBaseURL: 'https://localhost:4000',
    baseURL: APPLICATION,
    clientID: client.client_id,
    clientSecret: client.client_secret,
    secret: randomBytes(32).toString('hex'),
    authRequired: false,
    idpLogout: true,
    authorizationParams: { response_type: 'code' },
    routes: { login: false },
  }),
);
application.get('/login', (request, response) => {
  const { invitation: ticket } = request.query;
  const authorizationParams = { response_type: 'code', organization: acme.id, ...(ticket && { invitation: ticket }) };
  return response.oidc.login({ returnTo: '/', authorizationParams });
});
application.get('/', (request, response) => {
  const { user } = request.oidc;
  response.type('text').send(user ? `${user.email} is ${user.sub} at ${user.org_id}` : 'nobody; go to /login');
});
// A refusal comes back as an error of the callback, with the reference number beside it.
application.use((error, request, response, _next) => {
  const { error_description: why = error.message, error_reference: reference = '-' } = request.query;
  response.status(403).type('text').send(`not signed in: ${why} (reference ${reference})`);
});
application.listen(4001, '127.0.0.1', () => {
  console.log(`Dana:  ${APPLICATION}/login   dana@acme.example; the user is ${dana.user_id}`);
  console.log(`Sam:   ${APPLICATION}/login   sam@acme.example`);
  console.log(`Ivy:   ${invitation.invitation_url}`);
});
