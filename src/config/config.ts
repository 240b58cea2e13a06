/**
 * Parses the environment variables, once. Only main.ts reads `process.env`, and passes it here. A wrong value is a
 * {@link StartError} of one line that names the variable, its value and the accepted values. Never repeats a secret.
 */
import { resolve } from 'node:path';
import { StartError } from '../kernel/errors.js';
import type { Rate } from '../kernel/rate-limit.js';
import { hasReadableUser, IN_URLS, parseDatabaseUrl } from './addresses.js';
import { parseCaFile, parseTls, type TlsPair } from './certificate-files.js';
import {
  type Environment,
  fail,
  parseCount,
  parseNameServers,
  parseNetworks,
  parsePort,
  parseRate,
  readEach,
  type Tell,
} from './environment.js';
import { parseTracing, type Tracing } from './tracing.js';

export type { TlsPair };

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Public origin without a trailing slash; the issuer is this plus `/`. */
  readonly origin: string;
  readonly tls: TlsPair | undefined;
  /**
   * Reads the certificate and key files again, which may have been renewed. Throws {@link StartError} when they cannot
   * be read or used.
   */
  readonly readTls: () => TlsPair | undefined;
  readonly databaseUrl: string | undefined;
  readonly database: {
    /** Maximum number of database connections that requests on this node use. */
    readonly connections: number;
    /** Seconds that a request waits for a database connection at most. */
    readonly waitSeconds: number;
    /** Seconds that a statement waits for a lock at most. */
    readonly lockTimeoutSeconds: number;
    /** `transaction`: behind pgbouncer or similar in transaction mode. */
    readonly pooler: 'none' | 'transaction';
  };
  readonly dataDir: string;
  /** The server's key: 32 bytes. If undefined, the key in the data directory is used. */
  readonly secretKey: Buffer | undefined;
  /** Former keys, which still decrypt the data that was encrypted with them. Nothing new is encrypted with them. */
  readonly formerSecretKeys: readonly Buffer[];
  readonly managementClient: { readonly id: string; readonly secret: string } | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly logLevel: string;
  readonly trustProxy: readonly string[];
  readonly outboundAllow: readonly string[];
  /** Private networks that also connections of customers reach: made by their administrators, not by an operator. */
  readonly outboundAllowCustomers: readonly string[];
  /** Name servers that are asked for the DNS records of domain proofs; if empty, the system's. */
  readonly nameServers: readonly string[];
  readonly metricsPort: number | undefined;
  readonly tracing: Tracing;
  readonly limits: {
    /** Seconds for a whole request, from its first byte to the last of its body; headers get half of this time. */
    readonly requestSeconds: number;
    /** Seconds after which a connection without a request is closed. */
    readonly idleSeconds: number;
    /** Maximum number of open connections at the same time. */
    readonly maximum: number;
  };
  readonly shutdown: {
    /** Time for which the port stays open after the readiness check begins to fail, so that a load balancer notices. */
    readonly delaySeconds: number;
    /** Maximum time from the signal to stop until the process ends, including the delay. */
    readonly graceSeconds: number;
  };
  /** Days for which lines of the login log are kept. */
  readonly retention: { readonly logDays: number };
  /** Request limits of one machine client, and of one network at the public endpoints; undefined for no limit. */
  readonly rates: Readonly<Record<'management' | 'token' | 'authorize', Rate | undefined>>;
  /** Lines of the login log that strangers at one machine may cause per minute. */
  readonly logLinesPerMinute: number;
  readonly actions: {
    readonly timeoutSeconds: number;
    readonly maxProcesses: number;
    /** PEM file with additional certificate authorities that Actions trust. */
    readonly caFile: string | undefined;
  };
}

