/**
 * The HTTP server: one Fastify application with the login pages, the OAuth endpoints, the Management API and SCIM as
 * separate scopes. Each scope has its own body parsers and error answers. Logs one line per request, never the query,
 * which may hold codes, tickets and addresses.
 */
import type { RequestListener } from 'node:http';
import formbody from '@fastify/formbody';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { brandOf } from '../domain/look/brand.js';
import { Fault } from '../kernel/errors.js';
import { type Entropy, newReference } from '../kernel/ids.js';
import { MANAGEMENT_SERVER_OPTIONS } from '../management/api/plugin.js';
import type { AccountDeps } from './account/deps.js';
import { registerAccount } from './account/routes.js';
import { registerEnrollTicket } from './account/ticket.js';
import { preferLanguage } from './browser/language.js';
import { type ConsoleDeps, registerConsole } from './console.js';
import { registerConsoleFiles } from './console-files.js';
import { findHelp, registerConsoleHelp } from './console-help.js';
import { databaseRoutes } from './dbconnections/routes.js';
import { MalformedForm, parseForm, queryOf } from './form.js';
import { registerFront } from './front.js';
import type { Listener } from './listener.js';
import type { LoginRoutesDeps } from './login/deps.js';
import { LOGIN_ROUTES } from './login/routes.js';
import { isForProgram, sendJsonError, sendNowhere } from './nowhere.js';
import type { SendPage } from './oauth/authorization-answer.js';
import { customize } from './pages/custom-words.js';
import type { Page } from './pages/models.js';
import { chooseSpeech, ENGLISH, type Said, type Speech } from './pages/speech.js';
import { headersFor } from './pages/views/headers.js';
import { renderPage } from './pages/views/render.js';
import { createProxyWarning } from './proxy-warning.js';
import { type DoorLimits, limitDoors } from './rate-limited.js';
import { registerSeen } from './seen.js';
import type { SetupDeps } from './setup/deps.js';
import { registerSetup } from './setup/routes.js';

/** Maximum number of bytes of a posted form. */
const FORM_LIMIT = 65_536;

export interface HttpServerOptions {
  readonly doors: DoorLimits;
  readonly logger: FastifyBaseLogger;
  readonly entropy: Entropy;
  readonly origin: string;
  readonly listener: Listener;
  readonly trustProxy: readonly string[];
  readonly login: Omit<LoginRoutesDeps, 'sendPage' | 'setup'>;
  readonly account: Pick<AccountDeps, 'own'>;
  readonly setup: Omit<SetupDeps, 'sendPage'>;
  readonly console: Omit<ConsoleDeps, 'sendPage'>;
  readonly oauth: FastifyPluginAsync;
  readonly management: FastifyPluginAsync;
  readonly me: FastifyPluginAsync;
  readonly myOrganization: FastifyPluginAsync;
  readonly scim: FastifyPluginAsync;
  /**
   * Checks whether the server can serve requests. Returns a note for the operator with `true`, or the reason with
   * `false`.
   */
  readonly checkReady: () => Promise<
    { readonly ready: true; readonly note?: string } | { readonly ready: false; readonly reason: string }
  >;
  /** Called with the application before any route is registered. */
  readonly onApp?: (app: FastifyInstance) => void;
}

/**
 * Returns the `Vary` header with `Accept-Language` added, because a page depends on the reader's language. Keeps the
 * names that the header already has.
 */
function addVary(reply: FastifyReply): string {
  const before = reply.getHeader('vary');
  return [...(before === undefined ? [] : [before].flat().map(String)), 'accept-language'].join(', ');
}

function send(entropy: Entropy, reply: FastifyReply, page: Page, speech: Speech, status: number): FastifyReply {
  const nonce = entropy.bytes(16).toString('base64url');
  const headers = { ...headersFor(page, nonce), 'content-language': speech.language, vary: addVary(reply) };
  return reply.code(status).headers(headers).send(renderPage(page, { nonce, speech }));
}

/** Creates the function that sends set-up pages, which are in English. */
function createSendSetupPage(entropy: Entropy): SetupDeps['sendPage'] {
  return (reply, page, status = 200) => send(entropy, reply, page, ENGLISH, status);
}

/**
 * Creates the function that sends pages. Each page gets a new nonce and its headers; its language depends on `place`
 * and on the browser.
 */
export function createSendPage(entropy: Entropy): SendPage {
  return (reply, page, place, status = 200) =>
    send(
      entropy,
      reply,
      page,
      customize(chooseSpeech(place, reply.request.headers['accept-language']), page, place),
      status,
    );
}

