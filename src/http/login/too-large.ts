/**
 * Answers when the data that a login has to keep fits neither into cookies nor into a row. Only a request with huge
 * parameters causes this.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { REFUSALS, refuse } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import { MAX_CONTENT_BYTES } from '../browser/unfinished.js';
import { sayRefusal } from '../pages/speech.js';
import type { LoginRoutesDeps } from './deps.js';
import { recordRefusedRequest } from './refused-request.js';

/**
 * Logs the refusal, and shows the page which says that the application sent too much. Nothing was shortened, and no
 * further step was begun.
 */
export async function sendTooLarge(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  identified: Identified,
): Promise<FastifyReply> {
  const { client, organization } = identified;
  const code = 'identify.request_too_large';
  const { status, oauthError, description } = REFUSALS[code];
  const trace = newTrace({ organizationId: organization?.id });
  const most = `at most ${MAX_CONTENT_BYTES} bytes, compressed, and few of that size at a time`;
  trace.add('identify', 'cookie', 'refuse', { client: client.name, path: request.url.split('?')[0] ?? '', most });
  const refused = {
    refusal: refuse(code, `no room for what the login has to keep: ${most}`),
    trace,
    clientId: client.clientId,
  };
  const reference = await recordRefusedRequest(request, deps, refused);
  return deps.sendPage(
    reply,
    {
      page: 'error',
      brand: brandOf(identified, deps.origin),
      ...sayRefusal(code),
      reference,
      technical: `${oauthError}: ${description} (${most})`,
      links: [],
    },
    identified,
    status,
  );
}
