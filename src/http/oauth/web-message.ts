/**
 * Sends the answer of /authorize with `response_mode=web_message`, which Auth0's browser SDKs request from a popup or a
 * hidden frame. The answer is a page without text. Its script posts the result to the window that opened or framed the
 * page. Posts only to the origin of the redirect URI, which must be one of the client's own web origins.
 */
import type { FastifyReply } from 'fastify';
import type { Client } from '../../domain/tenant.js';
import { type Entropy, newSecret } from '../../kernel/ids.js';

function originOf(url: string): string | undefined {
  const origin = URL.canParse(url) ? new URL(url).origin : undefined;
  // "null" is the origin of native apps' schemes, but also of every sandboxed frame of any site.
  return origin === 'null' ? undefined : origin;
}

/** Returns the origin of the redirect URI, if the client lists it among its `web_origins` ("Allowed Web Origins"). */
export function findMessageTarget(client: Client, redirectUri: string): string | undefined {
  const origin = originOf(redirectUri);
  return origin !== undefined && client.webOrigins.some((url) => originOf(url) === origin) ? origin : undefined;
}

/**
 * Returns JSON that can be placed in a script element. Attack (cross-site scripting): a `<` in `state` ends the
 * element.
 */
function toScriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Sends the page. Only the origin of `redirectUri` may read the message and frame the page. Attack: another site steals
 * the code.
 */
export function sendWebMessage(
  reply: FastifyReply,
  entropy: Entropy,
  answer: { readonly redirectUri: string; readonly fields: Readonly<Record<string, string>> },
): FastifyReply {
  const target = new URL(answer.redirectUri).origin;
  const nonce = newSecret(entropy);
  const message = { type: 'authorization_response', response: answer.fields };
  const script =
    `const to=window.opener||window.parent;` +
    `if(to!==window)to.postMessage(${toScriptJson(message)},${toScriptJson(target)});`;
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header(
      'content-security-policy',
      `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors ${target}`,
    )
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .send(
      `<!doctype html><html lang="en"><title>Signing you in</title><script nonce="${nonce}">${script}</script></html>`,
    );
}
