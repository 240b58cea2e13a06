/**
 * passport-auth0, as published, signs people in over https: its domain, id and secret are all that it is told. It asks /userinfo with the
 * token in the query, which no other client here does.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { globalAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { Authenticator } from 'passport';
import { Strategy } from 'passport-auth0';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpBrowser, type Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ https: true });
let server: Server;
let origin: string;

/** Replaces express-session: a place for state and nonce, found by a cookie. */
function rememberSessions() {
  const sessions = new Map<string, object>();
  return (request: Request, response: Response, next: () => void): void => {
    const known = /\bsid=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? randomUUID();
    const session = sessions.get(known) ?? {};
    sessions.set(known, session);
    response.setHeader('set-cookie', `sid=${known}; HttpOnly; SameSite=Lax; Path=/`);
    Object.assign(request, { session });
    next();
  };
}

function createApplication() {
  const passport = new Authenticator();
  passport.use(
    new Strategy(
      {
        domain: new URL(stage.instance.origin).host,
        clientID: stage.cast.client.id,
        clientSecret: stage.cast.client.secret,
        callbackURL: `${origin}/callback`,
      },
      (accessToken, _refreshToken, extra, profile, done) => done(null, { accessToken, extra, profile }),
    ),
  );
  const app = express();
  app.use(rememberSessions());
  app.use(passport.initialize());
  app.get('/login', (request, response, next) =>
    passport.authenticate('auth0', { scope: 'openid email profile', ...request.query })(request, response, next),
  );
  app.get('/callback', (request, response, next) =>
    passport.authenticate('auth0', {}, (error, user, info) => {
      const body = user || { error: String(error ?? ''), info };
      response
        .status(error || !user ? 401 : 200)
        .type('json')
        .send(JSON.stringify(body));
    })(request, response, next),
  );
  return app;
}

let before: typeof globalAgent.options.ca;
beforeAll(async () => {
  before = globalAgent.options.ca;
  // The package asks with Node's own agent, as it would with NODE_EXTRA_CA_CERTS set.
  globalAgent.options.ca = readFileSync(stage.authority, 'utf8');
  server = createServer((request, response) => createApplicationOnce()(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, { callbacks: [`${origin}/callback`] });
});
afterAll(async () => {
  globalAgent.options.ca = before;
  await new Promise((resolve) => server.close(resolve));
});

let application: ReturnType<typeof createApplication> | undefined;
const createApplicationOnce = () => {
  application ??= createApplication();
  return application;
};

/** Redirects end nowhere but at pages: the application is a real one here. */
const newBrowser = () => new HttpBrowser('about:nowhere');

function readAnswer(visit: Visit, status = 200): Json {
  expect(visit.status, `${visit.url.href}: ${wordsOf(visit).slice(0, 500)}`).toBe(status);
  return JSON.parse(visit.text) as Json;
}

async function signIn(login: string, email: string): Promise<Visit> {
  const browser = newBrowser();
  const page = await browser.visit(`${origin}/login?organization=${stage.cast.acme.id}`);
  const idp = await browser.submit(page, { username: email, action: 'default' });
  return browser.submit(idp, { login });
}

test('a member is signed in: the profile is that of /userinfo, asked with the token in the query', async () => {
  const dana = await stage.cast.createMember('dana@acme.example');
  const me = readAnswer(await signIn('dana', 'dana@acme.example'));
  expect(me.profile).toMatchObject({
    id: dana,
    user_id: dana,
    emails: [{ value: 'dana@acme.example' }],
    _json: { sub: dana, email: 'dana@acme.example', email_verified: true },
  });
  expect(me.extra).toMatchObject({ id_token: expect.any(String), token_type: 'Bearer' });
});

test('a stranger is refused at the callback', async () => {
  const answer = readAnswer(await signIn('sam', 'sam@acme.example'), 401);
  expect(answer.info).toBe('access_denied');
});
