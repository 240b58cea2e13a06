/**
 * A company's identity provider for the demo: the library `oidc-provider` with a page on which people choose who they
 * are. It asks at every sign-in, so that the next person can play. There are no passwords: everybody at this machine
 * may be anybody.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import { portOf } from './addresses.js';
import { html, page } from './html.js';

export interface IdpAccount {
  readonly login: string;
  readonly name: string;
  readonly email: string;
}

export interface IdpOptions {
  readonly issuer: string;
  readonly company: string;
  readonly accounts: readonly IdpAccount[];
  /** Finds further accounts by login or address, if there are too many for buttons. */
  readonly findMore?: (typed: string) => IdpAccount | undefined;
  /** The provider asserts any typed address, as the administrator of a real one could. */
  readonly assertsAnything: boolean;
  readonly client: { readonly id: string; readonly secret: string; readonly callback: string };
  readonly stage: string;
}

export interface RunningIdp {
  stop(): Promise<void>;
}

interface GrantContext {
  readonly oidc: {
    readonly session: { readonly accountId: string };
    readonly client: { readonly clientId: string };
    readonly provider: Provider;
  };
}

const MAX_FORM_BYTES = 10_000;

function findAccount(options: IdpOptions, login: string): IdpAccount | undefined {
  const typed = login.trim().toLowerCase();
  const known = options.accounts.find((account) => account.login === typed || account.email === typed);
  const more = known ?? options.findMore?.(typed);
  if (more || !options.assertsAnything || !/^[^@\s]+@[^@\s]+$/.test(typed)) return more;
  return { login: typed, name: typed, email: typed };
}

/**
 * Loads the library without its notices for operators: here the storage in memory and the version of Node are intended.
 */
async function loadProvider<T>(use: (made: typeof Provider) => T): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return use((await import('oidc-provider')).default);
  } finally {
    console.warn = warn;
  }
}

async function createProvider(options: IdpOptions): Promise<Provider> {
  const configuration = await configure(options);
  return loadProvider((Made) => new Made(options.issuer, configuration));
}

async function configure(options: IdpOptions): Promise<Readonly<Record<string, unknown>>> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const { client } = options;
  const name = options.company.toLowerCase().replace(/\W/g, '');
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [client.callback],
        token_endpoint_auth_method: 'client_secret_post',
        // Only native clients may return to http on loopback.
        application_type: 'native',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: name, use: 'sig', alg: 'RS256' }] },
    // Two providers run on one host, and browsers do not separate cookies by port. So each has cookie names of its own.
    cookies: {
      keys: ['loopback only'],
      names: { session: `${name}_session`, interaction: `${name}_interaction`, resume: `${name}_resume` },
    },
    // Given, so that it does not print a notice for each.
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 3600, Session: 3600 },
    // Claims go into the ID token also when there is an access token to fetch them with.
    conformIdTokenClaims: false,
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, interaction: Interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context: unknown, id: string) => {
      const account = findAccount(options, id);
      if (account === undefined) return undefined;
      const { login, email } = account;
      return { accountId: id, claims: () => ({ sub: login, email, email_verified: true, name: account.name }) };
    },
    loadExistingGrant: async (context: GrantContext) => {
      const { session, client: asking, provider } = context.oidc;
      const grant = new provider.Grant({ accountId: session.accountId, clientId: asking.clientId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    renderError: (context: { type: string; body: string }, out: { error: string; error_description?: string }) => {
      context.type = 'html';
      context.body = page({
        title: `${options.company} · problem`,
        kind: 'idp',
        stage: options.stage,
        body: html`<main><h1>This sign-in cannot go on</h1><p>${out.error_description ?? out.error}</p>
          <p>Go back to the application and start again.</p></main>`,
      });
    },
  };
}

function signInPage(options: IdpOptions, uid: string, hint: string, problem: string | undefined): string {
  const hinted = options.findMore?.(hint.toLowerCase());
  const people = [...options.accounts, ...(hinted ? [hinted] : [])].map(
    (
      account,
    ) => html`<button class="person${account.email === hint && ' hinted'}" name="login" value="${account.login}">
      <span class="face" data-who="${account.login}">${account.name[0]}</span>
      <span><b>${account.name}</b><br><small>${account.email}</small></span></button>`,
  );
  const label = options.assertsAnything ? 'or assert any address' : 'or type a login';
  return page({
    title: `${options.company} sign-in`,
    kind: 'idp',
    stage: options.stage,
    body: html`<main>
      <p class="place">${options.company} · company sign-in</p>
      <h1>Who are you?</h1>
      <form method="post" action="/interaction/${uid}"><div class="people">${people}</div></form>
      <form method="post" action="/interaction/${uid}" class="typed">
        <label for="login">${label}</label>
        <div class="row"><input id="login" name="login" value="${hint}" autocomplete="off" spellcheck="false"><button>Sign in</button></div>
        ${problem && html`<p class="problem" role="alert">${problem}</p>`}
      </form>
      <form method="post" action="/interaction/${uid}"><button class="quiet" name="action" value="cancel">I have no account here: cancel</button></form>
    </main>`,
  });
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new Error('form too large');
  }
  return new URLSearchParams(text);
}