/**
 * True unless the request is a form that another site posts to this server's own pages. Attack: login CSRF. Browsers
 * send Origin with every cross-site POST; cookies are SameSite=Lax as a further defence. /login/callback is not checked
 * here, because identity providers post to it and it checks its own `state`. Compares the matched route: the router
 * decodes `/%75/…`, and a comparison of the path as sent would miss it.
 */
function checkFormOrigin(request: FastifyRequest, origin: string): boolean {
  const sent = request.headers.origin;
  return (
    request.method !== 'POST' ||
    !OWN_FORMS.some((start) => request.routeOptions.url?.startsWith(start)) ||
    sent === undefined ||
    sent === origin
  );
}

/** Paths to which only this server's own pages post. */
const OWN_FORMS = ['/u/', '/account', '/self-service/', '/console/'];

interface ErrorPages {
  readonly origin: string;
  readonly sendPage: SendPage;
}

function sendErrorPage(
  reply: FastifyReply,
  { origin, sendPage }: ErrorPages,
  status: number,
  words: { title: Said; sentence: Said; advice: Said; reference: string; technical?: string },
): FastifyReply {
  return sendPage(
    reply,
    { page: 'error', brand: brandOf({}, origin), technical: undefined, ...words, links: [] },
    {},
    status,
  );
}

/** Describes a malformed request for the developer of the page or application that sent it. Names no value. */
function whatIsWrong(error: FastifyError): { technical?: string } {
  if (error instanceof MalformedForm) return { technical: `invalid_request: ${error.message}` };
  return error.statusCode === 413 ? { technical: `invalid_request: a form has at most ${FORM_LIMIT} bytes` } : {};
}

function answerPageError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  options: HttpServerOptions,
  sendPage: SendPage,
): FastifyReply {
  const reference = newReference(options.entropy);
  const status =
    error.statusCode !== undefined && error.statusCode < 500
      ? error.statusCode
      : error instanceof Fault && error.retryable
        ? 503
        : 500;
  if (status >= 500) request.log.error({ err: error, reference }, 'a page could not be answered');
  // The framework's message repeats an unreadable address, and the part after the `?` may hold a token.
  else
    request.log.info({ reference, reason: error.message.split('?', 1)[0] }, 'a request for a page was not understood');
  if (status < 500 && request.is404 && isForProgram(request))
    return sendJsonError(request, reply, {
      status,
      error: 'invalid_request',
      description: 'The request cannot be read.',
      reference,
    });
  if (status < 500) {
    return sendErrorPage(reply, { origin: options.origin, sendPage }, status, {
      title: ({ failures }) => failures.unreadable,
      sentence: ({ failures }) => failures.unreadableSentence,
      advice: ({ failures }) => failures.startAgain,
      reference,
      ...whatIsWrong(error),
    });
  }
  // The page does not say "nothing was changed": if the database's answer to the commit was lost, the login may have
  // succeeded.
  return sendErrorPage(reply, { origin: options.origin, sendPage }, status, {
    title: ({ failures }) => failures.broken,
    sentence: ({ failures }) => failures.brokenSentence,
    advice: ({ failures }) => failures.brokenAdvice,
    reference,
  });
}

function sendTooMany(
  request: FastifyRequest,
  reply: FastifyReply,
  options: HttpServerOptions,
  sendPage: SendPage,
): FastifyReply {
  const reference = newReference(options.entropy);
  request.log.info({ reference }, 'a sign-in was not begun: too many from this network');
  return sendErrorPage(reply, { origin: options.origin, sendPage }, 429, {
    title: 'Too many sign-ins at once',
    sentence: 'Many sign-ins began from your network in a short time, so we did not begin this one.',
    advice: 'Wait a moment and start again from the application.',
    reference,
  });
}

function loginRoutes(options: HttpServerOptions, sendPage: SendPage): FastifyPluginAsync {
  const setup: SetupDeps = { ...options.setup, sendPage: createSendSetupPage(options.entropy) };
  const deps: LoginRoutesDeps = { ...options.login, setup, sendPage };
  return async (app) => {
    // Parses only forms, which this server's pages and identity providers post: no JSON, no plain text.
    app.removeAllContentTypeParsers();
    await app.register(formbody, {
      bodyLimit: FORM_LIMIT,
      parser: (text) => parseForm(text) as Record<string, unknown>,
    });
    // Replaces the framework's parser, which accepts bytes that are not UTF-8 as text.
    app.addHook('onRequest', async (request) => {
      request.query = parseForm(queryOf(request.url));
    });
    // Before any page and mail, which read their language from this header.
    app.addHook('onRequest', async (request) => preferLanguage(request, deps.devices.find(request)?.language));
    app.setErrorHandler((error: FastifyError, request, reply) =>
      answerPageError(error, request, reply, options, sendPage),
    );
    app.addHook('onRequest', async (request, reply) => {
      if (checkFormOrigin(request, options.origin)) return;
      const reference = newReference(options.entropy);
      request.log.warn({ reference, from: request.headers.origin }, 'refused a form that another site posted');
      await sendErrorPage(reply, { origin: options.origin, sendPage }, 403, {
        title: ({ failures }) => failures.foreignForm,
        sentence: ({ failures }) => failures.foreignFormSentence,
        advice: ({ failures }) => failures.startAgain,
        reference,
      });
    });
    for (const register of LOGIN_ROUTES) register(app, deps);
    registerAccount(app, { ...deps, ...options.account });
    registerEnrollTicket(app, { ...deps, ...options.account });
    registerSetup(app, setup);
    registerConsole(app, { ...options.console, sendPage });
  };
}

