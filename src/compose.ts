/**
 * The composition root: the only file that knows both sides of a port. Reads top to bottom as the parts list of the server. Holds no
 * rule of its own.
 */
import type { AddressInfo } from 'node:net';
import { type Logger, pino } from 'pino';
import type { Config } from './config.js';
import { createOidcConnector } from './connectors/oidc/connector.js';
import { createOutboundFetch } from './connectors/outbound/fetch.js';
import { createPasswordConnector } from './connectors/password.js';
import { createBrowserSessions } from './http/browser/sessions.js';
import { createTransactions } from './http/browser/transactions.js';
import { ensureSystemRows, managementAudience } from './http/management/bootstrap.js';
import { managementRoutes } from './http/management/plugin.js';
import { oauthRoutes } from './http/oauth/routes.js';
import { createHttpServer, createSendPage } from './http/server.js';
import { type Clock, systemClock } from './kernel/clock.js';
import { type Entropy, systemEntropy } from './kernel/ids.js';
import { createSecretBox, type SecretBox } from './kernel/seal.js';
import { explain } from './login/explain.js';
import type { PipelineDeps } from './login/pipeline.js';
import { createSmtpSender } from './mail/smtp.js';
import { createAccountRecovery } from './storage/account-recovery.js';
import { createAttemptCounters } from './storage/attempts.js';
import { startBundledPostgres } from './storage/bundled/start.js';
import { createDirectory } from './storage/directory/index.js';
import { createReadinessCheck } from './storage/health.js';
import { startHousekeeping } from './storage/housekeeping.js';
import { createLedger } from './storage/ledger.js';
import { createLoginStore } from './storage/login-store/index.js';
import { migrate } from './storage/migrate.js';
import { createOutbox, type KeptMail, listKeptMail } from './storage/outbox.js';
import { createOutboxWorker, type OutboxWorker } from './storage/outbox-worker.js';
import { createPool } from './storage/pool.js';
import { getSecretKey } from './storage/secret-key.js';
import { createSessionEnder } from './storage/sessions.js';
import { createSigningKeyStore } from './storage/signing-key-store.js';
import { createTokenStore } from './storage/token-store.js';
import { createTokenIssuer } from './tokens/issuer.js';
import { createOpaqueTokens } from './tokens/opaque.js';
import { openKeyRing } from './tokens/signing-keys.js';

/** What an IdP may take: a tenth of a second is usual, five seconds is down. */
const OUTBOUND_LIMITS = { maxBytes: 1_048_576, timeoutMs: 5_000 };

/** What a test or the demo may put in the place of the system's own. */
export interface ServerOptions {
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  readonly logger?: Logger;
  /** A "no" to a password is given no sooner than this, in milliseconds. */
  readonly passwordRefusalFloorMs?: number;
}

export interface Server {
  /** Public origin. */
  readonly origin: string;
  /** Port it listens on (differs from the configured one when that is 0). */
  readonly port: number;
  readonly pool: ReturnType<typeof createPool>;
  /** Mail that waits, when no SMTP server is configured: for the demo's mailbox. */
  listKeptMail(): Promise<readonly KeptMail[]>;
  /** Stops taking requests, finishes those under way, closes the database. */
  close(): Promise<void>;
}

interface Boxes {
  readonly rows: SecretBox;
  readonly cookies: SecretBox;
  readonly tokens: SecretBox;
  readonly tickets: SecretBox;
}

function createBoxes(config: Config, entropy: Entropy): Boxes {
  const key = config.secretKey ?? getSecretKey(config.dataDir, entropy);
  const box = (purpose: string) => createSecretBox(key, purpose, entropy);
  return { rows: box('rows'), cookies: box('cookies'), tokens: box('tokens'), tickets: box('tickets') };
}

async function openDatabase(config: Config, log: Logger) {
  const bundled =
    config.databaseUrl === undefined ? await startBundledPostgres({ dataDir: config.dataDir, log }) : undefined;
  const pool = createPool({ url: config.databaseUrl ?? bundled?.url ?? '', log, maxConnections: 16 });
  const close = async () => {
    await pool.end();
    await bundled?.stop();
  };
  try {
    await migrate(pool, { log });
  } catch (error) {
    await close();
    throw error;
  }
  return { pool, close };
}

