/**
 * The demo application "Notebook": an ordinary application with express-openid-connect. It knows only the address
 * of Vestibule. Passes on organization, invitation, connection and login hint. Shows the data that it received about the
 * person.
 */
import { createServer, type Server } from 'node:http';
import express, { type Next, type Request, type RequestHandler, type Response } from 'express';
import openidConnect from 'express-openid-connect';
import { type Addresses, portOf } from './addresses.js';
import { type Html, html, page } from './html.js';
import { createFiles, policyOf, SETTINGS_PATH } from './organization-settings/serve.js';
import type { Visits } from './visits.js';

export interface ApplicationOptions {
  readonly addresses: Addresses;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Client of the page *Organization settings*, which has no secret. */
  readonly settingsClientId: string;
  /** Key that signs the application's own cookies. */
  readonly secret: string;
  readonly organizations: readonly { readonly id: string; readonly title: string }[];
  /** Name of the role whose holders get a link to *Organization settings*. */
  readonly adminRole: string;
  /** Names of the roles that a user has in an organization. */
  readonly findRoles: (organizationId: string, userId: string) => Promise<readonly string[]>;
  /** Refuses requests of a story that was left. */
  readonly visits: Visits;
}

/** Parameters that the demo passes from /login to /authorize. */
const PASSED_ON = ['organization', 'invitation', 'connection', 'login_hint', 'prompt', 'screen_hint'] as const;

function passedOn(query: Request['query']): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = query[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}

function send(response: Response, options: ApplicationOptions, status: number, title: string, body: Html): void {
  const top = html`<header><a href="/">Notebook</a><span>demo application</span></header>`;
  const text = page({
    title: `${title} · Notebook`,
    kind: 'application',
    stage: options.addresses.stage,
    body: html`${top}<main>${body}</main>`,
  });
  response.status(status).type('html').send(text);
}

function homePage(options: ApplicationOptions): Html {
  const [first, ...others] = options.organizations;
  return html`<h1>Your team's notebook</h1>
    <p>Nobody is signed in in this browser.</p>
    <p><a class="button" id="sign-in" href="/login?organization=${first?.id}">Sign in to ${first?.title}</a></p>
    <p>${others.map((item) => html`<a id="sign-in-${item.title.toLowerCase().replaceAll(' ', '-')}" href="/login?organization=${item.id}">Sign in to ${item.title}</a> · `)}
      <a href="/login">sign in without naming an organization</a></p>
    <details><summary>With other parameters</summary>
      <form action="/login">
        <label>organization <select name="organization"><option value="">(none)</option>
          ${options.organizations.map((item) => html`<option value="${item.id}">${item.title}</option>`)}</select></label>
        <label>connection <input name="connection" placeholder="acme-oidc"></label>
        <label>invitation <input name="invitation" placeholder="ticket"></label>
        <label>login_hint <input name="login_hint" placeholder="dana@acme.example"></label>
        <button>Go to /authorize</button>
      </form></details>`;
}

async function insidePage(request: Request, options: ApplicationOptions): Promise<Html> {
  const claims = (request.oidc.idTokenClaims ?? {}) as Record<string, unknown>;
  const userId = String(claims.sub ?? '');
  const organizationId = typeof claims.org_id === 'string' ? claims.org_id : undefined;
  const organization = options.organizations.find((item) => item.id === organizationId);
  const roles = organizationId === undefined ? [] : await options.findRoles(organizationId, userId);
  const shown = Object.entries(claims).filter(([name]) => !['iss', 'aud', 'nonce', 'sid'].includes(name));
  return html`<h1>Hello, ${String(claims.name ?? claims.email ?? userId)}</h1>
    <dl>
      <dt>Organization</dt><dd>${organization?.title ?? organizationId ?? 'none'}</dd>
      <dt>Roles there</dt><dd>${roles.length === 0 ? 'none' : roles.map((role) => html`<span class="tag">${role}</span> `)}</dd>
      <dt>User</dt><dd><code id="user-id">${userId}</code></dd>
      <dt>Tokens</dt><dd>ID token, access token${request.oidc.refreshToken ? ', refresh token' : ''}</dd>
    </dl>
    <details><summary>Claims of the ID token</summary>
      <dl class="claims">${shown.map(([name, value]) => html`<dt>${name}</dt><dd><code>${JSON.stringify(value)}</code></dd>`)}</dl></details>
    ${
      // Only the link depends on it. The API decides over each call of the page.
      roles.includes(options.adminRole) &&
      html`<p><a class="button" id="settings" href="${SETTINGS_PATH}?organization=${organizationId}">Organization settings</a></p>`
    }
    <p><a class="button plain" href="/logout">Sign out</a></p>`;
}

