/**
 * Response headers of the hosted pages. Each one names the attack that it stops. Never allows inline style or script
 * without the nonce, and never a frame.
 */
import { parseLogoUrl } from '../../../domain/look/brand-mark.js';
import type { Page } from '../models.js';
import { findBackgroundImage } from './styles.js';

interface PageHeaderOptions {
  /**
   * Where forms of this page may end up, besides this server. Absent: no limit (see below). `[]`: only this server.
   */
  readonly formAction?: readonly string[];
  /** Origins of pictures; none when absent. */
  readonly imgSrc?: readonly string[];
}

/** Things of the browser that a sign-in page never needs; denied so that injected content could not use them either. */
const PERMISSIONS = 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), fullscreen=()';

function toPolicy(nonce: string, { formAction, imgSrc = [] }: PageHeaderOptions): string {
  const directives = [
    // Nothing may be loaded, unless named below.
    "default-src 'none'",
    // Cross-site scripting and style injection: only scripts and styles that the server wrote in this very response run.
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    // Clickjacking: a page that frames the sign-in and lays its own buttons over ours.
    "frame-ancestors 'none'",
    // An injected <base> that sends every form to somebody else's server.
    "base-uri 'none'",
  ];
  if (imgSrc.length > 0) directives.push(`img-src ${imgSrc.join(' ')}`);
  // An injected form that posts the password elsewhere. Chromium applies this directive to every redirect after the post
  // too, and those lead through the IdP's and the application's own hosts, which nobody can list beforehand: so pages
  // whose answer may leave this server go without it, and rely on escaping and the nonce. Pages that stay here have it.
  if (formAction) directives.push(`form-action ${["'self'", ...formAction].join(' ')}`);
  return directives.join('; ');
}

/** Headers for a page that was rendered with `nonce` (base64 or base64url, at least 128 bits, fresh for each response). */
export function pageHeaders(nonce: string, options: PageHeaderOptions = {}): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': toPolicy(nonce, options),
    // Clickjacking, for browsers without frame-ancestors.
    'x-frame-options': 'DENY',
    // Leak of `state` and of the address in the URL to the logo's host or to a linked page. Not `no-referrer`: with it
    // browsers send `Origin: null` with our own forms, and a check of the origin could not tell ours from a stranger's.
    'referrer-policy': 'same-origin',
    // A browser that takes the page for something else than HTML.
    'x-content-type-options': 'nosniff',
    // Somebody else reading the page from a shared cache, or by the back button after signing out.
    'cache-control': 'no-store',
    'permissions-policy': PERMISSIONS,
  };
}

/** Pages whose forms are answered by this server with another page of its own. */
const STAYS_HERE: ReadonlySet<Page['page']> = new Set([
  'forgot-password',
  'reset-password',
  'signed-out',
  'refusal',
  'error',
]);

/**
 * The origins of the pictures of this page and no others: an injected picture cannot carry what is on the page to somebody else's server. A
 * logo whose address redirects to another host is not shown; the initial is.
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

/** {@link pageHeaders} with the options that `page` needs. */
export function headersFor(page: Page, nonce: string): Readonly<Record<string, string>> {
  return pageHeaders(nonce, {
    ...(STAYS_HERE.has(page.page) ? { formAction: [] } : {}),
    imgSrc: findPictureSources(page),
  });
}
