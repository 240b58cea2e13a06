/**
 * Code for an application, with the values of this server. docs/auth0-compatibility.md says which versions are tried against this server, and
 * how; `tried` repeats it. Secrets are never part of it. Pure.
 */

/** The values that code needs. */
export interface CodeFacts {
  /** Origin of this server, without a slash. */
  readonly origin: string;
  readonly clientId: string;
  /** Where people come back to. */
  readonly callback: string;
}

interface File {
  readonly name: string;
  readonly text: string;
}

interface Kit {
  readonly name: string;
  /** Kinds of applications that it is for. */
  readonly kinds: readonly string[];
  readonly tried: string;
  /** The callback that the library takes by itself. */
  readonly callbackPath: string;
  /** The commands that install and start it. */
  commands(facts: CodeFacts): string;
  files(facts: CodeFacts): readonly File[];
}

const baseOf = ({ callback }: CodeFacts) => new URL(callback).origin;
const portOf = (facts: CodeFacts) => new URL(baseOf(facts)).port || '3000';
const hostOf = ({ origin }: CodeFacts) => new URL(origin).host;

const express = (facts: CodeFacts) => `import express from 'express';
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
    routes: { login: false, callback: '${new URL(facts.callback).pathname}' },
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

app.get('/', (request, response) => response.send('<a href="/me">Sign in</a>'));
app.get('/me', requiresAuth(), (request, response) => response.json(request.oidc.user));

// A refused sign-in comes back with a sentence, and with the reference under which your administrator finds it.
app.use((error, request, response, next) => {
  const { error_description: why, error_reference: reference } = request.query;
  if (reference === undefined) return next(error);
  response.status(403).type('text').send('You are not signed in: ' + why + '\\nReference: ' + reference);
});

app.listen(${portOf(facts)});
`;

const nextClient = () => `import { Auth0Client } from '@auth0/nextjs-auth0/server';

export const auth0 = new Auth0Client({
  authorizationParameters: { scope: 'openid profile email' },
});
`;

const nextProxy = () => `import { auth0 } from './lib/auth0';

// Mounts /auth/login, /auth/logout and /auth/callback. /auth/login?organization=… hands the organization on.
export async function proxy(request) {
  return auth0.middleware(request);
}
`;

const nextEnvironment = (facts: CodeFacts) => `APP_BASE_URL=${baseOf(facts)}
AUTH0_DOMAIN=${hostOf(facts)}
AUTH0_CLIENT_ID=${facts.clientId}
AUTH0_CLIENT_SECRET=
# openssl rand -hex 32
AUTH0_SECRET=
`;

const react = (facts: CodeFacts) => `import { Auth0Provider, useAuth0 } from '@auth0/auth0-react';
import { createRoot } from 'react-dom/client';

// Links of invitations bring the organization and the invitation in the address.
const { organization, invitation } = Object.fromEntries(new URLSearchParams(window.location.search));

function Me() {
  const { isLoading, user, loginWithRedirect, logout } = useAuth0();
  if (isLoading) return null;
  if (user === undefined)
    return (
      <button onClick={() => loginWithRedirect({ authorizationParams: { organization, invitation } })}>Sign in</button>
    );
  return <button onClick={() => logout({ logoutParams: { returnTo: window.location.origin } })}>{user.email}</button>;
}

createRoot(document.getElementById('root')).render(
  <Auth0Provider
    domain="${facts.origin}"
    clientId="${facts.clientId}"
    authorizationParams={{ redirect_uri: '${facts.callback}', scope: 'openid profile email' }}
  >
    <Me />
  </Auth0Provider>,
);
`;

const python = (facts: CodeFacts) => `import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session

app = Flask(__name__)
app.secret_key = os.environ["COOKIE_SECRET"]
oauth = OAuth(app)
oauth.register(
    "vestibule",
    client_id="${facts.clientId}",
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url="${facts.origin}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.route("/login")
def login():
    # Links of invitations lead here, with the organization and the invitation.
    asked = {name: request.args[name] for name in ("organization", "invitation") if name in request.args}
    return oauth.vestibule.authorize_redirect("${facts.callback}", **asked)


@app.route("${new URL(facts.callback).pathname}")
def callback():
    session["user"] = oauth.vestibule.authorize_access_token()["userinfo"]
    return redirect("/")


@app.route("/")
def me():
    return session.get("user") or redirect("/login")
`;

export const KITS = {
  express: {
    name: 'express',
    kinds: ['regular_web'],
    tried:
      'express-openid-connect 3.4.0 is tried against this server by its tests: organizations, invitations, refresh tokens, logout, refusals.',
    callbackPath: '/callback',
    commands: () => 'npm install express express-openid-connect\nnode --env-file=.env server.mjs',
    files: (facts) => [
      { name: 'server.mjs', text: express(facts) },
      { name: '.env', text: 'CLIENT_SECRET=\n# openssl rand -hex 32\nCOOKIE_SECRET=\n' },
    ],
  },
  nextjs: {
    name: 'Next.js',
    kinds: ['regular_web'],
    tried:
      'nextjs-auth0 4.30.0 on Next.js 16.4.6 was tried in Chromium: organizations, invitations, refresh, logout, refusals. On localhost, or with a port, it also wants allowInsecureRequests: true.',
    callbackPath: '/auth/callback',
    commands: () => 'npm install @auth0/nextjs-auth0',
    files: (facts) => [
      { name: 'lib/auth0.js', text: nextClient() },
      { name: 'proxy.js', text: nextProxy() },
      { name: '.env.local', text: nextEnvironment(facts) },
    ],
  },
  react: {
    name: 'React',
    kinds: ['spa'],
    tried:
      'auth0-react 2.27.0 was tried in Chromium: organizations, invitations, rotation, frames and windows, logout, refusals.',
    callbackPath: '/',
    commands: () => 'npm install @auth0/auth0-react',
    files: (facts) => [{ name: 'main.jsx', text: react(facts) }],
  },
  python: {
    name: 'Python',
    kinds: ['regular_web'],
    tried:
      'Authlib 1.9.10 was tried by its client for requests: organizations, invitations, refresh, refusals. Its layer for Flask, which this code uses, was not.',
    callbackPath: '/callback',
    commands: (facts) =>
      `pip install authlib flask requests python-dotenv\nflask --app app run --host localhost --port ${portOf(facts)}`,
    files: (facts) => [
      { name: 'app.py', text: python(facts) },
      { name: '.env', text: 'CLIENT_SECRET=\n# openssl rand -hex 32\nCOOKIE_SECRET=\n' },
    ],
  },
} as const satisfies Readonly<Record<string, Kit>>;

export type KitId = keyof typeof KITS;

export const KIT_IDS = Object.keys(KITS) as readonly KitId[];

/** True for one of {@link KITS}. */
export const isKit = (id: unknown): id is KitId => KIT_IDS.some((known) => known === id);

/** The kit that is right for a kind of application. */
export const kitFor = (kind: string | undefined): KitId => (kind === 'spa' ? 'react' : 'express');
