/**
 * An identity provider that needs almost no processor time, so that the figures are Vestibule's. Its page has one
 * field, `login`. Each login is another person with the verified address `<login>@corp.test`.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import http from 'node:http';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }],
});
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encode({ alg: 'RS256', kid: 'k1', typ: 'JWT' });
const codes = new Map();
let issuer = '';

const json = (response, text, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
};

async function readForm(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

function metadata() {
  return JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
  });
}

async function answerToken(request, response) {
  const form = await readForm(request);
  const grant = codes.get(form.get('code'));
  if (!grant) return json(response, '{"error":"invalid_grant"}', 400);
  codes.delete(form.get('code'));
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: grant.clientId,
    iat: now,
    exp: now + 600,
    nonce: grant.nonce ?? undefined,
    sub: grant.login,
    // The domain corp.test is proved by one organization. The people of another organization need addresses in another
    // domain, or they would be refused.
    email: `${grant.login}@${grant.login.startsWith('stuck') ? 'stuck.test' : 'corp.test'}`,
    email_verified: true,
    name: `N ${grant.login}`,
  };
  const signed = `${header}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), privateKey).toString('base64url');
  return json(
    response,
    JSON.stringify({
      access_token: 'unused',
      token_type: 'Bearer',
      expires_in: 600,
      id_token: `${signed}.${signature}`,
    }),
  );
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/.well-known/openid-configuration') return json(response, metadata());
  if (url.pathname === '/jwks') return json(response, jwks);
  // A provider that is dead for the server: its page still works, and the request for tokens has no answer.
  if (url.pathname === '/token') return process.env.IDP_SILENT ? undefined : answerToken(request, response);
  if (url.pathname !== '/auth') return json(response, '{}', 404);
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/html' });
    return response.end(
      `<form method="post" action="${request.url.replaceAll('&', '&amp;')}"><input name="login"></form>`,
    );
  }
  const form = await readForm(request);
  const code = randomBytes(16).toString('base64url');
  codes.set(code, {
    login: form.get('login'),
    nonce: url.searchParams.get('nonce'),
    clientId: url.searchParams.get('client_id'),
  });
  const to = new URL(url.searchParams.get('redirect_uri'));
  to.searchParams.set('code', code);
  to.searchParams.set('state', url.searchParams.get('state') ?? '');
  response.writeHead(303, { location: to.href });
  return response.end();
});
server.listen(Number(process.env.IDP_PORT ?? 0), '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  process.stdout.write(`${issuer}\n`);
});
