/**
 * The OpenID Connect side of a company's identity provider, over the library `oidc-provider`. It asks at every sign-in
 * who the person is, so that the next one can play.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import { html, page } from '../html.js';
import { findAccount, type IdpOptions, readForm, sendSignIn } from './pages.js';

interface GrantContext {
  readonly oidc: {
    readonly session: { readonly accountId: string };
    readonly client: { readonly clientId: string };
    readonly provider: Provider;
  };
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
  const typed = typeof params.login_hint === 'string' ? params.login_hint : '';
  const signIn = { action: `/interaction/${uid}`, canCancel: true };
  if (request.method !== 'POST') return sendSignIn(response, options, { ...signIn, typed });
  const form = await readForm(request);
  if (form.get('action') === 'cancel') {
    const result = { error: 'access_denied', error_description: `nobody signed in at ${options.company}` };
    return provider.interactionFinished(request, response, result);
  }
  const login = form.get('login') ?? '';
  const account = findAccount(options, login);
  if (account === undefined) return sendSignIn(response, options, { ...signIn, typed: login, isUnknown: true });
  return provider.interactionFinished(request, response, { login: { accountId: account.login, remember: false } });
}

/** Removes the provider's session, so that the provider asks every time. */
function forgetSession(request: IncomingMessage): void {
  const cookies = (request.headers.cookie ?? '').split(/;\s*/).filter((item) => !/^\w+_session(\.sig)?=/.test(item));
  request.headers.cookie = cookies.join('; ');
}

/** Returns the function that answers requests of the protocol and the provider's sign-in page. */
export async function createOidc(options: IdpOptions) {
  const provider = await createProvider(options);
  const answer = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', options.issuer);
    if (pathname.startsWith('/interaction/')) return interact(provider, options, request, response);
    if (pathname === '/auth') forgetSession(request);
    await answer(request, response);
  };
}
