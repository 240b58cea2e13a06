/**
 * Reads OpenTelemetry's own variables, as far as they decide whether traces are sent. The exporter reads the others
 * itself (headers, timeouts, sampling). A value that this server would ignore is refused.
 */
import { type Environment, fail } from './environment.js';

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;
const PROTOCOLS = ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] as const;

export interface Tracing {
  readonly isOn: boolean;
  /** The variables as operators may see them: an address without user, password and path. */
  readonly shown: Readonly<Record<string, string | undefined>>;
}

/** Returns the origin of a collector's address; undefined when the variable is not set. */
function parseEndpoint(env: Environment, name: string): string | undefined {
  const text = env[name];
  if (!text) return undefined;
  // The value may hold a password, so it is not repeated.
  if (!/^https?:\/\/./.test(text) || !URL.canParse(text))
    fail(name, '…', 'the address of a collector such as http://127.0.0.1:4318');
  return new URL(text).origin;
}

/** Returns one of `accepted`; undefined when the variable is not set. */
function parseWord(env: Environment, name: string, accepted: readonly string[], takes: string): string | undefined {
  const text = env[name]?.trim().toLowerCase();
  if (!text) return undefined;
  return accepted.includes(text) ? text : fail(name, text, takes);
}

/**
 * Parses the variables. Traces are sent when one of the addresses is set, or `OTEL_TRACES_EXPORTER=otlp`, unless
 * `OTEL_SDK_DISABLED=true` or `OTEL_TRACES_EXPORTER=none`. Throws `StartError`.
 * Source: OpenTelemetry specification, "Environment Variable Specification" and "OTLP Exporter Configuration".
 */
export function parseTracing(env: Environment): Tracing {
  const [general, own] = ENDPOINTS.map((name) => parseEndpoint(env, name));
  const exporter = parseWord(env, 'OTEL_TRACES_EXPORTER', ['otlp', 'none'], 'otlp or none');
  const protocols = PROTOCOLS.map((name) =>
    parseWord(env, name, ['http/protobuf'], 'http/protobuf, the one protocol that this server sends traces by'),
  );
  const disabled = parseWord(env, 'OTEL_SDK_DISABLED', ['true', 'false'], 'true or false');
  const isWanted = general !== undefined || own !== undefined || exporter === 'otlp';
  return {
    isOn: isWanted && exporter !== 'none' && disabled !== 'true',
    shown: {
      OTEL_EXPORTER_OTLP_ENDPOINT: general,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own,
      OTEL_TRACES_EXPORTER: exporter,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocols[0],
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocols[1],
      OTEL_SDK_DISABLED: disabled,
    },
  };
}
