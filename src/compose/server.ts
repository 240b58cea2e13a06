/**
 * The composition root: builds the edges of a server over its parts (parts.ts), and starts them. Only this folder knows
 * both sides of a port. Reads from top to bottom as the list of the edges. Holds no rule of its own.
 */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { createFactorChecks } from '../connectors/factors/checks.js';
import { createPasswordConnector } from '../connectors/password.js';
import type { OrganizationMfa } from '../domain/factors/factor.js';
import { createBrowserDevices } from '../http/browser/devices.js';
import { createFederatedLogout } from '../http/browser/federated-logout.js';
import { createRememberedInvitations } from '../http/browser/opened-invitation.js';
import { createRefusedLogins } from '../http/browser/refused-logins.js';
import { createBrowserSessions } from '../http/browser/session-cookie.js';
import { createTransactions } from '../http/browser/transactions.js';
import { createUnfinishedWork } from '../http/browser/unfinished.js';
import { createListener, type Listener } from '../http/listener.js';
import { meRoutes } from '../http/me/routes.js';
import { oauthRoutes } from '../http/oauth/routes.js';
import { createSecretGuesses } from '../http/oauth/secret-guesses.js';
import { createDoorLimits } from '../http/rate-limited.js';
import { scimRoutes } from '../http/scim/routes.js';
import { createHttpServer, createSendPage } from '../http/server.js';
import { type Clock, systemClock } from '../kernel/clock.js';
import { Closers } from '../kernel/closers.js';
import { Fault, StartError } from '../kernel/errors.js';
import { type Entropy, systemEntropy } from '../kernel/ids.js';
import { readVersion } from '../kernel/package-files.js';
import type { PipelineDeps } from '../login/pipeline.js';
import { createFirstLink, lacksOwner } from '../management/operators/first.js';
import type { KeyRules } from '../ports/key-rules.js';
import type { TextRecords } from '../ports/text-records.js';
import type { TokenIssuer } from '../ports/token-issuer.js';
import { createAccountRecovery } from '../storage/account-recovery.js';
import { createAttemptCounters } from '../storage/attempts.js';
import { createCookieOverflow } from '../storage/cookie-overflow.js';
import { createReadinessCheck } from '../storage/database/health.js';
import type { createPool } from '../storage/database/pool.js';
import { startHousekeeping } from '../storage/housekeeping.js';
import { type KeptMail, listKeptMail } from '../storage/jobs/outbox.js';
import { createOpenedInvitations } from '../storage/opened-invitations.js';
import { createSigningKeyStore } from '../storage/secrets/signing-key-store.js';
import { createStoredHashes } from '../storage/secrets/stored-hashes.js';
import { createSessionEnder } from '../storage/sessions.js';
import { createLoadReaders } from '../storage/shares.js';
import { createFactorStore } from '../storage/tokens/factors.js';
import { createTokenIssuer } from '../tokens/issuer.js';
import { createKeyRules } from '../tokens/key-rules.js';
import { createOpaqueTokens } from '../tokens/opaque.js';
import { openKeyRing } from '../tokens/signing-keys.js';
import { watchCertificate } from './certificate.js';
import type { WrapOutbound } from './connectors.js';
import { openDatabase } from './database.js';
import { composeDomains } from './domains.js';
import { composeImports } from './imports.js';
import { openLog } from './log.js';
import { composeLogStreams } from './log-streams.js';
import { composeLogoutNotices } from './logout-notices.js';
import { composeManagement } from './management.js';
import { type BaseParts, composeParts, type Decorator, type Parts } from './parts.js';
import { createBoxes } from './secrets.js';

/** Parts that a test or the demo may replace. */
export interface ServerOptions {
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  readonly logger?: Logger;
  /** Minimum time until a password is refused, in milliseconds. */
  readonly passwordRefusalFloorMs?: number;
  /** Called with the HTTP application before any route is registered. */
  readonly onApp?: (app: FastifyInstance) => void;
  /** Lets a test imitate Entra and Google, whose addresses are fixed. */
  readonly wrapOutbound?: WrapOutbound;
  /** Whether the operators of a new server need a second factor; by default they do. */
  readonly operatorMfa?: OrganizationMfa;
  /** Makes another kind of server of the product's parts. */
  readonly decorator?: Decorator | undefined;
  /** The metrics are collected by the primary process instead of being served at a port of this one. */
  readonly metricsOfWorker?: boolean;
  /** Ends the wait for a database that is away; the start then rejects with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

export interface Server {
  readonly origin: string;
  /** Port on which it listens (differs from the configured one when that is 0). */
  readonly port: number;
  readonly pool: ReturnType<typeof createPool>;
  /** Link that makes the person who opens it the owner of the tenant; undefined if there is an owner. Secret. */
  readonly firstOperatorLink: string | undefined;
  /** Lists queued mail when no SMTP server is configured, for the demo's mailbox. */
  listKeptMail(): Promise<readonly KeptMail[]>;
  /** Reads the certificate files again, and logs the result. */
  reload(): void;
  /** Stops accepting requests, finishes those in progress, closes the database. */
  close(): Promise<void>;
}