function sendHtml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(text);
}

async function interact(
  provider: Provider,
  options: IdpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid, params, prompt } = await provider.interactionDetails(request, response);
  // The client is the company's own application, so nobody has to consent.
  if (prompt.name === 'consent')
    return provider.interactionFinished(request, response, { consent: {} }, { mergeWithLastSubmission: true });
  const hint = typeof params.login_hint === 'string' ? params.login_hint : '';
  if (request.method !== 'POST') return sendHtml(response, 200, signInPage(options, uid, hint, undefined));
  const form = await readForm(request);
  if (form.get('action') === 'cancel') {
    const result = { error: 'access_denied', error_description: `nobody signed in at ${options.company}` };
    return provider.interactionFinished(request, response, result);
  }
  const login = form.get('login') ?? '';
  const account = findAccount(options, login);
  if (account === undefined) {
    const problem = `${options.company} knows nobody of that name.`;
    return sendHtml(response, 400, signInPage(options, uid, login, problem));
  }
  return provider.interactionFinished(request, response, { login: { accountId: account.login, remember: false } });
}

/** Removes the provider's session, so that the provider asks every time. */
function forgetSession(request: IncomingMessage): void {
  const cookies = (request.headers.cookie ?? '').split(/;\s*/).filter((item) => !/^\w+_session(\.sig)?=/.test(item));
  request.headers.cookie = cookies.join('; ');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Starts the provider on the port of its issuer. */
export async function startIdp(options: IdpOptions): Promise<RunningIdp> {
  const provider = await createProvider(options);
  const answer = provider.callback();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', options.issuer);
    if (pathname.startsWith('/interaction/')) {
      interact(provider, options, request, response).catch(() => {
        const body = html`<main><h1>This sign-in is over</h1><p>Go back to the application and start again.</p></main>`;
        sendHtml(response, 400, page({ title: options.company, kind: 'idp', stage: options.stage, body }));
      });
      return;
    }
    if (pathname === '/') return sendHtml(response, 200, frontPage(options));
    if (pathname === '/auth') forgetSession(request);
    answer(request, response);
  });
  await listen(server, portOf(options.issuer));
  return {
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function frontPage(options: IdpOptions): string {
  const people = options.accounts.map((account) => html`<li>${account.name}, ${account.email}</li>`);
  const more = options.findMore && html`<li>everybody in the company’s directory</li>`;
  return page({
    title: options.company,
    kind: 'idp',
    stage: options.stage,
    body: html`<main><p class="place">${options.company}</p><h1>Identity provider</h1>
      <p>Nobody signs in here directly: applications send people here. These can:</p><ul>${people}${more}</ul></main>`,
  });
}
