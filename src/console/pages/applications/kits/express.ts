/** The kit for a web application with express and express-openid-connect. Pure. */
import { baseOf, type CodeFacts, ENVIRONMENT, type Kit, pathOf, portOf } from './kit.js';

const server = (facts: CodeFacts) => `import express from 'express';
import openid from 'express-openid-connect';

const { auth, requiresAuth } = openid;
const app = express();

app.use(
  auth({
    issuerBaseURL: '${facts.origin}',
    baseURL: '${baseOf(facts)}',
    clientID: '${facts.clientId}',
    clientSecret: process.env.CLIENT_SECRET,
    secret: process.env.COOKIE_SECRET,
    authRequired: false,
    idpLogout: true,
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
    routes: { login: false, callback: '${pathOf(facts)}' },
  }),
);

// Links of invitations lead here, with the organization and the invitation.
app.get('/login', (request, response) => {
  const { organization, invitation } = request.query;
  return response.oidc.login({
    returnTo: '/me',
    authorizationParams: { ...(organization && { organization }), ...(invitation && { invitation }) },
  });
});

app.get('/', (request, response) => {
  if (request.oidc.isAuthenticated()) response.send('<a href="/me">Me</a> <a href="/logout">Sign out</a>');
  else response.send('<a href="/login">Sign in</a>');
});

app.get('/me', requiresAuth(), (request, response) => response.json(request.oidc.user));

// Somebody who is refused reads why, and the reference to quote.
app.use((error, request, response, next) => {
  if (error.error_description === undefined) return next(error);
  const { error_reference: reference } = request.query;
  const quote = reference ? \`\\nReference: \${reference}\` : '';
  return response.status(403).type('text').send(\`You are not signed in: \${error.error_description}\${quote}\`);
});

app.listen(${portOf(facts)});
`;

export const EXPRESS: Kit = {
  name: 'express',
  kinds: ['regular_web'],
  tried: 'express-openid-connect 3.4.0, express 5.3.0',
  callbackPath: '/callback',
  isCallbackFixed: false,
  addresses: (facts) => ({ callback: facts.callback, logout: baseOf(facts), login: `${baseOf(facts)}/login` }),
  install: () => 'npm install express express-openid-connect',
  files: (facts) => [
    { name: 'server.mjs', text: server(facts) },
    { name: '.env', text: ENVIRONMENT },
  ],
  start: () => 'node --env-file=.env server.mjs',
  values: () => [],
};