/** Builds the pipeline and the parts that its routes share. */
function composeLogin(parts: Parts, { passwordRefusalFloorMs }: ServerOptions) {
  const { config, clock, entropy, logger, boxes, pool, metrics, connectors, actions, reads, commit, ledger } = parts;
  const floor = passwordRefusalFloorMs === undefined ? {} : { refusalFloorMs: passwordRefusalFloorMs };
  const opaque = createOpaqueTokens(boxes.tokens, entropy);
  const passwords = createPasswordConnector({
    entropy,
    clock,
    ...floor,
    storedHashes: createStoredHashes(pool, clock),
    log: (fields, message) => logger.warn(fields, message),
  });
  const pipeline: PipelineDeps = {
    clock,
    entropy,
    origin: config.origin,
    ticketBox: boxes.tickets,
    reads,
    store: metrics?.countAdmitted(commit) ?? commit,
    ledger: metrics?.countRefused(ledger) ?? ledger,
    attempts: createAttemptCounters(pool),
    passwords,
    factorChecks: createFactorChecks({
      party: { id: new URL(config.origin).hostname, origin: config.origin },
      entropy,
    }),
    redirectConnector: connectors.redirectConnector,
    newCode: (userId) => opaque.newCode(userId),
    actions: actions.live,
  };
  const ender = createSessionEnder(pool);
  const sessions = createBrowserSessions({
    box: boxes.cookies,
    clock,
    origin: config.origin,
    reads,
    ender,
  });
  const overflow = createCookieOverflow(pool, boxes.rows);
  const unfinished = createUnfinishedWork({ box: boxes.cookies, clock, entropy, origin: config.origin, overflow });
  const federatedLogout = createFederatedLogout({ partners: connectors.logoutPartners, clock, unfinished });
  const browser = { sessions, unfinished, federatedLogout };
  return { ...browser, pipeline, passwords, ender, opaque };
}

type LoginParts = ReturnType<typeof composeLogin>;

/** Builds what the token endpoint needs for second factors. */
function composeFactors({ pool, boxes, mail }: Parts, { attempts, reads, factorChecks }: PipelineDeps) {
  const factors = createFactorStore(pool, boxes.rows, mail.wake);
  return {
    attempts,
    reads,
    factorChecks,
    factors,
    factorBox: boxes.factors,
    ticketBox: boxes.tickets,
    outbox: mail.outbox,
  };
}

/** Builds the page of the account and the My Account API, which make the same changes. */
function composeOwn(
  { config, directory, clock, entropy, boxes, mail }: Parts,
  { factorChecks, passwords, reads, attempts }: PipelineDeps,
  verifier: TokenIssuer,
) {
  const { origin } = config;
  const onMailQueued = mail.wake;
  const checks = { factorChecks, passwords, reads, attempts, ticketBox: boxes.tickets };
  const codeMail = { attempts, reads, outbox: mail.outbox };
  const own = { origin, directory, clock, entropy, ...checks, codeMail, onMailQueued };
  return { account: { own }, me: meRoutes({ own, verifier }) };
}

/** Builds the HTTP application with all its routes. */
async function composeHttp(
  parts: Parts,
  login: LoginParts,
  { issuer, signingKeys }: { readonly issuer: TokenIssuer; readonly signingKeys: KeyRules },
  listener: Listener,
  textRecords: TextRecords,
  onImport: () => void,
  onApp: ServerOptions['onApp'],
) {
  const { config, clock, entropy, logger, boxes, pool, connectors, directory, ledger, mail, tokens } = parts;
  const { origin } = config;
  const { pipeline, sessions, ender, unfinished, federatedLogout, opaque } = login;
  const sendPage = createSendPage(entropy);
  const refused = createRefusedLogins({ clock, unfinished });
  const remembered = createRememberedInvitations({ clock, unfinished });
  return createHttpServer({
    logger,
    entropy,
    origin,
    listener,
    doors: createDoorLimits(config.rates, clock),
    trustProxy: config.trustProxy,
    onApp: (app) => {
      parts.watch(app);
      onApp?.(app);
    },
    login: {
      origin,
      pipeline,
      transactions: createTransactions({ box: boxes.cookies, clock, entropy, unfinished }),
      refused,
      remembered,
      openedInvitations: createOpenedInvitations(pool),
      sessions,
      devices: createBrowserDevices({ box: boxes.cookies, clock, entropy, origin }),
      attempts: pipeline.attempts,
      outbox: mail.outbox,
      recovery: createAccountRecovery(pool, boxes.rows, mail.wake),
      accounts: directory,
      findHintedUser: async (token) => (await issuer.verifyIdTokenHint(token))?.userId,
      ticketBox: boxes.tickets,
      transactionOf: connectors.transactionOf,
      findServiceProvider: connectors.findServiceProvider,
      findPublishedKeys: connectors.findPublishedKeys,
      logoutPartners: connectors.logoutPartners,
      federatedLogout,
      sessionEnder: ender,
      // Uses the limit for log lines, because each answer of a provider that is counted here writes one.
      answersPerMinute: config.logLinesPerMinute,
    },
    oauth: oauthRoutes({
      origin,
      store: tokens,
      issuer,
      opaque,
      ledger,
      environmentClientId: config.managementClient?.id,
      secretGuesses: createSecretGuesses({ attempts: pipeline.attempts, clock }),
      ...composeFactors(parts, pipeline),
      clock,
      entropy,
      act: pipeline,
      session: {
        find: async (request) => (await sessions.find(request))?.session,
        end: (request, reply) => sessions.end(request, reply),
      },
      refused,
      remembered,
      federated: federatedLogout,
      sendPage,
    }),
    ...composeOwn(parts, pipeline, issuer),
    ...composeManagement(parts, login, { issuer, signingKeys, textRecords, onImport }),
    scim: scimRoutes({ origin, directory, ledger, clock, entropy }),
    checkReady: parts.checkReady,
  });
}

