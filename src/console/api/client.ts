/**
 * Calls the Management API with the operator's token and the types of the served document. The console has no other
 * access to the server. Every failed answer becomes an {@link ApiFailure}.
 */
import createClient, { type Middleware } from 'openapi-fetch';
import { now } from '../clock';
import { getToken, SignedOut } from '../session/session';
import { ApiFailure } from './failure';
import type { paths } from './schema';
import { noteVersion } from './version';

const LOST = 'The connection was lost before the answer came. If you were saving, look whether it was saved.';

async function toFailure(request: Request, response: Response): Promise<ApiFailure> {
  const body = (await response.json().catch(() => undefined)) as { message?: string; errorCode?: string } | undefined;
  const call = { request: `${request.method} ${new URL(request.url).pathname}`, at: now() };
  const message = body?.message ?? `The server answered ${response.status}.`;
  return new ApiFailure(response.status, message, body?.errorCode, call);
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
  async onResponse({ request, response }) {
    if (!response.ok) throw await toFailure(request, response);
  },
  onError({ error }) {
    return error instanceof ApiFailure ? error : new ApiFailure(0, LOST, undefined);
  },
};

const client = createClient<paths>({ baseUrl: '/api/v2' });
client.use(withToken);

type Get = (...asked: readonly unknown[]) => Promise<{ readonly data?: unknown; readonly response: Response }>;

/** Wraps the library's GET to note the version of the answer. */
const get: Get = async (...asked) => {
  const answer = await (client.GET as unknown as Get)(...asked);
  noteVersion(answer.data, answer.response);
  return answer;
};

/** Sends requests: `api.GET('/users/{id}', { params: { path: { id } } })`. Rejects with {@link ApiFailure}. */
export const api = { ...client, GET: get as unknown as typeof client.GET };
