/**
 * The console's built files: hashed, and cached permanently by browsers; and one page for every address below /console,
 * with the facts and the nonce of the answer. Never holds data of the tenant: people without a token see an empty
 * frame.
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

/** Returns where scripts/build-console.mjs put the files; undefined without a build. */
function findFolder(): string | undefined {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) =>
    existsSync(`${path}fingerprint`),
  );
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
    // Pictures of people and logos of organizations, which may be on any host.
    "img-src 'self' https: data:",
    // The silent sign-in.
    "frame-src 'self'",
    // Attack (clickjacking): a page frames the console and leads an operator's clicks.
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

function headersOf(nonce: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': toPolicy(nonce),
    // The same for browsers without frame-ancestors.
    'x-frame-options': 'DENY',
    // The addresses of pages contain ids of people.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
  };
}

/** Returns JSON for a script element, which a `<` could close. */
const toScriptJson = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

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
