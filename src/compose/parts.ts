/**
 * The parts of a server that everything else is built from: the adapters under its requests. One function may replace
 * any of them before the edges are built ({@link Decorator}). Only the product's own parts are built here.
 */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Metrics } from '../http/metrics.js';
import type { Clock } from '../kernel/clock.js';
import type { Closers } from '../kernel/closers.js';
import type { Entropy } from '../kernel/ids.js';
import { createRateLimit, type RateLimit } from '../kernel/rate-limit.js';
import { createBoundedLedger } from '../login/log-allowance.js';
import type { ManagementDeps } from '../management/api/deps.js';
import type { Operation } from '../management/api/operation.js';
import { type EnsureRows, ensureSystemRows } from '../management/bootstrap.js';
import { createOperations } from '../management/resources.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { Ledger } from '../ports/ledger.js';
import type { LoginCommit, LoginReads } from '../ports/login-store.js';
import type { TokenStore } from '../ports/token-store.js';
import type { Readiness } from '../storage/database/health.js';
import { createLedger } from '../storage/database/ledger.js';
import type { createPool } from '../storage/database/pool.js';
import type { ServerKind } from '../storage/database/server-kind.js';
import { createDirectory } from '../storage/directory/index.js';
import { createLoginStore } from '../storage/login-store/index.js';
import { createTokenStore } from '../storage/token-store.js';
import { type ComposedActions, composeActions } from './actions.js';
import { type ComposedConnectors, composeConnectors, type WrapOutbound } from './connectors.js';
import { composeMail } from './mail.js';
import type { Boxes } from './secrets.js';
import type { Tracing } from './tracing.js';

/** The parts that exist before the database's adapters. */
export interface BaseParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly boxes: Boxes;
  readonly pool: ReturnType<typeof createPool>;
  /** Pool that only the readiness check and metrics use. */
  readonly probe: ReturnType<typeof createPool>;
  /** Whether this node can serve. Shared, so that health check and metrics write one commit, not two. */
  readonly checkReady: () => Promise<Readiness>;
  readonly databaseUrl: string;
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
  readonly closers: Closers;
}

/** The parts of a server. */
export interface Parts extends BaseParts {
  readonly connectors: ComposedConnectors;
  readonly mail: ReturnType<typeof composeMail>;
  readonly actions: ComposedActions;
  readonly directory: DirectoryStore;
  /** The reads of a login, and its commit. */
  readonly reads: LoginReads;
  readonly commit: LoginCommit;
  readonly tokens: TokenStore;
  /** The log of the sign-ins. */
  readonly ledger: Ledger;
  /** Creates the rows that this server needs in an empty database. */
  readonly ensureRows: EnsureRows;
  /** Builds the operations of the Management API. */
  readonly createOperations: (deps: ManagementDeps) => readonly Operation[];
  readonly managementLimit: RateLimit | undefined;
  /** Adds hooks to the application before any route is registered. */
  readonly watch: (app: FastifyInstance) => void;
}

/** Makes another kind of server from the parts of the product. */
export interface Decorator {
  /** Kind that the database is claimed for: the product refuses the database of another kind. */
  readonly kind: ServerKind;
  /**
   * Returns the parts that requests use. Background work keeps the given ones. Runs before the
   * server's rows are ensured, so it must not count on them.
   */
  decorate(parts: Parts): Promise<Parts>;
}

/** Builds the parts of the product. Starts nothing. */
export function composeParts(base: BaseParts, wrapOutbound: WrapOutbound | undefined): Parts {
  const { config, clock, entropy, logger, boxes, pool, metrics, tracing, closers } = base;
  const connectors = composeConnectors({ ...base, wrapOutbound });
  closers.add(() => connectors.close());
  const mail = composeMail(base);
  closers.add(() => mail.close());
  closers.addEarly(() => mail.worker.stop());
  const ledger = createBoundedLedger({
    ledger: createLedger(pool),
    clock,
    entropy,
    log: logger,
    linesPerMinute: config.logLinesPerMinute,
    onLeftOut: (code) => metrics?.countLeftOut(code),
  });
  closers.add(() => ledger.close());
  const actions = composeActions(base);
  closers.add(() => actions.close());
  closers.addEarly(() => actions.jobs.stop());
  return {
    ...base,
    ...createLoginStore(pool, boxes.rows, connectors.strategies, clock),
    connectors,
    mail,
    actions,
    directory: createDirectory(pool, boxes.rows),
    tokens: createTokenStore(pool, boxes.rows),
    ledger,
    ensureRows: ensureSystemRows,
    createOperations,
    managementLimit: config.rates.management && createRateLimit(config.rates.management, clock),
    watch: (app) => {
      tracing?.watch(app);
      metrics?.watch(app);
    },
  };
}
