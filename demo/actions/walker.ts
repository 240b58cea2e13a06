/**
 * A browser without a screen, for the page that plays logins by itself. It keeps cookies, follows redirects one by one
 * and presses buttons of forms. It takes the way of any browser: from the application through Vestibule and the
 * identity provider and back.
 */
import type { Addresses } from '../addresses.js';
import type { Person } from '../people.js';

/** A page that the browser received. */
export interface Shown {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
}

/** The end of a login. */
export interface Arrival {
  readonly inside: boolean;
  /** The reason that the application got, if the person was refused. */
  readonly reason: string | undefined;
  /** The user id and the roles that the application shows to a person who is signed in. */
  readonly userId: string | undefined;
  readonly roles: readonly string[];
}

const MAX_HOPS = 20;
/** Maximum number of pages of one login. More than this means an endless loop. */
const MAX_PAGES = 6;

function decode(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : decode(found);
}

/** A browser with its own cookies. */
export class Walker {
  /** Cookies of all servers of the demo: they are on one host, and cookies ignore the port. */
  private readonly cookies = new Map<string, string>();

  private keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/;\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(name.length + 1));
    }
  }

  /** Deletes the cookies with these names, as a sign-out does. */
  forget(names: RegExp): void {
    for (const name of [...this.cookies.keys()]) if (names.test(name)) this.cookies.delete(name);
  }

  /** Returns the cookies with these names. */
  list(names: RegExp): readonly (readonly [name: string, value: string])[] {
    return [...this.cookies].filter(([name]) => names.test(name));
  }

  async visit(address: string | URL, form?: URLSearchParams): Promise<Shown> {
    let url = new URL(address);
    let body = form;
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { accept: 'text/html', 'user-agent': 'Vestibule demo', cookie, ...(body && { origin: url.origin }) },
        ...(body && { body }),
      });
      this.keep(response.headers.getSetCookie());
      const text = await response.text();
      const location = response.headers.get('location');
      if (location === null) return { url, status: response.status, text };
      url = new URL(location, url);
      body = undefined;
    }
    throw new Error(`too many redirects, the last one to ${url.href}`);
  }

  /** Presses the button with this name and value in any form of the page, after filling in `typed`. */
  press(page: Shown, name: string, value: string, typed: Readonly<Record<string, string>> = {}): Promise<Shown> {
    for (const [, opening = '', inner = ''] of page.text.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/g)) {
      const tags = [...inner.matchAll(/<(?:input|button)\b[^>]*>/g)].map(([tag]) => tag);
      const has = tags.some((tag) => attribute(tag, 'name') === name && attribute(tag, 'value') === value);
      const inputs = tags.filter((tag) => tag.startsWith('<input'));
      if (!has || !Object.keys(typed).every((field) => inputs.some((tag) => attribute(tag, 'name') === field)))
        continue;
      const values = inputs.map((tag): [string, string] => [
        attribute(tag, 'name') ?? '',
        attribute(tag, 'value') ?? '',
      ]);
      const body = new URLSearchParams({ ...Object.fromEntries(values), ...typed, [name]: value });
      return this.visit(new URL(attribute(opening, 'action') ?? page.url.href, page.url), body);
    }
    throw new Error(
      `the page at ${page.url.origin}${page.url.pathname} (${page.status}) has no button ${name}=${value}`,
    );
  }

  /** Signs in on the page of a company's identity provider, and sends the answer on if it is a form (SAML). */
  async signInAtIdp(page: Shown, login: string): Promise<Shown> {
    const next = await this.press(page, 'login', login);
    return next.text.includes('name="SAMLResponse"') ? this.press(next, 'go', 'on') : next;
  }
}

/** Reads where a login ended: in the application, or refused. */
export function toArrival({ url, status, text }: Shown): Arrival {
  const inside = url.pathname === '/me' && status === 200;
  return {
    inside,
    reason: url.searchParams.get('error_description') ?? undefined,
    userId: inside ? /<code id="user-id">([^<]*)</.exec(text)?.[1] : undefined,
    roles: inside ? [...text.matchAll(/<span class="tag">([^<]*)</g)].map(([, role = '']) => role) : [],
  };
}

/** The sign-in of one organization: its id, and the origin of its company's identity provider. */
export interface Door {
  readonly organizationId: string;
  readonly idp: string;
}

/** Signs the person in to Acme through the company's identity provider. Throws for a page that it does not know. */
export function signIn(addresses: Addresses, acmeId: string, person: Person): Promise<Arrival> {
  return signInAt(addresses, { organizationId: acmeId, idp: addresses.acmeIdp }, person);
}

/** Types the person's address and follows the sign-in, which may lead to the company or end here. */
export async function signInAt(
  addresses: Addresses,
  door: Door,
  person: Pick<Person, 'key' | 'name' | 'email'>,
): Promise<Arrival> {
  const walker = new Walker();
  let page = await walker.visit(`${addresses.application}/login?organization=${door.organizationId}`);
  for (let seen = 0; seen < MAX_PAGES; seen += 1) {
    const { origin } = page.url;
    if (origin === addresses.application) return toArrival(page);
    page =
      origin === door.idp
        ? await walker.signInAtIdp(page, person.key)
        : await walker.press(page, 'action', 'default', { username: person.email });
  }
  throw new Error(`the login of ${person.name} does not end`);
}
