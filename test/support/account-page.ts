/** Steps on the page of the account: a button pressed by its value, what the page holds, a second factor set up. */
import { TOTP } from 'otpauth';
import type { Visitor } from './cast.js';
import type { HttpBrowser, Visit } from './http-browser.js';

/** Presses the button with this value on the page of the account, as the browser would. */
export async function press(browser: HttpBrowser, page: Visit, action: string): Promise<Visit> {
  const values = [...page.text.matchAll(/<button[^>]*name="action" value="([^"]*)"/g)].map(([, value]) => value);
  if (!values.includes(action)) throw new Error(`no button ${action} but ${values.join(', ')}`);
  return post(browser, page, { action });
}

/** Posts a form to the page of the account, whether or not the page has a button for it. */
export function post(
  browser: HttpBrowser,
  page: Visit,
  fields: Record<string, string>,
  origin = page.url.origin,
): Promise<Visit> {
  const url = new URL('/account', page.url).href;
  return browser.visit(url, { method: 'POST', body: new URLSearchParams(fields), headers: { origin } });
}

/** The values of the buttons that begin with `verb:`, without it. */
export function idsOf(page: Visit, verb: 'remove' | 'end' | 'add'): readonly string[] {
  return [...page.text.matchAll(new RegExp(`name="action" value="${verb}:([^"]*)"`, 'g'))].map(([, id = '']) => id);
}

export const openAccount = (visitor: Pick<Visitor, 'browser' | 'cast'>, query = '') =>
  visitor.browser.visit(`${visitor.cast.instance.origin}/account${query}`);

/** The secret that a page shows for an authenticator app. */
export function secretOf(page: Visit): string {
  const found = /data-copy="([A-Z2-7]{32})"/.exec(page.text)?.[1];
  if (found === undefined) throw new Error(`no secret on ${page.url.href}`);
  return found;
}

export const recoveryCodeOf = (page: Visit) => /data-copy="([A-Z0-9]{24})"/.exec(page.text)?.[1];

export const totpOf = (secret: string, at: Date) => new TOTP({ secret }).generate({ timestamp: at.getTime() });
