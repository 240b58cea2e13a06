/** The world outside, played on loopback: what Actions tell it is written down, and its answers are like those of the services meant. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { jwtVerify, SignJWT } from 'jose';

export const RIGHTS_SECRET = 'known to the service for rights, and to the Action';

export interface Heard {
  /** `POST /people`. */
  readonly call: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Services {
  /** Origin, without a slash. */
  readonly url: string;
  /** The same services over https; undefined where there is no certificate. */
  readonly secureUrl: string | undefined;
  /** Requests since it was last emptied. */
  readonly heard: Heard[];
  stop(): Promise<void>;
}

type Answer = readonly [status: number, body?: unknown];

const contacts = new Map<string, string>();

function upsertContact(path: string, body: string): Answer {
  if (path === '/contacts/search') {
    const { filters } = JSON.parse(body) as { filters: readonly { value: string }[] };
    const id = contacts.get(filters[0]?.value ?? '');
    return [200, { results: id === undefined ? [] : [{ id }] }];
  }
  const { properties } = JSON.parse(body) as { properties: { email: string } };
  const id = `contact-${properties.email}`;
  contacts.set(properties.email, id);
  // As if somebody else had been a moment quicker.
  return properties.email.startsWith('race') ? [409, { message: 'exists' }] : [201, { id }];
}

/** Believes the assertion of the Action only when it is signed, and signs its own answer for that person. */
async function tellRights(authorization: string | undefined, url: string): Promise<Answer> {
  const key = new TextEncoder().encode(RIGHTS_SECRET);
  const token = authorization?.replace(/^Bearer /, '') ?? '';
  const { payload } = await jwtVerify(token, key, { audience: url, issuer: 'main' });
  if (!/^[0-9a-f-]{36}$/.test(payload.jti ?? '') || payload.sub === undefined) return [401];
  const answer = new SignJWT({ rights: ['read', 'share'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(payload.sub);
  return [200, await answer.setExpirationTime('1m').sign(key)];
}

function createAnswers(
  getUrl: () => string,
): (request: IncomingMessage, body: string) => Promise<Answer> | Answer | undefined {
  let isFlaky = true;
  return (request, body) => {
    const { pathname } = new URL(request.url ?? '/', 'http://services');
    if (pathname.startsWith('/contacts')) return upsertContact(pathname, body);
    if (pathname.startsWith('/email/')) return [200, { disposable: pathname.includes('/gone') }];
    switch (pathname) {
      case '/people':
        return request.headers['x-api-key'] === 'key' ? [201, { id: 'p-1' }] : [403, { why: 'no key' }];
      case '/collect':
        return [202, 'taken'];
      case '/collect/silent':
        return undefined;
      case '/token':
        return /name="client_secret"\r\n\r\nsales secret\r\n/.test(body)
          ? [200, { access_token: 'sales-token' }]
          : [401];
      case '/leads':
        return request.headers.authorization === 'Bearer sales-token' ? [201, {}] : [401];
      case '/rights':
        return tellRights(request.headers.authorization, `${getUrl()}/rights`);
      case '/flags':
        return [200, { beta: 1, dark: 0 }];
      case '/flaky':
        isFlaky = !isFlaky;
        return isFlaky ? [200, { plan: 'team', internal: true }] : [503];
      case '/photo':
        return [200, { initials: Buffer.from('ad').toString('base64') }];
      case '/chat':
        return [200, 'ok'];
      case '/hook':
      case '/security':
        return [204];
      default:
        return [500, { error: 'broken' }];
    }
  };
}

async function send(response: ServerResponse, answer: Promise<Answer> | Answer | undefined): Promise<void> {
  if (answer === undefined) return;
  const [status, body] = await Promise.resolve(answer).catch((error: unknown): Answer => [401, String(error)]);
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
  response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
}

/** Starts them. `certificate` (PEM) is what they show over https. */
export async function startServices(certificate?: { readonly cert: Buffer; readonly key: Buffer }): Promise<Services> {
  const heard: Heard[] = [];
  let url = '';
  const answerTo = createAnswers(() => url);
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      heard.push({ call: `${request.method} ${request.url}`, headers: request.headers, body });
      void send(response, answerTo(request, body));
    });
  };
  const servers = [createServer(listener), ...(certificate ? [createSecureServer(certificate, listener)] : [])];
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const [port, securePort] = servers.map((server) => (server.address() as AddressInfo).port);
  url = `http://127.0.0.1:${port}`;
  return {
    url,
    secureUrl: securePort === undefined ? undefined : `https://localhost:${securePort}`,
    heard,
    async stop() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
