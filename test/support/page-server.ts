/** A tiny server on loopback that serves each page sample as a route would: rendered, with its headers and a fresh nonce. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '../../src/http/pages/models.js';
import { ENGLISH, type Speech } from '../../src/http/pages/speech.js';
import { headersFor } from '../../src/http/pages/views/headers.js';
import { renderPage } from '../../src/http/pages/views/render.js';

export interface Posted {
  readonly path: string;
  readonly fields: URLSearchParams;
  readonly origin: string | undefined;
}

export interface PageServer {
  readonly origin: string;
  /** Forms that browsers posted, oldest first. */
  readonly posted: Posted[];
  close(): Promise<void>;
}

/** Serves `pages` at `/<name>` in the words of `speech`; takes every POST and answers it with a redirect to `/done` after `delayMs`. */
export async function servePages(
  pages: ReadonlyMap<string, Page>,
  delayMs = 0,
  speech: Speech = ENGLISH,
): Promise<PageServer> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const fields = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
        posted.push({ path, fields, origin: request.headers.origin });
        setTimeout(() => response.writeHead(302, { location: '/done' }).end(), delayMs);
      });
      return;
    }
    const page = pages.get(path.slice(1));
    if (!page) {
      response.writeHead(path === '/done' ? 200 : 404, { 'content-type': 'text/plain' }).end('done');
      return;
    }
    const nonce = randomBytes(16).toString('base64url');
    response.writeHead(200, headersFor(page, nonce)).end(renderPage(page, { nonce, speech }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
