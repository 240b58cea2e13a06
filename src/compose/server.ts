/**
 * The composition root: only this folder knows both sides of a port. Reads from top to bottom as the server's list of
 * parts. Holds no rule of its own.
 */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { createPasswordConnector } from '../connectors/password.js';
import type { Double } from '../double/double.js';
import type { DoubleFacts } from '../double/facts.js';
import { createBrowserDevices } from '../http/browser/devices.js';
import { createFederatedLogout } from '../http/browser/federated-logout.js';
import { createBrowserSessions } from '../http/browser/sessions.js';
import { createTransactions } from '../http/browser/transactions.js';
import { createUnfinishedWork } from '../http/browser/unfinished.js';
import { startCertificateWatch } from '../http/certificate-watch.js';
import { createListener, type Listener } from '../http/listener.js';
import type { Metrics } from '../http/metrics.js';
import { oauthRoutes } from '../http/oauth/routes.js';
import { createSecretGuesses } from '../http/oauth/secret-guesses.js';
import { createDoorLimits } from '../http/rate-limited.js';
import { scimRoutes } from '../http/scim/routes.js';
import { createHttpServer, createSendPage } from '../http/server.js';
import { type Clock, systemClock } from '../kernel/clock.js';
import { Closers } from '../kernel/closers.js';
import { Fault, StartError } from '../kernel/errors.js';
import { type Entropy, systemEntropy } from '../kernel/ids.js';
import { createBoundedLedger } from '../login/log-allowance.js';
import type { PipelineDeps } from '../login/pipeline.js';
import { ensureSystemRows } from '../management/bootstrap.js';
import { createFirstLink, lacksOwner } from '../management/operators/first.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { KeyRules } from '../ports/key-rules.js';
import type { TextRecords } from '../ports/text-records.js';
import type { TokenIssuer } from '../ports/token-issuer.js';
import { createAccountRecovery } from '../storage/account-recovery.js';
import { createAttemptCounters } from '../storage/attempts.js';
import { createCookieOverflow } from '../storage/cookie-overflow.js';
import { createReadinessCheck } from '../storage/database/health.js';
import { createLedger } from '../storage/database/ledger.js';
import type { createPool } from '../storage/database/pool.js';
import { createDirectory } from '../storage/directory/index.js';
import { startHousekeeping } from '../storage/housekeeping.js';
import { type KeptMail, listKeptMail } from '../storage/jobs/outbox.js';
import { createLoginStore } from '../storage/login-store/index.js';
import { createSigningKeyStore } from '../storage/secrets/signing-key-store.js';
import { createStoredHashes } from '../storage/secrets/stored-hashes.js';
import { createSessionEnder } from '../storage/sessions.js';
import { createTokenStore } from '../storage/token-store.js';
import { createTokenIssuer } from '../tokens/issuer.js';
import { createKeyRules } from '../tokens/key-rules.js';
import { createOpaqueTokens } from '../tokens/opaque.js';
import { openKeyRing } from '../tokens/signing-keys.js';
import { composeActions } from './actions.js';
import { composeConnectors, type WrapOutbound } from './connectors.js';
import { openDatabase } from './database.js';
import { composeDomains } from './domains.js';
import { composeDouble } from './double.js';
import { composeImports } from './imports.js';
import { openLog } from './log.js';
import { composeLogStreams } from './log-streams.js';
import { composeMail } from './mail.js';
import { composeManagement } from './management.js';
import { composeMetrics } from './metrics.js';
import { type Boxes, createBoxes } from './secrets.js';

