/** A browser's cookies without a browser, for tests of what this server puts there; and an overflow that is a map. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CookieOverflow } from '../../src/ports/cookie-overflow.js';

type Headers = Readonly<Record<string, string>>;

export interface Asked {
  readonly method?: string;
  readonly query?: Headers;
  readonly headers?: Headers;
  /** The cookies that the request shows; those of now where none are given. */
  readonly cookie?: string;
}

export class CookieJar {
  private readonly cookies = new Map<string, string>();

  plant(name: string, value: string): void {
    this.cookies.set(name, value);
  }

  names(): readonly string[] {
    return [...this.cookies.keys()];
  }

  /** As the header of a request has them. */
  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  request({ method = 'GET', query = {}, headers = {}, cookie = this.header() }: Asked = {}): FastifyRequest {
    return { method, query, headers: { ...headers, cookie }, ip: '192.0.2.1' } as unknown as FastifyRequest;
  }

  /** Has `answer` answer a request, and keeps what it sets. */
  async visit<T>(answer: (request: FastifyRequest, reply: FastifyReply) => Promise<T>, asked: Asked = {}): Promise<T> {
    const request = this.request(asked);
    const lines: string[] = [];
    const reply = {
      request,
      log: { warn: () => undefined, info: () => undefined },
      header: (_name: string, line: string) => {
        lines.push(line);
        return reply;
      },
      getHeader: () => (lines.length === 0 ? undefined : lines),
    } as unknown as FastifyReply;
    const result = await answer(request, reply);
    for (const line of lines) {
      const [pair = ''] = line.split(';', 1);
      const name = pair.slice(0, pair.indexOf('='));
      if (/;\s*Max-Age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(pair.indexOf('=') + 1));
    }
    return result;
  }
}

/** Keeps everything that has not expired; `count` tells how much. */
export function createOverflowInMemory(): CookieOverflow & { count(): number } {
  const rows = new Map<string, { content: Buffer; expiresAt: Date }>();
  return {
    count: () => rows.size,
    async put({ key, content, replaces, expiresAt }) {
      for (const other of replaces) rows.delete(other.toString('hex'));
      rows.set(key.toString('hex'), { content, expiresAt });
      return true;
    },
    async find(key, at) {
      const row = rows.get(key.toString('hex'));
      return row !== undefined && row.expiresAt > at ? row.content : undefined;
    },
    async remove(keys) {
      for (const key of keys) rows.delete(key.toString('hex'));
    },
  };
}
