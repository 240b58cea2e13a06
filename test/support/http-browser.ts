/**
 * A browser without a screen: cookies by host, redirects hop by hop, forms as a person would fill them in. Each step is kept,
 * so that a test can say what the person saw.
 */
import { reach } from './stand-ins.js';

/** One of several servers of a tenant: `origin` is the tenant's address, `address` where this one listens. */
export interface Node {
  readonly origin: string;
  readonly address?: string;
}

export interface Form {
  readonly action: string;
  readonly method: 'GET' | 'POST';
  readonly fields: Readonly<Record<string, string>>;
}

export interface Visit {
  readonly status: number;
  readonly url: URL;
  readonly text: string;
  readonly forms: readonly Form[];
  readonly headers: Headers;
}

function decode(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return match ? decode(match[1] ?? match[2] ?? match[3] ?? '') : undefined;
}

function parseForms(html: string, base: URL): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map((match) => {
    const tag = `<form${match[1]}>`;
    const fields: Record<string, string> = {};
    for (const input of (match[2] ?? '').matchAll(/<(input|button)\b[^>]*>/gi)) {
      const name = attribute(input[0], 'name');
      // Enter presses the first button.
      if (name === undefined || (input[1]?.toLowerCase() === 'button' && name in fields)) continue;
      fields[name] = attribute(input[0], 'value') ?? '';
    }
    const method = (attribute(tag, 'method') ?? 'get').toUpperCase() === 'POST' ? 'POST' : 'GET';
    return { action: new URL(attribute(tag, 'action') ?? base.href, base).href, method, fields };
  });
}

export class HttpBrowser {
  private readonly jar = new Map<string, Map<string, string>>();
  /** The network address that a proxy, if it is trusted, says this browser has. */
  forwardedFor: string | undefined;
  userAgent = 'HttpBrowser/1';
  /** `callback` is where the application listens: a redirect there ends the walk without a request. `node` answers what goes to the tenant. */
  constructor(
    private readonly callback: string,
    private readonly node?: Node,
  ) {}

  /** Cookies of a host, by name. */
  cookies(host: string): ReadonlyMap<string, string> {
    return this.jar.get(host) ?? new Map();
  }

  /** Another browser with the same cookies, as of now. */
  clone(): HttpBrowser {
    const copy = new HttpBrowser(this.callback, this.node);
    for (const [host, cookies] of this.jar) copy.jar.set(host, new Map(cookies));
    return copy;
  }

  private store(url: URL, lines: readonly string[]): void {
    const cookies = this.jar.get(url.host) ?? new Map<string, string>();
    this.jar.set(url.host, cookies);
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      const gone = attributes.some((item) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(item));
      if (gone) cookies.delete(name);
      else cookies.set(name, pair.slice(pair.indexOf('=') + 1));
    }
  }

  /** One request, no redirect followed. */
  async request(
    address: string | URL,
    options: { method?: string; body?: URLSearchParams | string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const url = new URL(address);
    const cookie = [...(this.jar.get(url.host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    const isTenants = this.node?.address !== undefined && url.origin === this.node.origin;
    const place = isTenants ? new URL(url.pathname + url.search, this.node?.address) : url;
    const response = await fetch(reach(place), {
      method: options.method ?? 'GET',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        'user-agent': this.userAgent,
        ...(cookie && { cookie }),
        ...(this.forwardedFor !== undefined && { 'x-forwarded-for': this.forwardedFor }),
        ...options.headers,
      },
      ...(options.body && { body: options.body }),
    });
    this.store(url, response.headers.getSetCookie());
    return response;
  }

  /** Follows redirects until a page or the application's callback. */
  async visit(
    address: string | URL,
    options: { method?: string; body?: URLSearchParams | string; headers?: Record<string, string> } = {},
  ): Promise<Visit> {
    let url = new URL(address);
    let request = options;
    for (let hop = 0; hop < 20; hop++) {
      if (url.href.startsWith(this.callback)) return { status: 0, url, text: '', forms: [], headers: new Headers() };
      const response = await this.request(url, request);
      const location = response.headers.get('location');
      if (location === null) {
        const text = await response.text();
        return { status: response.status, url, text, forms: parseForms(text, url), headers: response.headers };
      }
      await response.arrayBuffer();
      url = new URL(location, url);
      request = {};
    }
    throw new Error(`too many redirects, last to ${url.href}`);
  }

  /** Fills in the first form of a page that has the given fields, and submits it. */
  async submit(page: Visit, values: Record<string, string> = {}): Promise<Visit> {
    const names = Object.keys(values).filter((name) => name !== 'action');
    const form = page.forms.find((item) => names.every((name) => name in item.fields));
    if (!form)
      throw new Error(
        `no form with ${names.join(', ') || 'anything'} on ${page.url.href}: ${page.status} ${page.text
          .replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<[^>]+>/g, ' ')
          .replace(/\s+/g, ' ')
          .slice(0, 400)}`,
      );
    const body = new URLSearchParams({ ...form.fields, ...values });
    if (form.method === 'GET') return this.visit(`${form.action}?${body}`);
    return this.visit(form.action, { method: 'POST', body, headers: { origin: new URL(form.action).origin } });
  }
}
