/**
 * The configuration as operators may see it: one row for each variable of docs/configuration.md. Never shows a secret
 * or an address with a password in it, only whether they are set.
 */
import { hostname } from 'node:os';
import type { Clock } from '../kernel/clock.js';
import { readVersion } from '../kernel/package-files.js';
import type { Rate } from '../kernel/rate-limit.js';
import type { EnvironmentVariable, NodeSettings } from '../ports/node-settings.js';
import type { Config } from './config.js';

const showRate = (rate: Rate | undefined) =>
  rate === undefined
    ? 'none'
    : rate.perSecond === rate.atOnce
      ? String(rate.perSecond)
      : `${rate.perSecond}/${rate.atOnce}`;

/** Returns the mail server's address without user and password. */
function showMailServer(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}

function listShown(
  config: Config,
): Readonly<Record<string, Extract<EnvironmentVariable, { value: unknown }>['value']>> {
  const { database, limits, shutdown, rates, actions } = config;
  return {
    VESTIBULE_URL: config.origin,
    HOST: config.host,
    PORT: config.port,
    VESTIBULE_DATABASE_CONNECTIONS: database.connections,
    VESTIBULE_DATABASE_WAIT: database.waitSeconds,
    VESTIBULE_DATABASE_LOCK_TIMEOUT: database.lockTimeoutSeconds,
    VESTIBULE_DATABASE_POOLER: database.pooler,
    VESTIBULE_DATA_DIR: config.dataDir,
    VESTIBULE_MANAGEMENT_CLIENT_ID: config.managementClient?.id,
    SMTP_URL: showMailServer(config.smtpUrl),
    MAIL_FROM: config.mailFrom,
    VESTIBULE_LOG_LEVEL: config.logLevel,
    VESTIBULE_TRUST_PROXY: config.trustProxy,
    VESTIBULE_OUTBOUND_ALLOW: config.outboundAllow,
    VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS: config.outboundAllowCustomers,
    VESTIBULE_DNS_SERVERS: config.nameServers,
    VESTIBULE_REQUEST_TIMEOUT: limits.requestSeconds,
    VESTIBULE_IDLE_TIMEOUT: limits.idleSeconds,
    VESTIBULE_MAX_CONNECTIONS: limits.maximum,
    VESTIBULE_SHUTDOWN_GRACE: shutdown.graceSeconds,
    VESTIBULE_SHUTDOWN_DELAY: shutdown.delaySeconds,
    VESTIBULE_RATE_LIMIT_MANAGEMENT: showRate(rates.management),
    VESTIBULE_RATE_LIMIT_TOKEN: showRate(rates.token),
    VESTIBULE_RATE_LIMIT_AUTHORIZE: showRate(rates.authorize),
    VESTIBULE_LOG_RETENTION_DAYS: config.retention.logDays,
    VESTIBULE_LOG_LINES_PER_MINUTE: config.logLinesPerMinute,
    VESTIBULE_ACTIONS_TIMEOUT: actions.timeoutSeconds,
    VESTIBULE_ACTIONS_PROCESSES: actions.maxProcesses,
    NODE_EXTRA_CA_CERTS: actions.caFile,
    VESTIBULE_METRICS_PORT: config.metricsPort,
    ...config.tracing.shown,
  };
}

function listSecret(config: Config): Readonly<Record<string, boolean>> {
  return {
    DATABASE_URL: config.databaseUrl !== undefined,
    VESTIBULE_TLS_CERT: config.tls !== undefined,
    VESTIBULE_TLS_KEY: config.tls !== undefined,
    VESTIBULE_SECRET_KEY: config.secretKey !== undefined,
    VESTIBULE_SECRET_KEY_FORMER: config.formerSecretKeys.length > 0,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: config.managementClient !== undefined,
  };
}

/** Lists every variable that a server reads: with its value, or for a secret only whether it is set. */
export function listVariables(config: Config): readonly EnvironmentVariable[] {
  return [
    ...Object.entries(listShown(config)).map(([name, value]) => ({ name, value })),
    ...Object.entries(listSecret(config)).map(([name, isSet]) => ({ name, isSet })),
  ];
}

/** Describes this node with the settings that it was started with. */
export function showNode(config: Config, clock: Clock): NodeSettings {
  return { version: readVersion(), node: hostname(), startedAt: clock.now(), variables: listVariables(config) };
}