function createMail(config: Config, pool: ReturnType<typeof createPool>, box: SecretBox, clock: Clock, log: Logger) {
  const sender =
    config.smtpUrl === undefined ? undefined : createSmtpSender({ smtpUrl: config.smtpUrl, from: config.mailFrom });
  const worker: OutboxWorker | undefined =
    sender && createOutboxWorker({ pool, box, send: (mail) => sender.send(mail), clock, log });
  const close = async () => {
    await worker?.stop();
    sender?.close();
  };
  return { outbox: createOutbox(pool, box, () => worker?.wake()), worker, close };
}

/** Starts everything. Throws {@link StartError} for what its operator can mend. */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const { clock = systemClock, entropy = systemEntropy, logger = pino({ level: config.logLevel }) } = options;
  const { origin } = config;
  const boxes = createBoxes(config, entropy);
  const database = await openDatabase(config, logger);
  const { pool } = database;

  const ring = await openKeyRing(createSigningKeyStore(pool, boxes.rows), clock, entropy);
  const issuer = createTokenIssuer({ origin, ring, clock, entropy });
  const opaque = createOpaqueTokens(boxes.tokens, entropy);
  const directory = createDirectory(pool, boxes.rows);
  await ensureSystemRows(directory, { origin, clock, entropy }, config.managementClient);

  const fetch = createOutboundFetch({ allow: config.outboundAllow, ...OUTBOUND_LIMITS });
  const oidc = createOidcConnector({ fetch, clock });
  const floor = options.passwordRefusalFloorMs;
  const passwords = createPasswordConnector({ entropy, clock, ...(floor !== undefined && { refusalFloorMs: floor }) });
  const store = createLoginStore(pool, boxes.rows);
  const attempts = createAttemptCounters(pool);
  const ledger = createLedger(pool);
  const mail = createMail(config, pool, boxes.rows, clock, logger);

  const pipeline: PipelineDeps = {
    clock,
    entropy,
    reads: store.reads,
    store: store.commit,
    ledger,
    attempts,
    passwords,
    redirectConnector: (strategy) => (strategy === 'oidc' || strategy === 'okta' ? oidc : undefined),
    newCode: (userId) => opaque.newCode(userId),
  };
  const sessions = createBrowserSessions({
    box: boxes.cookies,
    clock,
    origin,
    reads: store.reads,
    ender: createSessionEnder(pool),
  });
  const sendPage = createSendPage(entropy);
  const audience = managementAudience(origin);
  const checkReady = createReadinessCheck(pool);

  const app = await createHttpServer({
    logger,
    entropy,
    origin,
    tls: config.tls,
    trustProxy: config.trustProxy,
    login: {
      origin,
      pipeline,
      transactions: createTransactions({ box: boxes.cookies, clock, entropy, origin }),
      sessions,
      attempts,
      outbox: mail.outbox,
      recovery: createAccountRecovery(pool, boxes.rows),
      ticketBox: boxes.tickets,
    },
    oauth: oauthRoutes({
      origin,
      store: createTokenStore(pool, boxes.rows),
      issuer,
      opaque,
      ledger,
      clock,
      entropy,
      session: {
        find: async (request) => (await sessions.find(request))?.session,
        end: (request, reply) => sessions.end(request, reply),
      },
      renderPage: (page, reply, status) => sendPage(reply, page, status),
    }),
    management: managementRoutes({
      origin,
      directory,
      verifyAccessToken: async (token) => {
        const verified = await issuer.verifyAccessToken(token, audience);
        return verified && { clientId: verified.clientId, scopes: new Set(verified.scopes), subject: verified.subject };
      },
      passwords,
      outbox: mail.outbox,
      ticketBox: boxes.tickets,
      clock,
      entropy,
      explain: (question) => explain(question, clock.now(), store.reads),
    }),
    checkReady: async () => {
      const readiness = await checkReady();
      return readiness.ready ? undefined : readiness.reason;
    },
  });
  const housekeeping = startHousekeeping(pool, clock, logger);
  mail.worker?.start();
  await app.listen({ port: config.port, host: config.host });
  return {
    origin,
    port: (app.server.address() as AddressInfo).port,
    pool,
    listKeptMail: () => listKeptMail(pool, boxes.rows),
    async close() {
      await app.close();
      housekeeping.stop();
      await mail.close();
      await fetch.close();
      await database.close();
    },
  };
}
