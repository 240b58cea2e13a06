/**
 * Checks of the string formats that Auth0's request schemas name. Each looks at the text only and sends no request.
 * Where Auth0 requires https, plain http is accepted for loopback hosts only: applications under development run there.
 */
import { isIP } from 'node:net';
import { parseEmail } from '../../domain/people/email.js';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Replaces placeholders such as `{organization.metadata.public_x}` or `{organization_name}` by a plain word, so that
 * the text parses as a URL.
 */
function withoutPlaceholders(text: string): string {
  return text.replace(/\{[A-Za-z0-9_.]{1,100}\}/g, 'placeholder').replaceAll('*', 'wildcard');
}

function parseUrl(text: string): URL | undefined {
  return text.length <= 2048 && !/\s/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

function isWebUrl(text: string): boolean {
  return /^https?:$/.test(parseUrl(text)?.protocol ?? '');
}

function isHttpsUrl(text: string): boolean {
  const url = parseUrl(text);
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

/**
 * True for a redirect target: http(s) or an application's own scheme, but never a scheme that runs code in the browser.
 */
function isCallbackUrl(text: string): boolean {
  const url = parseUrl(withoutPlaceholders(text));
  // Attack: a `javascript:` callback would run script in this server's origin.
  return url !== undefined && !/^(javascript|data|vbscript|file|blob):$/.test(url.protocol) && !text.includes('#');
}

function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const isId = (prefix: string) => (text: string) =>
  text.startsWith(`${prefix}_`) && /^[A-Za-z0-9]{1,32}$/.test(text.slice(prefix.length + 1));
const orEmpty = (check: (text: string) => boolean) => (text: string) => text === '' || check(text);
const isUserId = (text: string) => text.length <= 1024 && /^\S+$/.test(text);

const HTML_COLOR = /^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/;

export const FORMATS: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  email: (text) => parseEmail(text) !== undefined,
  'email-or-empty': orEmpty((text) => parseEmail(text) !== undefined),
  'client-id': /^[A-Za-z0-9_-]{1,128}$/,
  'client-grant-id': isId('cgr'),
  'connection-id': isId('con'),
  'role-id': isId('rol'),
  'organization-id': isId('org'),
  'organization-name': /^(?!org_)[a-z0-9]([a-z0-9-_]*[a-z0-9])?$/,
  'user-id': isUserId,
  'user-id-with-max-length': isUserId,
  'credential-id': /^\S{1,256}$/,
  'connection-profile-id': /^\S{1,256}$/,
  'user-attribute-profile-id': /^\S{1,256}$/,
  'connection-realm': /^\S{1,256}$/,
  acr: /^\S{1,256}$/,
  'html-color': HTML_COLOR,
  'html-color-or-null': HTML_COLOR,
  url: isWebUrl,
  'url-or-null': isWebUrl,
  'strict-uri': isWebUrl,
  'strict-https-uri-or-null': isHttpsUrl,
  'absolute-uri-or-empty': orEmpty(isWebUrl),
  'absolute-https-uri-or-empty': orEmpty(isHttpsUrl),
  'absolute-https-uri-with-placeholders-or-empty': orEmpty((text) => isHttpsUrl(withoutPlaceholders(text))),
  'ec-initiate-login-uri-template-url': (text) => isHttpsUrl(withoutPlaceholders(text)),
  'callback-url': isCallbackUrl,
  'url-with-placeholders': isCallbackUrl,
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  cidr: isCidr,
  ipv6_cidr: isCidr,
  'date-time': (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
};