function registerHealth(app: FastifyInstance, options: HttpServerOptions): void {
  app.get('/health/live', async (_request, reply) => reply.send({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const found = await options.checkReady();
    // Checked last, because the shutdown may have begun meanwhile.
    const { ready, ...said } = options.listener.isStopping()
      ? { ready: false, reason: 'the server is stopping' }
      : found;
    return ready ? reply.send({ status: 'ready', ...said }) : reply.code(503).send({ status: 'not ready', ...said });
  });
}

/** Builds the application; the caller makes it listen and closes it. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const sendPage = createSendPage(options.entropy);
  const app: FastifyInstance = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy.length > 0 ? [...options.trustProxy] : false,
    bodyLimit: FORM_LIMIT,
    routerOptions: MANAGEMENT_SERVER_OPTIONS.routerOptions,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      // The path is not a valid URL, so no scope handles it.
      if (request.url.startsWith('/api/v2')) MANAGEMENT_SERVER_OPTIONS.frameworkErrors(error, request, reply);
      else answerPageError(error, request, reply, options, sendPage);
    },
    serverFactory: (onRequest: RequestListener) => options.listener.createServer(onRequest),
    // The listener handles these errors, for all of its servers.
    clientErrorHandler: () => {},
    // Without this, the framework would answer with JSON during the shutdown, even to people.
    return503OnClosing: false,
  } as object);
  const warnOfProxy = createProxyWarning(options.trustProxy, options.logger);
  app.addHook('onRequest', async (request) => warnOfProxy(request));
  app.addHook('onSend', async (_request, reply) => {
    // Tells the client that this connection will be closed. Otherwise its next request would find the connection
    // closed.
    if (options.listener.isStopping()) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0];
    request.log.info(
      { method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
      'request',
    );
  });
  // Answers errors that the handlers of the scopes do not answer. The text of such an error is for the log alone.
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // A body that cannot be read, sent to a path that no route handles.
    if (error.statusCode !== undefined && error.statusCode < 500)
      return answerPageError(error, request, reply, options, sendPage);
    request.log.error({ err: error }, 'an error could not be answered');
    return reply.code(500).send({ statusCode: 500, error: 'Internal Server Error' });
  });
  app.setNotFoundHandler((request, reply) => {
    const reference = newReference(options.entropy);
    request.log.info({ reference }, 'an address that leads nowhere');
    if (isForProgram(request)) return sendNowhere(request, reply, reference);
    return sendErrorPage(reply, { origin: options.origin, sendPage }, 404, {
      title: ({ failures }) => failures.nothingHere,
      sentence: ({ failures }) => failures.nothingHereSentence,
      advice: ({ failures }) => failures.startAgain,
      reference,
    });
  });
  options.onApp?.(app);
  limitDoors(app, options.doors, (request, reply) => sendTooMany(request, reply, options, sendPage));
  registerHealth(app, options);
  registerSeen(app, { ...options, box: options.login.ticketBox, clock: options.login.pipeline.clock });
  const { lacksOwner } = options.console;
  registerFront(app, { origin: options.origin, lacksOwner, sendPage });
  await registerConsoleFiles(app, { ...options.console, entropy: options.entropy });
  await registerConsoleHelp(app, findHelp());
  await app.register(loginRoutes(options, sendPage));
  await app.register(databaseRoutes(options.login));
  await app.register(options.oauth);
  await app.register(options.management, { prefix: '/api/v2' });
  await app.register(options.me, { prefix: '/me/v1' });
  // Auth0's document names both; its SDK and components use the first.
  await app.register(options.myOrganization, { prefix: '/my-org' });
  await app.register(options.myOrganization, { prefix: '/my-org/v1' });
  await app.register(options.scim, { prefix: '/scim/v2' });
  return app;
}
