/**
 * Shows a refusal to the person on a page of this server before the application gets it, if the application's setting
 * `refusals` asks for that. Many applications show nothing of the error that they get. Applies only to a request whose
 * answer a person sees. The application gets the same answer in any case.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuthorizationRequest, hasPrompt } from '../../domain/authorization-request.js';
import type { Client } from '../../domain/tenant.js';
import type { Refusal } from '../../login/refusals.js';
import { redirect } from '../oauth/authorization-answer.js';
import type { LoginRoutesDeps } from './deps.js';
import { pageUrl, REFUSED_PATH } from './urls.js';

/** A refused request of an application, before its answer is sent. */
export interface RefusedRequest {
  /** Id of the login; 16 letters and digits. */
  readonly id: string;
  readonly asked: AuthorizationRequest;
  readonly organizationId: string | undefined;
  /** The application, where a step of the login has read it already. */
  readonly client: Client | undefined;
  readonly refusal: Refusal;
  readonly reference: string;
  readonly signedInAs: string | undefined;
}

/**
 * True when a person sees the answer to this request. A silent request, a frame and a script get it as before: nobody
 * would press the button there. Browsers name the place in `Sec-Fetch-Dest` (Fetch Metadata), except over plain http.
 * There, an answer by web_message may be for a hidden frame.
 */
function hasReader({ headers }: FastifyRequest, asked: AuthorizationRequest): boolean {
  if (hasPrompt(asked, 'none')) return false;
  const place = headers['sec-fetch-dest'];
  return place === undefined ? asked.responseMode !== 'web_message' : place === 'document';
}

/**
 * Keeps the refusal in the browser and redirects to its page. Returns false, with nothing sent, if the application gets
 * the answer at once: by its setting, because nobody would read the page, or because the browser's cookies have no room.
 */
export async function tellHere(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  refused: RefusedRequest,
): Promise<boolean> {
  const { id, asked, organizationId, refusal, reference, signedInAs } = refused;
  if (!hasReader(request, asked)) return false;
  const { clientId, redirectUri, responseMode, state, withoutIss } = asked;
  const client = refused.client ?? (await deps.pipeline.reads.findTarget({ clientId }))?.client;
  if (!client?.refusalsOnPage) return false;
  const uiLocales = asked.extra?.ui_locales;
  const kept = await deps.refused.save(request, reply, {
    id,
    clientId,
    ...(organizationId !== undefined && { organizationId }),
    address: { redirectUri, responseMode, ...(state !== undefined && { state }), ...(withoutIss && { withoutIss }) },
    refusal: { code: refusal.code, description: refusal.description },
    reference,
    ...(signedInAs !== undefined && { signedInAs }),
    ...(uiLocales !== undefined && { uiLocales }),
  });
  if (kept) redirect(request, reply, pageUrl(REFUSED_PATH, id));
  return kept;
}