/** Parts that a test or the demo may replace. */
export interface ServerOptions {
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  readonly logger?: Logger;
  /** Least time until a password is refused, in milliseconds. */
  readonly passwordRefusalFloorMs?: number;
  /** Called with the HTTP application before any route is registered. */
  readonly onApp?: (app: FastifyInstance) => void;
  /** Lets a test imitate Entra and Google, whose addresses are fixed. */
  readonly wrapOutbound?: WrapOutbound;
  /** Makes the server a rehearsal tenant that behaves like Auth0 (docs/auth0-double.md). */
  readonly double?: DoubleFacts | undefined;
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

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly boxes: Boxes;
  readonly pool: ReturnType<typeof createPool>;
  /** Pool that only the readiness check and metrics use. */
  readonly probe: ReturnType<typeof createPool>;
  readonly databaseUrl: string;
  readonly metrics: Metrics | undefined;
  readonly closers: Closers;
  /** The rehearsal tenant's parts; undefined on every other server. */
  readonly double: Double | undefined;
}

/** Builds the pipeline and the parts that its routes share. */
function composeLogin(parts: Parts, { passwordRefusalFloorMs, wrapOutbound }: ServerOptions) {
  const { config, clock, entropy, logger, boxes, pool, metrics, closers, double } = parts;
  const connectors = composeConnectors({ ...parts, wrapOutbound });
  closers.add(() => connectors.close());
  const mail = composeMail(parts);
  closers.add(() => mail.close());
  closers.addEarly(() => mail.worker.stop());
  const floor = passwordRefusalFloorMs === undefined ? {} : { refusalFloorMs: passwordRefusalFloorMs };
  const store = createLoginStore(pool, boxes.rows, connectors.strategies, clock);
  const reads = double?.reads(store.reads) ?? store.reads;
  const commit = double?.commit(store.commit) ?? store.commit;
  const bounded = createBoundedLedger({
    ledger: createLedger(pool),
    clock,
    entropy,
    log: logger,
    linesPerMinute: config.logLinesPerMinute,
    onLeftOut: (code) => metrics?.countLeftOut(code),
  });
  closers.add(() => bounded.close());
  const ledger = double?.ledger(bounded) ?? bounded;
  const opaque = createOpaqueTokens(boxes.tokens, entropy);
  const actions = composeActions(parts);
  closers.add(() => actions.close());
  closers.addEarly(() => actions.jobs.stop());
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
    reads,
    store: metrics?.countAdmitted(commit) ?? commit,
    ledger: metrics?.countRefused(ledger) ?? ledger,
    attempts: createAttemptCounters(pool),
    passwords,
    redirectConnector: connectors.redirectConnector,
    newCode: (userId) => opaque.newCode(userId),
    actions: double?.actions(actions.live) ?? actions.live,
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
  return { ...browser, pipeline, passwords, ender, opaque, ledger, mail, actions, connectors };
}

type LoginParts = ReturnType<typeof composeLogin>;

/** Builds the HTTP application with all its routes. */
async function composeHttp(
  parts: Parts,
  login: LoginParts,
  { issuer, signingKeys }: { readonly issuer: TokenIssuer; readonly signingKeys: KeyRules },
  directory: DirectoryStore,
  listener: Listener,
  textRecords: TextRecords,
  onImport: () => void,
  onApp: ServerOptions['onApp'],
) {
  const { config, clock, entropy, logger, boxes, pool, probe, metrics, double } = parts;
  const { origin } = config;
  const { pipeline, sessions, ender, unfinished, federatedLogout, opaque, ledger, mail, connectors } = login;
  const sendPage = createSendPage(entropy);
  const checkReady = createReadinessCheck(probe);
  const tokens = createTokenStore(pool, boxes.rows);
  const management = composeManagement(parts, login, {
    issuer,
    signingKeys,
    directory,
    textRecords,
    onImport,
    decorate: double?.operations,
  });
  return createHttpServer({
    logger,
    entropy,
    origin,
    listener,
    doors: createDoorLimits(config.rates, clock),
    trustProxy: config.trustProxy,
    onApp: (app) => {
      metrics?.watch(app);
      double?.watch(app);
      onApp?.(app);
    },
    login: {
      origin,
      pipeline,
      transactions: createTransactions({ box: boxes.cookies, clock, entropy, unfinished }),
      sessions,
      devices: createBrowserDevices({ box: boxes.cookies, clock, entropy, origin }),
      attempts: pipeline.attempts,
      outbox: mail.outbox,
      recovery: createAccountRecovery(pool, boxes.rows, mail.wake),
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
      store: double?.tokens(tokens) ?? tokens,
      issuer,
      opaque,
      ledger,
      secretGuesses: createSecretGuesses({ attempts: pipeline.attempts, clock }),
      clock,
      entropy,
      act: pipeline,
      session: {
        find: async (request) => (await sessions.find(request))?.session,
        end: (request, reply) => sessions.end(request, reply),
      },
      federated: federatedLogout,
      sendPage,
    }),
    management: management.routes,
    setup: management.setup,
    console: management.console,
    scim: scimRoutes({ origin, directory, ledger, clock, entropy }),
    checkReady,
  });
}

