/**
 * The few Management API calls that commands make, over Node's fetch: a token by client credentials, then JSON. Bounded in time and size,
 * follows no redirect (it would carry the secret elsewhere), and says which side was at fault: an answer 4xx is wrong use, anything else is
 * the other side.
 */
import { CommandError, EXIT, toMessage } from './exit.js';
import type { TenantAccess } from './tenant-access.js';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface ManagementClient {
  /** The parsed body of a 2xx answer to `GET {origin}/api/v2{path}`. */
  get(path: string): Promise<unknown>;
  /** The same, undefined for 404. */
  find(path: string): Promise<unknown>;
  /** The parsed body of a 2xx answer to `POST {origin}/api/v2{path}` with a JSON body. */
  post(path: string, body: unknown): Promise<unknown>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function readBody(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB`);
    chunks.push(part.value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function send(origin: string, path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(`${origin}${path}`, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: parseJson(await readBody(response)) };
  } catch (error) {
    throw new CommandError(
      EXIT.otherSide,
      `${origin} does not answer: ${toMessage(error)}.`,
      'Is the server running, and is its certificate trusted (NODE_EXTRA_CA_CERTS=ca.pem for a CA of your own)?',
    );
  }
}

/** One line out of an error body of Auth0's shape (`message`, or OAuth's `error_description`). */
function toReason(body: unknown): string {
  if (typeof body !== 'object' || body === null) return 'no readable reason';
  const { message, error_description: description, error } = body as Record<string, unknown>;
  const reason = [message, description, error].find((text) => typeof text === 'string' && text !== '');
  return typeof reason === 'string' ? reason : 'no readable reason';
}

function checkStatus(answer: Answer, what: string, advice: string | undefined): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const wrongUse = status >= 400 && status < 500 && status !== 408 && status !== 429;
  throw new CommandError(
    wrongUse ? EXIT.wrongUse : EXIT.otherSide,
    `${what}: ${status}, ${toReason(answer.body)}.`.replace(/\.\.$/, '.'),
    wrongUse ? advice : 'Try again later; the server log says more.',
  );
}

async function fetchToken(access: TenantAccess): Promise<string> {
  const answer = await send(access.origin, '/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: access.clientId,
      client_secret: access.clientSecret,
      audience: `${access.origin}/api/v2/`,
    }),
  });
  checkStatus(answer, `${access.origin} gave no token`, 'Check the client id and secret, and its grant for /api/v2/.');
  const token = (answer.body as { access_token?: unknown } | undefined)?.access_token;
  if (typeof token !== 'string') {
    throw new CommandError(EXIT.otherSide, `${access.origin} answered the token request without a token.`);
  }
  return token;
}

/** Signs in to the tenant (RFC 6749 section 4.4). Throws {@link CommandError}; every method of the client does as well. */
export async function connectManagement(access: TenantAccess): Promise<ManagementClient> {
  const token = await fetchToken(access);
  const ask = (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> =>
    send(access.origin, `/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const read = (answer: Answer, method: string, path: string): unknown => {
    checkStatus(answer, `${method} ${decodeURIComponent(path)}`, undefined);
    if (answer.body === undefined) {
      throw new CommandError(EXIT.otherSide, `${method} ${path} was answered with something that is not JSON.`);
    }
    return answer.body;
  };
  return {
    get: async (path) => read(await ask('GET', path), 'GET', path),
    find: async (path) => {
      const answer = await ask('GET', path);
      return answer.status === 404 ? undefined : read(answer, 'GET', path);
    },
    post: async (path, body) => read(await ask('POST', path, body), 'POST', path),
  };
}
