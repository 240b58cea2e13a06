/** The page of `response_mode=web_message`, read as Auth0's browser SDKs read it. */
import { CALLBACK, type Visitor } from './cast.js';
import type { Visit } from './http-browser.js';

/** Returns the message that the page posts to the application's window. */
export function messageOf({ text }: Pick<Visit, 'text'>): Record<string, string> {
  const found = /postMessage\((\{.*?\}),"/.exec(text)?.[1];
  if (found === undefined) throw new Error(`no message: ${text.slice(0, 500)}`);
  return (JSON.parse(found) as { response: Record<string, string> }).response;
}

/** Exchanges the code of the message. Throws with what came instead of a code. */
export function redeemMessage(visitor: Pick<Visitor, 'redeem'>, page: Visit) {
  const url = new URL(CALLBACK);
  url.search = String(new URLSearchParams(messageOf(page)));
  return visitor.redeem({ ...page, url });
}
