/**
 * An identity provider for tests that can be told to lie in one way at a time. Loopback only, keys of its own, nothing shared
 * with the code under test. Not an example of how to build one.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { exportJWK, SignJWT } from 'jose';
import { playedAt, reach } from './stand-ins.js';

export interface Person {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: unknown;
  readonly [claim: string]: unknown;
}

/** Faults of the next answer. Each is used up by the first answer that it concerns. */
export type Lie =
  | { readonly discovery: Answer }
  | { readonly jwks: Answer }
  | { readonly token: Answer }
  /** Replaces or (with undefined) removes claims of the next ID token. */
  | { readonly claims: Readonly<Record<string, unknown>> }
  /** How the next ID token is signed. */
  | { readonly signed: 'none' | 'hs256-with-public-key' | 'unknown-kid' | 'foreign-key' | 'without-kid' }
  /** Parameters of the next answer through the browser, replaced or (with undefined) removed. */
  | { readonly callback: Readonly<Record<string, string | undefined>> };

export type Answer =
  | 'html'
  | 'status-500'
  | 'hang'
  | 'drip'
  | 'huge'
  | 'cut'
  | { readonly redirect: string }
  | { readonly json: unknown; readonly status?: number };

/** A company with a client of its own at a provider that serves many (Google). */
export interface Company {
  readonly secret: string;
  readonly people: Readonly<Record<string, Person>>;
  readonly speak?: (person: Person) => Readonly<Record<string, unknown>>;
}

export interface ScriptedIdpOptions {
  readonly people: Readonly<Record<string, Person>>;
  /** More companies, by client id; a test may add one at any time. */
  readonly companies?: ReadonlyMap<string, Company>;
  /** Announce RFC 9207's `iss` in discovery (it is sent in any case). */
  readonly announcesIss?: boolean;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The address it goes by, without a slash at its end, where that is not the one it listens at. */
  readonly publicUrl?: string;
  /** The issuer in its discovery document, where that is not its address. */
  readonly documentIssuer?: string;
  /** The issuer beside its keys, as Entra names one; that of its document unless told otherwise, null for none. */
  readonly keyIssuer?: string | null;
  /** A person's claims as this provider writes them. */
  readonly speak?: (person: Person) => Readonly<Record<string, unknown>>;
  /** Its clock; the system's time unless told otherwise. */
  readonly clock?: { now(): Date };
}

export interface ScriptedIdp {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Requests so far, by path: `/token`, `/jwks`, `/.well-known/openid-configuration`, `/auth`. */
  readonly requests: Readonly<Record<string, number>>;
  next(lie: Lie): void;
  /** New signing key; the old one disappears from the JWKS. */
  rotateKey(): void;
  /** Does what a browser would: opens the address, signs in as `login`, returns where the IdP sends the browser. */
  signIn(
    authorizationUrl: string,
    login: string,
  ): Promise<{ method: 'GET' | 'POST'; url: string; parameters: Record<string, string> }>;
  stop(): Promise<void>;
}

interface Key {
  readonly kid: string;
  readonly publicKey: ReturnType<typeof generateKeyPairSync>['publicKey'];
  readonly privateKey: ReturnType<typeof generateKeyPairSync>['privateKey'];
}

interface Grant {
  readonly person: Person;
  readonly query: URLSearchParams;
}

type KeyPair = Pick<Key, 'publicKey' | 'privateKey'>;
const newPair = (): KeyPair => generateKeyPairSync('rsa', { modulusLength: 2048 }) as unknown as KeyPair;
/** Making RSA keys is slow, so identity providers of one test file take turns with a few; their key ids are never the same. */
const pairs: KeyPair[] = [];
let turns = 0;
let foreignPair: KeyPair | undefined;

function newKey(): Key {
  turns += 1;
  const place = turns % 4;
  pairs[place] ??= newPair();
  return { kid: randomBytes(6).toString('hex'), ...(pairs[place] as KeyPair) };
}