async function startParts(base: BaseParts, options: ServerOptions): Promise<Server> {
  const { config, clock, entropy, boxes, pool, logger, metrics, closers } = base;
  const { origin } = config;
  const { operatorMfa = 'required' } = options;
  const ring = await openKeyRing(createSigningKeyStore(pool, boxes.rows), clock, entropy);
  const tokens = {
    issuer: createTokenIssuer({ origin, ring, box: boxes.accessTokens, clock, entropy }),
    signingKeys: createKeyRules({ ring, clock, entropy, origin }),
  };
  const own = composeParts(base, options.wrapOutbound);
  const parts = (await options.decorator?.decorate(own)) ?? own;
  await parts.ensureRows(own.directory, { origin, clock, entropy, operatorMfa }, config.managementClient);
  const login = composeLogin(parts, options);
  if (metrics && config.metricsPort !== undefined) {
    await (options.metricsOfWorker ? metrics.answerPrimary() : metrics.listen(config.metricsPort));
    closers.add(() => metrics.close());
  }
  const housekeeping = startHousekeeping(pool, config.retention, clock, logger);
  closers.add(() => housekeeping.stop());
  closers.addEarly(() => housekeeping.stop());
  const imports = composeImports(own, login.passwords);
  closers.add(() => imports.stop());
  closers.addEarly(() => imports.stop());
  const { textRecords, watch: domains } = composeDomains(own);
  const streams = composeLogStreams(own);
  const logouts = composeLogoutNotices(own, tokens.issuer, options.wrapOutbound);
  const listener = createListener({ ...config, logger, entropy, clock: systemClock, ...createLoadReaders(pool) });
  metrics?.watchRequests(() => listener.readFigures());
  const app = await composeHttp(parts, login, tokens, listener, textRecords, imports.wake, options.onApp);
  // The listener has its own time limit, which leaves the other parts enough time.
  closers.add(() => listener.stop(app), 1);
  const port = await listener.listen(app, config.port, config.host);
  own.mail.worker.start();
  own.actions.jobs.start();
  imports.start();
  domains.start();
  streams.start();
  logouts.start();
  return {
    origin,
    port,
    pool,
    firstOperatorLink: (await lacksOwner(own.directory))
      ? createFirstLink({ origin, ticketBox: boxes.tickets, clock })
      : undefined,
    reload: watchCertificate(parts, listener),
    listKeptMail: () => listKeptMail(pool, boxes.rows),
    close: () => closers.run(config.shutdown.graceSeconds * 1_000),
  };
}

/**
 * Starts everything; on a failure, stops the started parts again. Throws {@link StartError} for errors that the
 * operator can fix.
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const { clock = systemClock, entropy = systemEntropy, logger = openLog(config) } = options;
  const closers = new Closers(logger);
  try {
    const boxes = createBoxes(config, entropy);
    const kind = options.decorator?.kind ?? 'vestibule';
    // A worker that waits for its database leaves the port of the metrics to the primary.
    const own = options.metricsOfWorker ? { ...config, metricsPort: undefined } : config;
    const database = await openDatabase(own, kind, logger, options.signal);
    closers.add(() => database.close());
    const checkReady = createReadinessCheck(database.probe);
    const metrics =
      config.metricsPort === undefined
        ? undefined
        : (await import('./metrics.js')).composeMetrics(config, { ...database, checkReady }, clock);
    const tracing = config.tracing.isOn ? (await import('./tracing.js')).startTracing(readVersion()) : undefined;
    closers.add(async () => tracing?.stop());
    const parts = {
      config,
      clock,
      entropy,
      logger,
      boxes,
      pool: database.pool,
      probe: database.probe,
      checkReady,
      databaseUrl: database.url,
      metrics,
      tracing,
      closers,
    };
    return await startParts(parts, options);
  } catch (error) {
    await closers.run(config.shutdown.graceSeconds * 1_000);
    // Reports a fault at the start as an operator's error, like a wrong variable: another secret key, a lost database.
    throw error instanceof Fault ? new StartError(error.message, { cause: error }) : error;
  }
}
