/** The answer when the rest of a login does not fit into the browser's cookie: only a request with huge parameters gets here. */
import type { FastifyReply } from 'fastify';
import type { Identified } from '../../login/stages.js';
import type { SendPage } from '../oauth/authorization-answer.js';
import { brandOf } from './brand.js';

/** Says that the application sent too much. Nothing is cut off, and nothing was begun. */
export function sendTooLarge(
  reply: FastifyReply,
  deps: { readonly sendPage: SendPage },
  identified: Identified,
): FastifyReply {
  return deps.sendPage(
    reply,
    {
      page: 'error',
      brand: brandOf(identified.organization, identified.tenant),
      title: 'The request is too large',
      sentence: 'The application sent more with its request than a browser can carry.',
      advice: 'Go back to the application and tell its support team.',
      reference: 'state too long',
      technical: 'invalid_request: state and the other parameters exceed what fits into a cookie',
      links: [],
    },
    400,
  );
}