function refusedPage(query: Request['query'], error: Error & { error?: string; error_description?: string }): Html {
  const code = query.error ?? error.error;
  const reference = query.error_reference;
  const lead = code === 'access_denied' ? 'The sign-in server answered: no.' : 'The sign-in did not come to its end.';
  return html`<h1>You are not signed in</h1>
    <p>${lead}</p>
    <dl>
      <dt>Answer</dt><dd><code>${code ?? 'error'}</code></dd>
      <dt>Reason</dt><dd>${query.error_description ?? error.error_description ?? error.message}</dd>
      ${reference && html`<dt>Reference</dt><dd><code>${reference}</code></dd>`}
    </dl>
    <p>${code === 'access_denied' && 'Ask an administrator of your organization to invite you, and quote the reference.'}</p>
    <p><a class="button plain" href="/">Start again</a></p>`;
}

/** Creates the session middleware with the settings of any ordinary application. */
function createAuth(options: ApplicationOptions): RequestHandler {
  return openidConnect.auth({
    issuerBaseURL: options.addresses.vestibule,
    baseURL: options.addresses.application,
    clientID: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthMethod: 'client_secret_post',
    secret: options.secret,
    authRequired: false,
    idpLogout: true,
    authorizationParams: { response_type: 'code', scope: 'openid profile email offline_access' },
    routes: { login: false },
  }) as RequestHandler;
}

/** Serves *Organization settings*: a page of its own, for people who are signed in by its own client. */
function serveSettings(app: ReturnType<typeof express>, { addresses, settingsClientId }: ApplicationOptions): void {
  const find = createFiles(addresses, settingsClientId);
  app.get(`${SETTINGS_PATH}:name`, async (request, response) => {
    const file = await find(request.params.name ?? '');
    if (file === undefined) return response.status(404).type('text').send('There is no such file.');
    return response.set({ 'cache-control': 'no-cache' }).type(file.type).send(file.body);
  });
  app.get(SETTINGS_PATH, async (_request, response) =>
    response
      .set({ 'content-security-policy': policyOf(addresses), 'cache-control': 'no-store' })
      .type('html')
      .send((await find(''))?.body ?? ''),
  );
}

/** Starts the application on the port of its address. */
export async function startApplication(options: ApplicationOptions): Promise<{ stop(): Promise<void> }> {
  const app = express();
  app.disable('x-powered-by');
  app.use((request: Request, response: Response, next: Next) =>
    options.visits.pass(request, response, options.addresses.stage, next),
  );
  app.use(createAuth(options));
  app.get('/', (request, response) => {
    if (request.oidc.isAuthenticated()) return response.redirect('/me');
    return send(response, options, 200, 'Welcome', homePage(options));
  });
  app.get('/login', (request, response) =>
    response.oidc.login({ returnTo: '/me', authorizationParams: passedOn(request.query) }),
  );
  app.get('/me', async (request, response) => {
    if (!request.oidc.isAuthenticated()) return response.redirect('/');
    return send(response, options, 200, 'Home', await insidePage(request, options));
  });
  serveSettings(app, options);
  // Express recognizes an error handler by its four parameters.
  app.use((error: Error, request: Request, response: Response, _next: unknown) => {
    send(response, options, 403, 'Not signed in', refusedPage(request.query, error));
  });
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = createServer(app);
    // `app.listen` of Express 5 calls its callback for a port that is in use, too: the demo would start without this part.
    starting.once('error', reject);
    starting.listen(portOf(options.addresses.application), '127.0.0.1', () => resolve(starting));
  });
  return {
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
