/**
 * Sends the answer of /authorize to the application, in the requested mode (query, fragment, form_post, web_message).
 * Adds `iss` against mix-up attacks (RFC 9207), unless the client's settings leave it out.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Entropy } from '../../kernel/ids.js';
import type { Page, PageBrand } from '../pages/models.js';
import type { SpeechPlace } from '../pages/speech.js';
import type { AnswerAddress } from './authorization-parameters.js';
import { sendWebMessage } from './web-message.js';

export interface AnswerDeps {
  readonly origin: string;
  readonly sendPage: SendPage;
  readonly pipeline: { readonly entropy: Entropy };
}

/** Sends a page in the language that `place` and the browser's request decide; the default status is 200. */
export type SendPage = (reply: FastifyReply, page: Page, place: SpeechPlace, status?: number) => FastifyReply;

/**
 * Redirects. After a posted form, the status 303 makes the browser send a GET (RFC 9110 section 15.4.4). A 307 would
 * post the password again.
 */
export function redirect(request: FastifyRequest, reply: FastifyReply, url: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(url, request.method === 'POST' ? 303 : 302);
}

/** Returns the redirect URI with `fields` in its query or fragment. */
export function toAnswerUrl(address: AnswerAddress, fields: Readonly<Record<string, string>>): string {
  const url = new URL(address.redirectUri);
  if (address.responseMode === 'fragment') {
    url.hash = new URLSearchParams(fields).toString();
    return url.href;
  }
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return url.href;
}

/** Returns `fields` with the parameters that every answer has: `state` and `iss`. */
export function answerFields(
  deps: { origin: string },
  address: AnswerAddress,
  fields: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    ...fields,
    ...(address.state !== undefined && { state: address.state }),
    // `iss` stops the mix-up attack (RFC 9207). Only a setting of the single client leaves it out.
    ...(address.withoutIss !== true && { iss: `${deps.origin}/` }),
  };
}

/**
 * Sends `fields`, a code or an error, to the application. `brand` and `place` are for the page that form_post needs.
 */
export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: AnswerDeps,
  answer: {
    address: AnswerAddress;
    fields: Readonly<Record<string, string>>;
    brand: PageBrand;
    place: SpeechPlace;
  },
): FastifyReply {
  const fields = answerFields(deps, answer.address, answer.fields);
  if (answer.address.responseMode === 'form_post') {
    const { brand, place, address } = answer;
    return deps.sendPage(reply, { page: 'form-post', brand, action: address.redirectUri, fields }, place);
  }
  if (answer.address.responseMode === 'web_message') {
    const { redirectUri } = answer.address;
    return sendWebMessage(reply, deps.pipeline.entropy, { redirectUri, fields });
  }
  return redirect(request, reply, toAnswerUrl(answer.address, fields));
}
