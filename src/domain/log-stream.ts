/**
 * Log streams send the tenant's log to an endpoint that the tenant names. Defines a stream's settings, the categories
 * by which it selects lines, and the signature of a delivery. Sends nothing.
 */
import { createHmac } from 'node:crypto';

export type LogStreamStatus = 'active' | 'paused' | 'suspended';
export type LogStreamFormat = 'JSONLINES' | 'JSONARRAY' | 'JSONOBJECT';

/** Headers and keys that only this server and the endpoint may know. */
export interface LogStreamSecrets {
  /** The value of the `Authorization` header. */
  readonly authorization: string | undefined;
  readonly headers: readonly { readonly header: string; readonly value: string }[];
  /** 64 hexadecimal digits: the key of {@link signDelivery}. */
  readonly signingSecret: string;
}

/** The endpoint of the lines, with its secrets. */
export interface LogStreamSink extends LogStreamSecrets {
  readonly endpoint: string;
  readonly contentType: string;
  readonly format: LogStreamFormat;
}

export interface LogStream {
  readonly id: string;
  readonly name: string;
  readonly status: LogStreamStatus;
  readonly isPriority: boolean;
  /** Categories of lines to send; empty sends every line. */
  readonly filters: readonly string[];
  readonly sink: LogStreamSink;
  /** Lines older than this are not sent. */
  readonly startFrom: Date | undefined;
  /** Set while deliveries fail: since when, after how many tries, and why. */
  readonly trouble: { readonly since: Date; readonly tries: number; readonly reason: string | undefined } | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * The log types in each category (Auth0, "Log Stream Filters"), including this server's own types. A type without a
 * category belongs to `other`.
 */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'auth.login.fail': ['f', 'fc', 'fco', 'fcoa', 'fens', 'fi', 'fp', 'fu', 'ss_sso_failure'],
  'auth.login.notification': ['w'],
  'auth.login.success': ['s', 'scoa', 'sens', 'si', 'ss_sso_success'],
  'auth.logout.fail': ['flo', 'oidc_backchannel_logout_failed'],
  'auth.logout.success': ['slo', 'oidc_backchannel_logout_succeeded'],
  'auth.signup.fail': ['fs'],
  'auth.signup.success': ['ss'],
  'auth.silent_auth.fail': ['fsa'],
  'auth.silent_auth.success': ['ssa'],
  'auth.token_exchange.fail': ['feacft', 'feccft', 'fede', 'feoobft', 'feotpft', 'fepft', 'fercft', 'fertft', 'fetemt'],
  'auth.token_exchange.success': [
    'seacft',
    'seccft',
    'sede',
    'seoobft',
    'seotpft',
    'sepft',
    'sercft',
    'sertft',
    'setemt',
  ],
  'management.fail': ['fapi'],
  'management.success': ['sapi', 'mgmt_api_read'],
  'scim.event': ['sscim', 'fscim'],
  'system.notification': [
    ...['api_limit', 'api_limit_warning', 'admin_update_launch', 'coff', 'con', 'depnote', 'limit_delegation'],
    ...['limit_mu', 'limit_wc', 'limit_sul', 'pla', 'pwd_leak', 'resource_cleanup', 'log_stream_suspended'],
    ...['domain_proof_shaky', 'domain_proof_ended', 'domain_proof_renewed'],
  ],
  'user.fail': ['fce', 'fcp', 'fcpn', 'fcpr', 'fcu', 'fdu', 'fn', 'fui', 'fv', 'fvr'],
  'user.notification': ['cls', 'cs', 'gd_send_email'],
  'user.success': ['sce', 'scp', 'scpn', 'scpr', 'scu', 'sdu', 'sui', 'sv', 'svr'],
  actions: ['actions_execution_failed'],
};

const CATEGORY_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).flatMap(([category, types]) => types.map((type) => [type, category] as const)),
);

/** True when a stream with these filters sends lines of this type. */
export function isWanted(filters: readonly string[], type: string): boolean {
  return filters.length === 0 || filters.includes(CATEGORY_OF.get(type) ?? 'other');
}

/**
 * Returns the value of the header `Vestibule-Signature`: `t=SECONDS,v1=HEX`, an HMAC-SHA256 over `SECONDS.BODY`.
 * Attacks on the endpoint: made-up lines (only we have the key), and recorded lines that are sent again later (the time
 * is signed).
 */
export function signDelivery(signingSecret: string, at: Date, body: string): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', signingSecret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * Headers that a stream's settings may not add: the server sets them, or they have another setting (`authorization`).
 */
const OWN_HEADERS =
  /^(authorization|connection|content-length|content-type|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*|vestibule-.*)$/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Visible characters, spaces and tabs (RFC 9110 section 5.5). */
const HEADER_VALUE = /^[\t\x20-\x7e]{0,4096}$/;

/**
 * Returns why a header cannot be sent. Attack: request smuggling and split requests, by a line break or a second
 * `Content-Length`.
 */
export function findHeaderProblem(name: string, value: string): string | undefined {
  if (!HEADER_NAME.test(name)) return `${JSON.stringify(name.slice(0, 100))} is no name of a header`;
  if (OWN_HEADERS.test(name)) return `the header ${name} is set by the server itself`;
  return HEADER_VALUE.test(value) ? undefined : `the value of ${name} has characters that no header can have`;
}

/** Returns why the value of the `Authorization` header cannot be sent. */
export function findAuthorizationProblem(value: string): string | undefined {
  return HEADER_VALUE.test(value) ? undefined : 'httpAuthorization has characters that no header can have';
}