function foreignKey(): KeyPair {
  foreignPair ??= newPair();
  return foreignPair;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendHtml(response: ServerResponse, body: string): void {
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><title>IdP</title>${body}`);
}

/** 100 MB without a Content-Length, as fast as the reader takes them. */
function sendHuge(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const block = Buffer.alloc(1_000_000, ' ');
  let left = 100;
  const write = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(block)) {
        response.once('drain', write);
        return;
      }
    }
    response.end();
  };
  write();
}

/** One byte at a time, each soon enough to keep an idle time-out from firing. */
function sendDrip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  if (answer === 'html') sendHtml(response, '<h1>Welcome to the portal</h1>');
  else if (answer === 'status-500') sendJson(response, { error: 'server_error' }, 500);
  else if (answer === 'huge') sendHuge(response);
  else if (answer === 'drip') sendDrip(response);
  else if (answer === 'cut') response.destroy();
  else if (answer === 'hang') response.on('close', () => undefined);
  else if ('redirect' in answer) response.writeHead(302, { location: answer.redirect }).end();
  else sendJson(response, answer.json, answer.status);
}

/** Starts the IdP on a free loopback port. `people` are found by what is typed into the field `login`. */
export async function startScriptedIdp(options: ScriptedIdpOptions): Promise<ScriptedIdp> {
  const clientId = options.clientId ?? 'vestibule-at-acme';
  const clientSecret = options.clientSecret ?? randomBytes(18).toString('base64url');
  const grants = new Map<string, Grant>();
  const requests: Record<string, number> = {};
  const lies: Lie[] = [];
  let key = newKey();
  let issuer = '';
  const { keyIssuer = options.documentIssuer } = options;
  const own: Company = { secret: clientSecret, people: options.people, ...(options.speak && { speak: options.speak }) };
  const companyOf = (id: string | null): Company | undefined =>
    id === clientId ? own : options.companies?.get(id ?? '');

  const takeLie = <K extends string>(kind: K): Extract<Lie, Record<K, unknown>>[K] | undefined => {
    const index = lies.findIndex((lie) => kind in lie);
    if (index < 0) return undefined;
    return (lies.splice(index, 1)[0] as Extract<Lie, Record<K, unknown>>)[kind];
  };

  const metadata = () => ({
    issuer: options.documentIssuer ?? issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    ...(options.announcesIss === false || options.publicUrl !== undefined
      ? {}
      : { authorization_response_iss_parameter_supported: true }),
  });

  const publicJwk = async (): Promise<JWK> => ({
    ...(await exportJWK(key.publicKey as never)),
    kid: key.kid,
    alg: 'RS256',
    use: 'sig',
    ...(keyIssuer !== null && keyIssuer !== undefined && { issuer: keyIssuer }),
  });

  const signIdToken = async (claims: Record<string, unknown>): Promise<string> => {
    const way = takeLie('signed');
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    if (way === 'none') return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    if (way === 'hs256-with-public-key') {
      const pem = (key.publicKey as unknown as { export(o: object): string }).export({ type: 'spki', format: 'pem' });
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(Buffer.from(pem));
    }
    const kid = way === 'unknown-kid' ? randomBytes(6).toString('hex') : key.kid;
    const header = way === 'without-kid' ? { alg: 'RS256' } : { alg: 'RS256', kid };
    const signer = way === 'foreign-key' ? foreignKey().privateKey : key.privateKey;
    return new SignJWT(claims).setProtectedHeader(header).sign(signer as never);
  };

  const makeIdToken = ({ person, query }: Grant): Promise<string> => {
    const now = Math.floor((options.clock?.now().getTime() ?? Date.now()) / 1000);
    const claims: Record<string, unknown> = {
      iss: issuer,
      aud: query.get('client_id'),
      iat: now,
      exp: now + 300,
      // As OpenID Connect Core 3.1.2.1 has it: said where an age is asked for.
      ...(query.get('max_age') === null ? {} : { auth_time: now }),
      ...(companyOf(query.get('client_id'))?.speak?.(person) ?? person),
      ...(query.get('nonce') === null ? {} : { nonce: query.get('nonce') }),
      ...takeLie('claims'),
    };
    for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
    return signIdToken(claims);
  };

  const checkClient = (request: IncomingMessage, form: URLSearchParams): boolean => {
    const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
    const [id, secret] =
      scheme === 'Basic'
        ? Buffer.from(value, 'base64').toString().split(':').map(decodeURIComponent)
        : [form.get('client_id'), form.get('client_secret')];
    const company = companyOf(id ?? null);
    return company !== undefined && secret === company.secret;
  };

  const answerToken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await readForm(request);
    const lie = takeLie('token');
    if (lie !== undefined) return sendAnswer(response, lie);
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const refuse = (error: string) =>
      sendJson(
        response,
        { error, error_description: `${error} for code ${code}` },
        error === 'invalid_client' ? 401 : 400,
      );
    if (!checkClient(request, form)) return refuse('invalid_client');
    if (!grant || form.get('redirect_uri') !== grant.query.get('redirect_uri')) return refuse('invalid_grant');
    const challenge = grant.query.get('code_challenge');
    const verified = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== null && challenge !== verified) return refuse('invalid_grant');
    sendJson(response, {
      access_token: randomBytes(16).toString('hex'),
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await makeIdToken(grant),
    });
  };

  const finishAuth = async (query: URLSearchParams, login: string, response: ServerResponse): Promise<void> => {
    const person = companyOf(query.get('client_id'))?.people[login];
    const redirectUri = query.get('redirect_uri') ?? '';
    const answer: Record<string, string | undefined> = { state: query.get('state') ?? undefined };
    // Entra and Google do not send it, nor do they announce it.
    if (options.publicUrl === undefined) answer.iss = issuer;
    if (!person) Object.assign(answer, { error: 'access_denied', error_description: `nobody is called ${login}` });
    else if (query.get('response_type') === 'id_token') answer.id_token = await makeIdToken({ person, query });
    else {
      answer.code = randomBytes(16).toString('base64url');
      grants.set(answer.code, { person, query });
    }
    Object.assign(answer, takeLie('callback'));
    const parameters = Object.entries(answer).filter((item): item is [string, string] => item[1] !== undefined);
    if (query.get('response_mode') === 'form_post') {
      const inputs = parameters.map(
        ([n, v]) => `<input type="hidden" name="${escapeHtml(n)}" value="${escapeHtml(v)}">`,
      );
      sendHtml(
        response,
        `<form method="post" action="${escapeHtml(redirectUri)}">${inputs.join('')}<button>Continue</button></form>` +
          '<script>document.forms[0].submit()</script>',
      );
      return;
    }
    const target = new URL(redirectUri);
    for (const [name, value] of parameters) target.searchParams.set(name, value);
    response.writeHead(302, { location: target.href }).end();
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', issuer);
    requests[url.pathname] = (requests[url.pathname] ?? 0) + 1;
    if (url.pathname === '/.well-known/openid-configuration') {
      const lie = takeLie('discovery');
      return lie === undefined ? sendJson(response, metadata()) : sendAnswer(response, lie);
    }
    if (url.pathname === '/jwks') {
      const lie = takeLie('jwks');
      return lie === undefined ? sendJson(response, { keys: [await publicJwk()] }) : sendAnswer(response, lie);
    }
    if (url.pathname === '/token' && request.method === 'POST') return answerToken(request, response);
    if (url.pathname === '/auth' && request.method === 'GET') {
      const hint = escapeHtml(url.searchParams.get('login_hint') ?? '');
      return sendHtml(
        response,
        `<h1>Sign in at the company</h1><form method="post" action="${escapeHtml(issuer + url.pathname + url.search)}">` +
          `<label for="login">Login</label><input id="login" name="login" value="${hint}"><button>Sign in</button></form>`,
      );
    }
    if (url.pathname === '/auth' && request.method === 'POST') {
      return finishAuth(url.searchParams, (await readForm(request)).get('login') ?? '', response);
    }
    response.writeHead(404).end();
  };

  const server: Server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer = options.publicUrl ?? origin;
  // Also after its end: no request of a test reaches the provider that is played.
  if (options.publicUrl !== undefined) playedAt(options.publicUrl, origin);

  return {
    issuer,
    clientId,
    clientSecret,
    requests,
    next: (lie) => void lies.push(lie),
    rotateKey: () => {
      key = newKey();
    },
    async signIn(authorizationUrl, login) {
      const response = await fetch(reach(authorizationUrl), {
        method: 'POST',
        body: new URLSearchParams({ login }),
        redirect: 'manual',
      });
      const location = response.headers.get('location');
      if (location !== null) {
        return { method: 'GET', url: location, parameters: Object.fromEntries(new URL(location).searchParams) };
      }
      const page = await response.text();
      const fromHtml = (text: string) => text.replace(/&#(\d+);/g, (_, n) => String.fromCharCode(Number(n)));
      const fields = [...page.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, n = '', v = '']) => [
        fromHtml(n),
        fromHtml(v),
      ]);
      const action = /action="([^"]*)"/.exec(page)?.[1] ?? '';
      return { method: 'POST', url: fromHtml(action), parameters: Object.fromEntries(fields) };
    },
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
