/**
 * The console's *Help* in the demo. A checkout has no built site (`npm run docs` makes it). So each page is rendered
 * from the same documents when somebody opens it, without scripts and search. Does nothing if the site was built.
 */
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { findPictures, ROOT } from '../scripts/docs/find-documents.js';
import type { Page } from '../scripts/docs/page.js';
import { CONSOLE_BASE } from '../scripts/docs/settings.js';
import { SIDEBAR, type SidebarGroup } from '../scripts/docs/sidebar.js';
import { Html, html } from './html.js';

/** The site's renderer without colors for code: the policy of these pages refuses their styles. */
interface Renderer {
  render(text: string, environment: object): string;
}

interface Documents {
  readonly pages: ReadonlyMap<string, Page>;
  readonly renderer: Renderer;
}

const STYLES = 'plain.css';

const POLICY = [
  "default-src 'none'; style-src 'self'; img-src 'self'",
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  // The same policy as for the built site: the pages get an origin of their own, without the console's cookies.
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** Reads all documents and starts the renderer. */
export async function readDocuments(): Promise<Documents> {
  // Loaded on demand, because it takes a second or two and would delay the start of the demo.
  const [{ createMarkdownRenderer }, { composePages }] = await Promise.all([
    import('vitepress'),
    import('../scripts/docs/compose.js'),
  ]);
  const highlight = (code: string) => html`<pre tabindex="0"><code>${code}</code></pre>`.toString();
  const renderer = await createMarkdownRenderer(`${ROOT}docs`, { highlight }, CONSOLE_BASE);
  return { pages: new Map(composePages().map((page) => [page.path, page])), renderer };
}

const toAddress = (path: string): string =>
  CONSOLE_BASE + path.replace(/(^|\/)index\.md$/, '$1').replace('.md', '.html');

function toList(entries: SidebarGroup['entries'], documents: Documents, open: string): Html {
  const items = entries.map((entry) => {
    const { path } = entry;
    const name = entry.name ?? documents.pages.get(path ?? '')?.title ?? path;
    const current = path === open && html` aria-current="page"`;
    const label = path === undefined ? html`<b>${name}</b>` : html`<a href="${toAddress(path)}"${current}>${name}</a>`;
    return html`<li>${label}${'entries' in entry && toList(entry.entries, documents, open)}</li>`;
  });
  return html`<ul>${items}</ul>`;
}

function toDocument(title: string, content: Html, documents: Documents, open: string): string {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title} · Vestibule</title><link rel="stylesheet" href="${CONSOLE_BASE + STYLES}"></head><body>
<nav aria-label="Documentation"><details><summary>All pages</summary>${toList(SIDEBAR, documents, open)}</details></nav>
<main>${content}</main>
<footer>The plain form of the documentation. <code>npm run docs</code> builds it with a search; then start the demo again.</footer>
</body></html>`.toString();
}

function send(reply: FastifyReply, status: number, type: string, body: string | Buffer): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': type,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    })
    .send(body);
}

function sendPage(reply: FastifyReply, path: string, documents: Documents): FastifyReply {
  const page = documents.pages.get(path);
  if (page === undefined) {
    const nothing = html`<h1>There is no such page</h1><p><a href="${CONSOLE_BASE}">To the first page</a></p>`;
    return send(reply, 404, 'text/html; charset=utf-8', toDocument('Not found', nothing, documents, path));
  }
  const environment = { path: `${ROOT}docs/${path}`, relativePath: path, cleanUrls: false };
  const content = new Html(documents.renderer.render(page.text, environment));
  return send(reply, 200, 'text/html; charset=utf-8', toDocument(page.title, content, documents, path));
}

/** Returns the document for an address below the help. The address of a folder stands for its first page. */
function toPath(address: string): string {
  const path = address.slice(CONSOLE_BASE.length);
  return path === '' || path.endsWith('/') ? `${path}index.md` : path.replace(/\.html$/, '.md');
}

const TYPES: Readonly<Record<string, string>> = { png: 'image/png', svg: 'image/svg+xml' };

/**
 * Returns a function for the server's `onApp` option. Does nothing if `built`, the folder of the built site, exists.
 * Calls `read` once, and again after a failure.
 */
export function serveHelp(built: string | undefined, read = readDocuments): (app: FastifyInstance) => void {
  return (app) => {
    if (built !== undefined) return;
    const pictures = new Map(findPictures().map((path) => [path.replace(/^docs\//, ''), path]));
    let documents: Promise<Documents> | undefined;
    app.addHook('onRequest', async (request, reply) => {
      const [address = ''] = request.url.split('?');
      if (request.method !== 'GET' || !address.startsWith(CONSOLE_BASE)) return undefined;
      const name = address.slice(CONSOLE_BASE.length);
      if (name === STYLES)
        return send(reply, 200, 'text/css; charset=utf-8', readFileSync(`${ROOT}demo/public/help.css`));
      const picture = pictures.get(name);
      const type = TYPES[name.split('.').at(-1) ?? ''];
      // Attack (path traversal): reads only files that the list names.
      if (picture !== undefined && type !== undefined) return send(reply, 200, type, readFileSync(`${ROOT}${picture}`));
      documents ??= read().catch((error: unknown) => {
        documents = undefined;
        throw error;
      });
      return sendPage(reply, toPath(address), await documents);
    });
  };
}
