/**
 * The documentation as the console's *Help*: the files that `npm run docs` made, below /console/help. Open to
 * everybody; holds no data of the tenant. Never gives these pages the console's origin: the policy's `sandbox` makes
 * each one an origin of its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic, { type SetHeadersResponse } from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

const PREFIX = '/console/help';
/** Beside the compiled server, or in dist/ when it runs from its sources. */
const PLACES = ['../docs/', '../../dist/docs/'];
const NOT_BUILT =
  'The help was not built in this checkout: npm run docs makes it, in half a minute. Its sources are in docs/.';

/** Returns where scripts/docs put the files; undefined without a build. */
export function findHelp(): string | undefined {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) =>
    existsSync(`${path}script-hashes.json`),
  );
}

function toPolicy(hashes: readonly string[]): string {
  return [
    "default-src 'none'",
    // Attack (cross-site scripting): only the site's files run, and the scripts that were in its pages when it was
    // built.
    ["script-src 'self'", ...hashes.map((hash) => `'sha256-${hash}'`)].join(' '),
    // Colours of code, which the generator writes as attributes.
    "style-src 'self'; style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    // Attack: clickjacking. No page may frame a help page, not even the console.
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    // Attack: theft of the console's token. A script of these pages has another origin than the console, no cookie and
    // no storage, and receives no answer of a silent sign-in.
    'sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox',
  ].join('; ');
}

function headersOf(hashes: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': toPolicy(hashes),
    // Attack (clickjacking), in browsers without frame-ancestors.
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
    // Scripts of an origin of their own are fetched as those of a stranger. The files are the same for everybody.
    'access-control-allow-origin': '*',
  };
}

/** Hashed files are cached permanently; pages are revalidated, so that they are current after an upgrade. */
function setCaching(reply: SetHeadersResponse, path: string): void {
  const isHashed = path.includes('/assets/');
  reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(text);
}

/**
 * Registers GET /console/help and /console/help/…, from `folder` (ends with `/`); they answer 503 where nothing was
 * built.
 */
export async function registerConsoleHelp(app: FastifyInstance, folder: string | undefined): Promise<void> {
  await app.register(
    async (help) => {
      if (folder === undefined) {
        for (const path of ['', '/*']) help.get(path, (_request, reply) => sendText(reply, 503, NOT_BUILT));
        return;
      }
      const headers = headersOf(JSON.parse(readFileSync(`${folder}script-hashes.json`, 'utf8')) as readonly string[]);
      const missing = readFileSync(`${folder}404.html`, 'utf8');
      help.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
      help.setNotFoundHandler((_request, reply) =>
        reply.code(404).type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(missing),
      );
      help.get('', (_request, reply) => reply.redirect(`${PREFIX}/`, 302));
      await help.register(fastifyStatic, {
        root: folder,
        prefix: '/',
        preCompressed: true,
        cacheControl: false,
        decorateReply: false,
        setHeaders: setCaching,
      });
    },
    { prefix: PREFIX },
  );
}
