/**
 * Serves the documentation as the console's *Help*, below /console/help: the files that `npm run docs` made. Everybody
 * may read it; it holds no data of the tenant. Its pages must never have the console's origin: the policy's `sandbox`
 * gives each page an origin of its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import fastifyStatic, { type SetHeadersResponse } from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { packagePath } from '../kernel/package-files.js';

const PREFIX = '/console/help';
const NOT_BUILT =
  'The help was not built in this checkout: npm run docs makes it, in half a minute. Its sources are in docs/.';

/** Returns the folder into which scripts/docs put the files; undefined without a build. */
export function findHelp(): string | undefined {
  const folder = packagePath('dist/docs/');
  return existsSync(`${folder}script-hashes.json`) ? folder : undefined;
}

function toPolicy(hashes: readonly string[]): string {
  return [
    "default-src 'none'",
    // Attack (cross-site scripting): only the files of the help run, and the scripts that its pages had when they were
    // built.
    ["script-src 'self'", ...hashes.map((hash) => `'sha256-${hash}'`)].join(' '),
    // Allows style attributes, by which the generator colours code.
    "style-src 'self'; style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    // Attack (clickjacking): no page may frame a help page, not even the console.
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    // Attack (theft of the console's token): a script in these pages has another origin than the console, no cookies
    // and no storage, and it cannot read the answer of a silent sign-in.
    'sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox',
  ].join('; ');
}

function headersOf(hashes: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': toPolicy(hashes),
    // Attack (clickjacking): does the same in browsers that do not know `frame-ancestors`.
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
    // A sandboxed page has an origin of its own, so its scripts count as requests of another site. The files are the
    // same for everybody.
    'access-control-allow-origin': '*',
  };
}

/**
 * Sets how long browsers cache a file, and for which encoding. Files with a hash in their name are cached permanently; pages are revalidated,
 * so that they are current after an upgrade.
 */
function setCaching(reply: SetHeadersResponse, path: string): void {
  const isHashed = path.includes('/assets/');
  reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  // A cache that is shared keeps one copy for each encoding, not Brotli for everybody.
  reply.setHeader('vary', 'accept-encoding');
}

function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(text);
}

/**
 * Registers GET /console/help and /console/help/…, from `folder` (ends with `/`). The routes answer 503 if nothing was
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