/** Parses the origin as browsers write it: host in lower case, default port omitted. */
function parseOrigin(env: Environment, fallback: string): string {
  const text = env.VESTIBULE_URL || fallback;
  // Checked as text, since URL accepts `https:host`, an empty query, backslashes.
  if (!/^https?:\/\/[^/?#@\\\s]+\/?$/i.test(text) || !URL.canParse(text))
    fail('VESTIBULE_URL', text, 'an origin such as https://login.example.com (no path, no trailing slash)');
  return new URL(text).origin;
}

function parseSecretKey(env: Environment): Buffer | undefined {
  const text = env.VESTIBULE_SECRET_KEY;
  if (!text) {
    if (env.DATABASE_URL)
      fail('VESTIBULE_SECRET_KEY', undefined, '32 bytes in base64 when DATABASE_URL is set (openssl rand -base64 32)');
    return undefined;
  }
  return toKey('VESTIBULE_SECRET_KEY', text);
}

/** Decodes a key. The text is a secret, so an error tells only its length. */
function toKey(name: string, text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32 || !/^[A-Za-z0-9+/_-]+=*$/.test(text))
    throw new StartError(`${name} has ${key.length} bytes: it takes 32 bytes in base64 (openssl rand -base64 32)`);
  return key;
}

/**
 * Maximum number of former keys. Each costs one more try for every value that no key decrypts, and a rotation needs
 * only a few.
 */
const MAX_FORMER_KEYS = 4;

function parseFormerKeys(env: Environment): readonly Buffer[] {
  const name = 'VESTIBULE_SECRET_KEY_FORMER';
  const texts = (env[name] ?? '').split(',').flatMap((text) => (text.trim() === '' ? [] : [text.trim()]));
  if (texts.length > MAX_FORMER_KEYS)
    throw new StartError(`${name} has ${texts.length} keys: it takes at most ${MAX_FORMER_KEYS}, comma-separated`);
  return texts.map((text) => toKey(name, text));
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

function parseManagementClient(env: Environment): Config['managementClient'] {
  const id = env.VESTIBULE_MANAGEMENT_CLIENT_ID;
  const secret = env.VESTIBULE_MANAGEMENT_CLIENT_SECRET;
  if (!id && !secret) return undefined;
  if (!id)
    return fail(
      'VESTIBULE_MANAGEMENT_CLIENT_ID',
      undefined,
      'an id, because VESTIBULE_MANAGEMENT_CLIENT_SECRET is set',
    );
  if (!secret)
    return fail(
      'VESTIBULE_MANAGEMENT_CLIENT_SECRET',
      undefined,
      'a secret, because VESTIBULE_MANAGEMENT_CLIENT_ID is set',
    );
  return { id, secret };
}

function parseSmtpUrl(env: Environment): string | undefined {
  const text = env.SMTP_URL;
  if (!text) return undefined;
  const url = /^smtps?:\/\/./.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '' || !hasReadableUser(url, false))
    throw new StartError(
      `SMTP_URL is not a mail server address: it takes smtp://user:password@host:587 or smtps://…, ${IN_URLS}`,
    );
  return text;
}

/** Accepts `address@host` or `Name <address@host>` only; the mail server decides about other forms. */
function parseMailFrom(env: Environment): string {
  const text = env.MAIL_FROM || 'Vestibule <no-reply@localhost>';
  if (!/^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/.test(text))
    fail('MAIL_FROM', text, 'a sender such as Vestibule <no-reply@example.com>');
  return text;
}

function parseMetricsPort(env: Environment, port: number): number | undefined {
  const metricsPort = parsePort(env, 'VESTIBULE_METRICS_PORT');
  if (metricsPort !== undefined && metricsPort !== 0 && metricsPort === port)
    fail('VESTIBULE_METRICS_PORT', String(metricsPort), 'another port than PORT');
  return metricsPort;
}

/**
 * Maximum number of connections for requests to the bundled database. It accepts 64, of which the supervisor and the
 * readiness check use some.
 */
const BUNDLED_CONNECTIONS = 40;

function parsePooler(env: Environment): Config['database']['pooler'] {
  const name = 'VESTIBULE_DATABASE_POOLER';
  const pooler = env[name] || 'none';
  if (pooler === 'none' || pooler === 'transaction') return pooler;
  return fail(name, pooler, 'none, or transaction for a pooler in transaction mode');
}

function parseDatabase(env: Environment, tell: Tell): Config['database'] {
  const most = env.DATABASE_URL ? 500 : BUNDLED_CONNECTIONS;
  return readEach<Config['database']>(tell, {
    connections: () => parseCount(env, 'VESTIBULE_DATABASE_CONNECTIONS', { least: 4, most, usual: 16 }),
    waitSeconds: () => parseCount(env, 'VESTIBULE_DATABASE_WAIT', { least: 1, most: 30, usual: 5 }),
    lockTimeoutSeconds: () => parseCount(env, 'VESTIBULE_DATABASE_LOCK_TIMEOUT', { least: 1, most: 9, usual: 5 }),
    pooler: () => parsePooler(env),
  });
}

function parseActions(env: Environment, tell: Tell): Config['actions'] {
  return readEach<Config['actions']>(tell, {
    timeoutSeconds: () => parseCount(env, 'VESTIBULE_ACTIONS_TIMEOUT', { least: 1, most: 60, usual: 20 }),
    maxProcesses: () => parseCount(env, 'VESTIBULE_ACTIONS_PROCESSES', { least: 1, most: 256, usual: 16 }),
    caFile: () => parseCaFile(env),
  });
}

function parseLimits(env: Environment, tell: Tell): Config['limits'] {
  return readEach<Config['limits']>(tell, {
    requestSeconds: () => parseCount(env, 'VESTIBULE_REQUEST_TIMEOUT', { least: 1, most: 600, usual: 30 }),
    idleSeconds: () => parseCount(env, 'VESTIBULE_IDLE_TIMEOUT', { least: 1, most: 3_600, usual: 75 }),
    maximum: () => parseCount(env, 'VESTIBULE_MAX_CONNECTIONS', { least: 16, most: 1_000_000, usual: 10_000 }),
  });
}

function parseShutdown(env: Environment): Config['shutdown'] {
  const graceSeconds = parseCount(env, 'VESTIBULE_SHUTDOWN_GRACE', { least: 2, most: 3_600, usual: 25 });
  const delaySeconds = parseCount(env, 'VESTIBULE_SHUTDOWN_DELAY', { least: 0, most: 3_600, usual: 0 });
  // A delay as long as the grace period would leave no time for requests that arrive during it.
  if (delaySeconds > graceSeconds / 2)
    fail('VESTIBULE_SHUTDOWN_DELAY', String(delaySeconds), 'at most half of VESTIBULE_SHUTDOWN_GRACE');
  return { delaySeconds, graceSeconds };
}

/**
 * By default only the Management API has a limit, which stops a tool in an endless loop. The public endpoints have
 * none: a whole company may be behind one network.
 */
function parseRates(env: Environment, tell: Tell): Config['rates'] {
  return readEach<Config['rates']>(tell, {
    management: () => parseRate(env, 'VESTIBULE_RATE_LIMIT_MANAGEMENT', '1000'),
    token: () => parseRate(env, 'VESTIBULE_RATE_LIMIT_TOKEN', 'none'),
    authorize: () => parseRate(env, 'VESTIBULE_RATE_LIMIT_AUTHORIZE', 'none'),
  });
}

function parseLogLevel(env: Environment): string {
  const level = env.VESTIBULE_LOG_LEVEL || 'info';
  if (!LOG_LEVELS.includes(level)) fail('VESTIBULE_LOG_LEVEL', level, `one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

/** Demands VESTIBULE_URL if PORT is 0: the system chooses the port then, but the origin has to be known before. */
function checkFreePort(env: Environment, port: number): void {
  if (port === 0 && !env.VESTIBULE_URL)
    fail('VESTIBULE_URL', undefined, 'the origin that people reach, because PORT is 0 (any free port)');
}

/**
 * Reads every field separately, so that one wrong value hides no other. The two fields that others depend on come
 * first.
 */
function readConfig(env: Environment, tell: Tell): Config {
  const { port, tls } = readEach<Pick<Config, 'port' | 'tls'>>(tell, {
    port: () => parsePort(env, 'PORT') ?? 3000,
    tls: () => parseTls(env),
  });
  const rest = readEach<Omit<Config, 'port' | 'tls'>>(tell, {
    host: () => env.HOST || '127.0.0.1',
    origin: () => {
      checkFreePort(env, port);
      // URL omits the default port.
      return parseOrigin(env, new URL(`${tls ? 'https' : 'http'}://localhost:${port ?? ''}`).origin);
    },
    readTls: () => () => parseTls(env),
    databaseUrl: () => parseDatabaseUrl(env),
    database: () => parseDatabase(env, tell),
    dataDir: () => resolve(env.VESTIBULE_DATA_DIR || '.vestibule'),
    secretKey: () => parseSecretKey(env),
    formerSecretKeys: () => parseFormerKeys(env),
    managementClient: () => parseManagementClient(env),
    smtpUrl: () => parseSmtpUrl(env),
    mailFrom: () => parseMailFrom(env),
    logLevel: () => parseLogLevel(env),
    trustProxy: () => parseNetworks(env, 'VESTIBULE_TRUST_PROXY'),
    outboundAllow: () => parseNetworks(env, 'VESTIBULE_OUTBOUND_ALLOW'),
    outboundAllowCustomers: () => parseNetworks(env, 'VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS'),
    nameServers: () => parseNameServers(env, 'VESTIBULE_DNS_SERVERS'),
    metricsPort: () => parseMetricsPort(env, port),
    tracing: () => parseTracing(env),
    limits: () => parseLimits(env, tell),
    shutdown: () => parseShutdown(env),
    retention: () => ({
      logDays: parseCount(env, 'VESTIBULE_LOG_RETENTION_DAYS', { least: 1, most: 3_650, usual: 90 }),
    }),
    rates: () => parseRates(env, tell),
    logLinesPerMinute: () =>
      parseCount(env, 'VESTIBULE_LOG_LINES_PER_MINUTE', { least: 1, most: 1_000_000, usual: 60 }),
    actions: () => parseActions(env, tell),
  });
  return { port, tls, ...rest };
}

/**
 * Parses and checks the variables of docs/configuration.md. Throws {@link StartError} with one line about the first
 * wrong variable.
 */
export function parseConfig(env: Environment): Config {
  return readConfig(env, (error) => {
    throw error;
  });
}

/**
 * Does what {@link parseConfig} does, but never throws: returns one line for every wrong variable, and the
 * configuration if there is none.
 */
export function examineConfig(env: Environment): {
  readonly config: Config | undefined;
  readonly problems: readonly string[];
  /** Names of the variables that were read, whether set or not. */
  readonly known: ReadonlySet<string>;
} {
  const problems: string[] = [];
  const known = new Set<string>();
  const watched = new Proxy(env, {
    get(target, name) {
      known.add(String(name));
      return target[String(name)];
    },
  });
  const config = readConfig(watched, ({ message }) => problems.push(message));
  return { config: problems.length > 0 ? undefined : config, problems, known };
}
