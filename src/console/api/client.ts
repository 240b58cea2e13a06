/**
 * Calls the Management API with the operator's token, typed by its OpenAPI document. The console has no other access to
 * the server's data. Each failed answer becomes an {@link ApiFailure}.
 */
import createClient, { type Middleware } from 'openapi-fetch';
import { now } from '../clock';
import { getToken, SignedOut } from '../session/session';
import type { FormOf, Method, PathOf, Sent } from './answers';
import { ApiFailure } from './failure';
import type { paths } from './schema';
import { noteVersion } from './version';

const LOST = 'The connection was lost before the server answered. If you were saving, check whether it was saved.';

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
      if (error instanceof SignedOut) throw new ApiFailure(401, 'Your session has expired.', undefined);
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

/** Sends a request with one method. A returned answer always has data: for a failed answer, the promise rejects. */
type Send<M extends Method> = <P extends PathOf<M>, const S extends Sent<P, M>>(
  path: P,
  ...sent: object extends Sent<P, M> ? [sent?: S] : [sent: S]
) => Promise<{ readonly data: FormOf<P, M, S>; readonly response: Response }>;

interface Api {
  readonly GET: Send<'get'>;
  readonly POST: Send<'post'>;
  readonly PUT: Send<'put'>;
  readonly PATCH: Send<'patch'>;
  readonly DELETE: Send<'delete'>;
}

// The library's own types also describe failed answers, and lose readonly lists. At run time, nothing differs.
const sending = client as unknown as Api;

/**
 * Sends requests, for example `api.GET('/users/{id}', { params: { path: { id } } })`. Rejects with {@link ApiFailure}.
 */
export const api: Api = {
  ...sending,
  /** Sends a GET, and remembers the version (`ETag`) of the answer. */
  async GET(path, ...sent) {
    const answer = await sending.GET(path, ...sent);
    noteVersion(answer.data, answer.response);
    return answer;
  },
};
