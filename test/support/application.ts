/**
 * An application as a customer would write it: express-openid-connect, published by Auth0, told nothing but the issuer, its id and its secret.
 * It hands organization and invitation on, checks the organization of the tokens as Auth0's SDKs do, and answers in JSON so that
 * tests can read it. Listens on 127.0.0.1, which for a browser is another site than localhost.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Application as ExpressApplication, type Request, type Response } from 'express';
import openidConnect from 'express-openid-connect';
import { decodeJwt } from 'jose';
import { checkOrganizationClaim } from './organization-claim.js';

export interface Application {
  /** Origin, without a slash. */
  readonly origin: string;
  /** Fields to register for it. */
  readonly clientFields: {
    readonly callbacks: readonly string[];
    readonly allowed_logout_urls: readonly string[];
    readonly initiate_login_uri: string;
  };
  /** Where a link to its login leads; the parameters are handed on to /authorize. */
  loginUrl(parameters: Readonly<Record<string, string>>): string;
  /** Returns the address that an invitation's link (https, as it must be) opens here. */
  invitationUrl(link: string): string;
  /** Begins to use an issuer as a registered client. */
  connect(options: ConnectOptions): void;
  stop(): Promise<void>;
}

export interface ConnectOptions {
  readonly issuer: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** `/oidc/logout` or Auth0's own `/v2/logout`. */
  readonly logout?: 'oidc' | 'auth0';
  readonly authorizationParams?: Readonly<Record<string, string>>;
  /** True for an application that is told of logouts (`/backchannel-logout`). */
  readonly hearsOfLogout?: boolean;
}

type LogoutOptions = Exclude<NonNullable<openidConnect.ConfigParams['backchannelLogout']>, boolean>;
type LogoutStore = NonNullable<LogoutOptions['store']>;

/** A store as express-session has them, in memory. */
function createMemoryStore(): LogoutStore {
  const kept = new Map<string, Parameters<LogoutStore['set']>[1]>();
  return {
    get: (id, done) => done(null, kept.get(id)),
    set: (id, value, done) => {
      kept.set(id, value);
      done?.();
    },
    destroy: (id, done) => {
      kept.delete(id);
      done?.();
    },
  };
}

const PASSED_ON = [
  'organization',
  'invitation',
  'organization_name',
  'connection',
  'login_hint',
  'prompt',
  'screen_hint',
];

function sendJson(response: Response, status: number, body: unknown): void {
  response
    .status(status)
    .type('json')
    .send(JSON.stringify(body, undefined, 1));
}

function passedOn(request: Request): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = request.query[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

function createApp(origin: string, options: ConnectOptions): ExpressApplication {
  const app = express();
  app.use(
    openidConnect.auth({
      issuerBaseURL: options.issuer,
      baseURL: origin,
      clientID: options.client.id,
      clientSecret: options.client.secret,
      secret: 'only for cookies of an application under test',
      authRequired: false,
      idpLogout: true,
      auth0Logout: options.logout === 'auth0',
      authorizationParams: {
        response_type: 'code',
        scope: 'openid profile email offline_access',
        ...options.authorizationParams,
      },
      routes: { login: false },
      ...(options.hearsOfLogout && { backchannelLogout: { store: createMemoryStore() } }),
      getLoginState: (request, login) => ({
        returnTo: login.returnTo,
        organization: (request as unknown as Request).query.organization,
      }),
      afterCallback: (_request, _response, session, state) => {
        checkOrganizationClaim(decodeJwt(session.id_token), state.organization as string | undefined);
        return session;
      },
    }),
  );
  app.get('/login', (request, response) =>
    response.oidc.login({ returnTo: '/me', authorizationParams: passedOn(request) }),
  );
  app.get('/', (request, response) => sendJson(response, 200, { signedIn: request.oidc.isAuthenticated() }));
  app.get('/me', openidConnect.requiresAuth(), async (request, response) =>
    sendJson(response, 200, {
      claims: request.oidc.idTokenClaims,
      userinfo: await request.oidc.fetchUserInfo(),
      accessToken: request.oidc.accessToken?.access_token,
      refreshToken: request.oidc.refreshToken,
    }),
  );
  app.get('/refresh', openidConnect.requiresAuth(), async (request, response) => {
    const token = await request.oidc.accessToken?.refresh();
    sendJson(response, 200, { accessToken: token?.access_token, refreshToken: request.oidc.refreshToken });
  });
  app.use((error: Error & { status?: number }, request: Request, response: Response, _next: unknown) => {
    const { error: code, error_description: description, error_reference: reference } = request.query;
    sendJson(response, error.status ?? 500, { message: error.message, error: code, description, reference });
  });
  return app;
}

/** Opens the port, so that the address is known before the client is registered. */
export async function startApplication(): Promise<Application> {
  let app: ExpressApplication | undefined;
  const server: Server = createServer((request, response) => {
    if (app) app(request, response);
    else response.writeHead(503).end('not connected yet');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    clientFields: {
      callbacks: [`${origin}/callback`],
      allowed_logout_urls: [origin],
      initiate_login_uri: `https://127.0.0.1:${port}/login`,
    },
    loginUrl: (parameters) => `${origin}/login?${new URLSearchParams(parameters)}`,
    invitationUrl: (link) => link.replace(/^https:/, 'http:'),
    connect(options) {
      app = createApp(origin, options);
    },
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
