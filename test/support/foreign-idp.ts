/** An identity provider that somebody else wrote (oidc-provider), on loopback, and a browser that clicks through it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import type { CallbackInput } from '../../src/ports/connector.js';

export interface ForeignIdp {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signs in as `login` on the provider's own development pages and comes back with its answer. */
  signIn(url: string, login: string): Promise<CallbackInput>;
  stop(): Promise<void>;
}

/** Cookies by name, as a browser with one site would keep them. */
function createBrowser() {
  const cookies = new Map<string, string>();
  return async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
}

function fromHtml(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

function readForm(page: string): { action: string; fields: Record<string, string> } {
  const fields: Record<string, string> = {};
  for (const [input] of page.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields[name] = fromHtml(/value="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  return { action: fromHtml(/<form[^>]*action="([^"]*)"/.exec(page)?.[1] ?? ''), fields };
}

async function walk(start: string, login: string, callback: string): Promise<CallbackInput> {
  const browse = createBrowser();
  let url = start;
  let response = await browse(url);
  for (let step = 0; step < 20; step += 1) {
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      if (url.startsWith(callback)) return { method: 'GET', parameters: Object.fromEntries(new URL(url).searchParams) };
      response = await browse(url);
      continue;
    }
    const { action, fields } = readForm(await response.text());
    url = new URL(action, url).href;
    if (url.startsWith(callback)) return { method: 'POST', parameters: fields };
    if ('login' in fields) Object.assign(fields, { login, password: 'any' });
    response = await browse(url, { method: 'POST', body: new URLSearchParams(fields) });
  }
  throw new Error(`the provider never sent the browser back; last at ${url}`);
}

/** Starts it; `callback` is the address it may send browsers back to. */
export async function startForeignIdp(callback: string): Promise<ForeignIdp> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const client = { clientId: 'vestibule', clientSecret: 'foreign-idp-secret' };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_types: ['authorization_code', 'implicit'],
        response_types: ['code', 'id_token'],
        redirect_uris: [callback],
        token_endpoint_auth_method: 'client_secret_post',
        application_type: 'native',
      },
    ],
    responseTypes: ['code', 'id_token'],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k1', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['loopback only'] },
    // Given, so that it does not print a notice for each.
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    // Claims go into the ID token also when there is an access token to fetch them with.
    conformIdTokenClaims: false,
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@acme.example`, email_verified: true, name: id }),
    }),
  });
  server.on('request', provider.callback());
  return {
    issuer,
    ...client,
    signIn: (url, login) => walk(url, login, callback),
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
