/**
 * Google Workspace, from a connection's options (Auth0's strategy `google-apps`). Pure. Google has one issuer for
 * everybody: only the claim `hd` tells the companies apart, so every sign-in needs it.
 *
 * Source: developers.google.com/identity/openid-connect/openid-connect, "An ID token's payload" and "hd".
 */
import { parseDomain } from '../people/email.js';

type Options = Readonly<Record<string, unknown>>;

/** The issuer in Google's discovery document, and of its ID tokens. */
export const GOOGLE_ISSUER = 'https://accounts.google.com';

/**
 * Returns the domains whose accounts may sign in: `tenant_domain`, `domain` and `domain_aliases`, as lower-case
 * A-labels, each once.
 */
export function workspaceDomains(options: Options): readonly string[] {
  const { tenant_domain: tenant, domain, domain_aliases: aliases } = options;
  const given = [tenant, domain, ...(Array.isArray(aliases) ? aliases : [])];
  const domains = given.map((text) => (typeof text === 'string' ? parseDomain(text) : undefined));
  return [...new Set(domains.filter((one) => one !== undefined))];
}
