/** An identity provider that somebody else wrote (oidc-provider), on loopback, and a browser that clicks through it. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { CONNECTION_KEY_ALGORITHMS } from '../../src/domain/companies/connection-key.js';
import type { CallbackInput } from '../../src/ports/connector.js';
import { playedAt, reach } from './stand-ins.js';

/** How it is known, when it plays a provider with a fixed address. */
export interface ForeignRole {
  /** The issuer of its tokens. */
  readonly issuer: string;
  /** The address it goes by, where that is not the issuer. */
  readonly publicUrl?: string;
  /** The issuer in its discovery document, where that is a template. */
  readonly documentIssuer?: string;
  /** Claims of a person beside `sub`. */
  readonly claims: (login: string) => Readonly<Record<string, unknown>>;
}

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
    const response = await fetch(reach(url), { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' });
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
    const page = await response.text();
    const { action, fields } = readForm(page);
    const wayBack = /href="([^"]*\/abort)"/.exec(page)?.[1];
    // Somebody without an account gives up.
    if (login.startsWith('nobody') && wayBack !== undefined) {
      url = new URL(fromHtml(wayBack), url).href;
      response = await browse(url);
      continue;
    }
    url = new URL(action, url).href;
    if (url.startsWith(callback)) return { method: 'POST', parameters: fields };
    if ('login' in fields) Object.assign(fields, { login, password: 'any' });
    response = await browse(url, { method: 'POST', body: new URLSearchParams(fields) });
  }
  throw new Error(`the provider never sent the browser back; last at ${url}`);
}

/** Makes a request look as it would behind the proxy of its public address. */
function asForwarded(request: IncomingMessage, publicUrl: string): void {
  const { host, protocol, pathname } = new URL(publicUrl);
  request.headers.host = host;
  request.headers['x-forwarded-proto'] = protocol.replace(':', '');
  Object.assign(request, { originalUrl: `${pathname.replace(/\/$/, '')}${request.url}` });
}

const ANYBODY: ForeignRole['claims'] = (login) => ({
  email: `${login}@acme.example`,
  email_verified: true,
  name: login,
});

/** Starts it; `callback` is the address it may send browsers back to. In a role it goes by that provider's address. */
export async function startForeignIdp(
  callback: string,
  role?: ForeignRole,
  authentication: object = { token_endpoint_auth_method: 'client_secret_post' },
): Promise<ForeignIdp> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = role?.issuer ?? origin;
  const publicUrl = role?.publicUrl ?? issuer;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const client = { clientId: 'vestibule', clientSecret: 'foreign-idp-secret' };
  const claims = role?.claims ?? ANYBODY;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_types: ['authorization_code', 'implicit'],
        response_types: ['code', 'id_token'],
        redirect_uris: [callback],
        application_type: 'native',
        ...authentication,
      },
    ],
    responseTypes: ['code', 'id_token'],
    // All that Auth0 signs with at a provider; the library's usual ones are fewer.
    enabledJWA: { clientAuthSigningAlgValues: [...CONNECTION_KEY_ALGORITHMS] },
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k1', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['loopback only'] },
    // Given, so that it does not print a notice for each.
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    // Claims go into the ID token also when there is an access token to fetch them with.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'tid', 'oid', 'xms_edov', 'hd'], email: ['email', 'email_verified'], profile: ['name'] },
    // Google asks for it by a parameter of its own.
    extraParams: ['hd'],
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...claims(id) }) }),
  });
  provider.proxy = true;
  provider.use(async (context, next) => {
    await next();
    const template = role?.documentIssuer;
    if (template !== undefined && context.path.endsWith('/openid-configuration'))
      context.body = { ...(context.body as object), issuer: template };
    // Entra names the issuer beside each key, too.
    if (template !== undefined && context.path.endsWith('/jwks')) {
      const { keys } = context.body as { keys: object[] };
      context.body = { keys: keys.map((key) => ({ ...key, issuer: template })) };
    }
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (role !== undefined) asForwarded(request, publicUrl);
    answer(request, response);
  });
  const endPlay = role === undefined ? undefined : playedAt(publicUrl, origin);
  return {
    issuer,
    ...client,
    signIn: (url, login) => walk(url, login, callback),
    async stop() {
      endPlay?.();
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
