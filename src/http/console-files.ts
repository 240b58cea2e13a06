/**
 * Serves the console: its built files, which browsers cache permanently because their names have hashes; and one page
 * for every address below /console, with facts about the server and a nonce. Never holds data of the tenant: people
 * without a token see an empty frame.
 */
import { existsSync, readFileSync } from 'node:fs';
import fastifyStatic, { type SetHeadersResponse } from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Operators } from '../domain/operator-role.js';
import { type Entropy, newSecret } from '../kernel/ids.js';
import { packagePath } from '../kernel/package-files.js';
import { managementAudience } from '../management/api/audience.js';

/** Returns the folder into which scripts/build-console.mjs put the files; undefined without a build. */
function findFolder(): string | undefined {
  const folder = packagePath('dist/console/');
  return existsSync(`${folder}fingerprint`) ? folder : undefined;
}

function toPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    // Attack (cross-site scripting): only the console's own files run, and scripts that they create with this answer's
    // nonce.
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    // Attack: a request to another server carries the token away.
    "connect-src 'self'",
    // Allows pictures of people and logos of organizations, which may be on any host.
    "img-src 'self' https: data:",
    // Allows the frame of the silent sign-in.
    "frame-src 'self'",
    // Attack (clickjacking): another site frames the console, so that an operator clicks in it without knowing.
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

function headersOf(nonce: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': toPolicy(nonce),
    // Does the same in browsers that do not know `frame-ancestors`.
    'x-frame-options': 'DENY',
    // Keeps addresses of pages from other sites, because they contain ids of people.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
  };
}

/** Returns JSON that can be placed in a script element: a `<` could end the element. */
const toScriptJson = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

/**
 * Sets headers of a built file. Attack (BREACH): the length of a compressed answer tells how much of a secret a guess in
 * the address matches. So only files that were built, which hold no secret, are compressed; never pages or answers.
 */
function setAssetHeaders(reply: SetHeadersResponse): void {
  reply.setHeader('x-content-type-options', 'nosniff');
  // A cache that is shared keeps one copy for each encoding, not Brotli for everybody.
  reply.setHeader('vary', 'accept-encoding');
}

export interface ConsoleFilesDeps {
  readonly origin: string;
  readonly entropy: Entropy;
  findOperators(): Promise<Operators | undefined>;
}

const NOT_BUILT = 'The console was not built: npm run build makes it.';

/** Registers GET /console, /console/… and /console/assets/…. */
export async function registerConsoleFiles(app: FastifyInstance, deps: ConsoleFilesDeps): Promise<void> {
  const folder = findFolder();
  const html = folder === undefined ? undefined : readFileSync(`${folder}index.html`, 'utf8');
  if (folder !== undefined)
    await app.register(fastifyStatic, {
      root: `${folder}assets`,
      prefix: '/console/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      index: false,
      decorateReply: false,
      setHeaders: setAssetHeaders,
    });
  const sendPage = async (reply: FastifyReply) => {
    const operators = await deps.findOperators();
    if (operators === undefined) {
      reply.callNotFound();
      return reply;
    }
    if (html === undefined) return reply.code(503).type('text/plain').send(NOT_BUILT);
    const { organizationId, clientId, roleIds } = operators;
    const facts = toScriptJson({ organizationId, clientId, roleIds, audience: managementAudience(deps.origin) });
    const nonce = newSecret(deps.entropy);
    const page = html.replaceAll('__NONCE__', () => nonce).replace('"__SERVER_FACTS__"', () => facts);
    return reply.headers(headersOf(nonce)).send(page);
  };
  app.get('/console', (_request, reply) => sendPage(reply));
  app.get('/console/*', (_request, reply) => sendPage(reply));
}