/** Watches the certificate files, if there are any. Returns the function that checks at once. */
function watchCertificate({ config, logger, closers }: Parts, listener: Listener): () => void {
  if (config.tls === undefined) return () => {};
  const current = config.tls;
  const read = () => config.readTls() ?? current;
  const watch = startCertificateWatch({ read, current, use: (pair) => listener.setCertificate(pair), log: logger });
  closers.add(() => watch.stop());
  return () => watch.look();
}

async function startParts(base: Omit<Parts, 'double'>, options: ServerOptions): Promise<Server> {
  const { config, clock, entropy, boxes, pool, logger, metrics, closers } = base;
  const { origin } = config;
  const ring = await openKeyRing(createSigningKeyStore(pool, boxes.rows), clock, entropy);
  const tokens = {
    issuer: createTokenIssuer({ origin, ring, clock, entropy }),
    signingKeys: createKeyRules({ ring, clock, entropy, origin }),
  };
  const directory = createDirectory(pool, boxes.rows);
  const operators = options.double === undefined ? 'own' : 'none';
  await ensureSystemRows(directory, { origin, clock, entropy }, config.managementClient, operators);
  const parts: Parts = { ...base, double: await composeDouble(options.double, { ...base, directory }) };
  const login = composeLogin(parts, options);
  if (metrics && config.metricsPort !== undefined) {
    await metrics.listen(config.metricsPort);
    closers.add(() => metrics.close());
  }
  const housekeeping = startHousekeeping(pool, config.retention, clock, logger);
  closers.add(() => housekeeping.stop());
  closers.addEarly(() => housekeeping.stop());
  const imports = composeImports(parts, login, directory);
  closers.add(() => imports.stop());
  closers.addEarly(() => imports.stop());
  const { textRecords, watch: domains } = composeDomains(parts, login.mail.wake, directory);
  const streams = composeLogStreams(parts, directory);
  const listener = createListener({ ...config, logger, entropy, clock: systemClock });
  metrics?.watchRequests(() => listener.readFigures());
  const managed = parts.double?.directory ?? directory;
  const app = await composeHttp(parts, login, tokens, managed, listener, textRecords, imports.wake, options.onApp);
  // The listener has its own time limit, which leaves the other parts enough time.
  closers.add(() => listener.stop(app), 1);
  const port = await listener.listen(app, config.port, config.host);
  login.mail.worker.start();
  login.actions.jobs.start();
  imports.start();
  domains.start();
  streams.start();
  return {
    origin,
    port,
    pool,
    firstOperatorLink: (await lacksOwner(directory))
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
    const database = await openDatabase(config, options.double ? 'auth0_double' : 'vestibule', logger);
    closers.add(() => database.close());
    const metrics = composeMetrics(config, database, clock);
    const parts = {
      config,
      clock,
      entropy,
      logger,
      boxes,
      pool: database.pool,
      probe: database.probe,
      databaseUrl: database.url,
      metrics,
      closers,
    };
    return await startParts(parts, options);
  } catch (error) {
    await closers.run(config.shutdown.graceSeconds * 1_000);
    // Reports a fault at the start as an operator's error, like a wrong variable: another secret key, a lost database.
    throw error instanceof Fault ? new StartError(error.message, { cause: error }) : error;
  }
}
