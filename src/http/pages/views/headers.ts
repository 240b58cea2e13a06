/**
 * The response headers of the pages; each names the attack that it stops. Never allows inline style or script without
 * the nonce, and never a frame.
 */
import { parseLogoUrl } from '../../../domain/look/brand-mark.js';
import type { Page } from '../models.js';
import { findBackgroundImage } from './styles.js';

interface PageHeaderOptions {
  /**
   * Origins to which forms of this page may lead, besides this server. `[]`: only this server. Absent: any origin
   * (toPolicy() says why).
   */
  readonly formAction?: readonly string[];
  /** Origins from which the page loads pictures; none when absent. */
  readonly imgSrc?: readonly string[];
}

/** Browser features that a sign-in page never needs, denied so that injected content cannot use them either. */
const PERMISSIONS = 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), fullscreen=()';

function toPolicy(nonce: string, { formAction, imgSrc = [] }: PageHeaderOptions): string {
  const directives = [
    // The page loads nothing except from the sources named below.
    "default-src 'none'",
    // Attack (cross-site scripting, style injection): only scripts and styles that the server wrote in this very
    // response run.
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    // Attack (clickjacking): another site frames the sign-in and lays its own buttons over ours.
    "frame-ancestors 'none'",
    // Attack: an injected <base> sends every form to another server.
    "base-uri 'none'",
  ];
  if (imgSrc.length > 0) directives.push(`img-src ${imgSrc.join(' ')}`);
  // Attack: an injected form posts the password to another server. Chromium applies this directive also to every
  // redirect after the post. In a login those lead through hosts of the identity provider and the application, which
  // nobody can list beforehand. So pages whose answer may leave this server have no such directive, and rely on
  // escaping and the nonce. The other pages have it.
  if (formAction) directives.push(`form-action ${["'self'", ...formAction].join(' ')}`);
  return directives.join('; ');
}

/**
 * Returns the headers of a page that was rendered with `nonce`: base64 or base64url, at least 128 bits, new for each
 * response.
 */
export function pageHeaders(nonce: string, options: PageHeaderOptions = {}): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': toPolicy(nonce, options),
    // Attack (clickjacking): does the same in browsers that do not know `frame-ancestors`.
    'x-frame-options': 'DENY',
    // Attack: `state` and the address in the URL leak to the logo's host or to a linked page. Not `no-referrer`: with
    // it, browsers send `Origin: null` with our own forms, and the check of the origin could not tell them from those
    // of another site.
    'referrer-policy': 'same-origin',
    // Attack: a browser interprets the page as something else than HTML.
    'x-content-type-options': 'nosniff',
    // Attack: somebody else reads the page from a shared cache, or by the back button after a sign-out.
    'cache-control': 'no-store',
    'permissions-policy': PERMISSIONS,
  };
}

/** Pages whose forms this server answers with another page of its own. */
const STAYS_HERE: ReadonlySet<Page['page']> = new Set([
  'forgot-password',
  'reset-password',
  'signed-out',
  'refusal',
  'error',
]);

/**
 * Returns the origins of this page's pictures. No others are allowed, so that an injected picture cannot send the
 * page's content to another server. If a logo's address redirects to another host, the page shows the initial instead.
 */
function findPictureSources(page: Page): readonly string[] {
  const urls = [
    page.brand.logoUrl,
    page.brand.faviconUrl,
    findBackgroundImage(page.brand),
    ...(page.page === 'organization-picker' ? page.organizations.map((o) => o.logoUrl) : []),
  ];
  const sources = urls.map(parseLogoUrl).filter((url) => url !== undefined);
  return [...new Set(sources.map((url) => new URL(url).origin))];
}

/** Returns {@link pageHeaders} with the options that `page` needs. */
export function headersFor(page: Page, nonce: string): Readonly<Record<string, string>> {
  return pageHeaders(nonce, {
    ...(STAYS_HERE.has(page.page) ? { formAction: [] } : {}),
    imgSrc: findPictureSources(page),
  });
}
