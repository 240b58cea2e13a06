/**
 * Calls the Management API, with the operator's token and the types of the served document. The console has no other way to the server.
 * Every answer that is not a success becomes an {@link ApiFailure}.
 */
import createClient, { type Middleware } from 'openapi-fetch';
import { getToken, SignedOut } from '../session/session';
import { ApiFailure } from './failure';
import type { paths } from './schema';

const LOST = 'The connection was lost before the answer came. If you were saving, look whether it was saved.';

async function toFailure(response: Response): Promise<ApiFailure> {
  const body = (await response.json().catch(() => undefined)) as { message?: string; errorCode?: string } | undefined;
  return new ApiFailure(response.status, body?.message ?? `The server answered ${response.status}.`, body?.errorCode);
}

const withToken: Middleware = {
  async onRequest({ request }) {
    try {
      request.headers.set('authorization', `Bearer ${await getToken()}`);
    } catch (error) {
      if (error instanceof SignedOut) throw new ApiFailure(401, 'Your session is over.', undefined);
      throw new ApiFailure(0, LOST, undefined);
    }
  },
  async onResponse({ response }) {
    if (!response.ok) throw await toFailure(response);
  },
  onError({ error }) {
    return error instanceof ApiFailure ? error : new ApiFailure(0, LOST, undefined);
  },
};

/** `api.GET('/users/{id}', { params: { path: { id } } })`; rejects with {@link ApiFailure}. */
export const api = createClient<paths>({ baseUrl: '/api/v2' });
api.use(withToken);
