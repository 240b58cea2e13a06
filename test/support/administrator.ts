/** The browser of a customer's administrator, at the set-up pages that a ticket opens. */
import { HttpBrowser, type Visit } from './http-browser.js';
import type { ScriptedIdp } from './scripted-idp.js';

export class Administrator {
  /** The server's origin is asked for at every step: a file's server starts after its tests are collected. */
  constructor(
    private readonly originOf: () => string,
    readonly browser = new HttpBrowser('http://127.0.0.1:9/callback'),
  ) {}

  open(ticket: string): Promise<Visit> {
    return this.browser.visit(ticket);
  }

  at(step: string): Promise<Visit> {
    return this.browser.visit(`${this.originOf()}/self-service/setup/${step}`);
  }

  send(step: string, fields: Record<string, string>): Promise<Visit> {
    const origin = this.originOf();
    const body = new URLSearchParams(fields);
    return this.browser.visit(`${origin}/self-service/setup/${step}`, { method: 'POST', body, headers: { origin } });
  }

  /** Tries a sign-in as this person of the provider. */
  async tryAs(key: string): Promise<Visit> {
    return this.browser.submit(await this.send('try', { action: 'start' }), { login: key });
  }
}

/** The values that an administrator types for a provider with OpenID Connect. */
export function settingsOf(idp: ScriptedIdp, changes: Record<string, string> = {}): Record<string, string> {
  return { discovery_url: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret, ...changes };
}
