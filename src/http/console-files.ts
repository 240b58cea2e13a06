/**
 * The console's files as they were built: hashed and kept for ever by browsers, and one page for every address below /console, with the facts
 * and the nonce of the answer. Holds no data of the tenant: everybody who has no token sees an empty frame.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Operators } from '../domain/operator-role.js';
import { type Entropy, newSecret } from '../kernel/ids.js';
import { managementAudience } from '../management/api/audience.js';

/** Beside the compiled server, or in dist/ when it runs from its sources. */
const PLACES = ['../console/', '../../dist/console/'];

/** Where scripts/build-console.mjs put the files; undefined where nothing was built. */
function findFolder(): string | undefined {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) =>
    existsSync(`${path}fingerprint`),
  );
}

function toPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    // Cross-site scripting: only the console's own files, and what they themselves make with the nonce of this answer.
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    // Theft of the token by a request to somebody else.
    "connect-src 'self'",
    // Pictures of people and logos of organizations, which are anywhere.
    "img-src 'self' https: data:",
    // The silent sign-in.
    "frame-src 'self'",
    // Clickjacking of an operator's deeds.
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

function headersOf(nonce: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': toPolicy(nonce),
    // Clickjacking, for browsers without frame-ancestors.
    'x-frame-options': 'DENY',
    // Ids of people are in the addresses of pages.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
  };
}

/** JSON inside of a script element: a `<` could end it. */
const toScriptJson = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

export interface ConsoleFilesDeps {
  readonly origin: string;
  readonly entropy: Entropy;
  findOperators(): Promise<Operators | undefined>;
}

const NOT_BUILT = 'The console was not built: npm run build makes it.';

/** GET /console, /console/… and /console/assets/…. */
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
      setHeaders: (reply) => void reply.setHeader('x-content-type-options', 'nosniff'),
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
