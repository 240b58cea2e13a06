/**
 * Finds the tenant and credentials of a command: from options, else from Auth0's own variables, else from the
 * configuration of the server here. Never prints a secret, and never mixes two sources (a domain of one tenant with the
 * secret of another).
 */
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/config.js';
import type { Environment } from '../../config/environment.js';
import { CommandError, EXIT } from '../../terminal/exit.js';
import type { TenantAccess } from '../remote/tenant.js';

export interface TenantOptions {
  readonly domain?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

const HOW =
  'Give --domain, --client-id and --client-secret, or set AUTH0_DOMAIN and its two companions, ' +
  'or VESTIBULE_MANAGEMENT_CLIENT_ID and its secret. The console makes such a client: Applications and APIs, ' +
  'Add an application, Machine, and a grant for the Management API.';

/** Converts `login.example.com` or `localhost:8443` to an origin; always https, as in Auth0's tools. */
function parseDomainOption(domain: string): string {
  const text = domain.replace(/^https:\/\//i, '').replace(/\/$/, '');
  const candidate = `https://${text}`;
  // URL parsers accept much, so the result must equal the typed text.
  if (!URL.canParse(candidate) || new URL(candidate).origin !== candidate.toLowerCase().replace(/:443$/, '')) {
    throw new CommandError(
      EXIT.wrongUse,
      `The domain is ${JSON.stringify(domain)}: it takes a host such as login.example.com or localhost:8443.`,
      'Leave out http://, paths and user names.',
    );
  }
  return new URL(candidate).origin;
}

function fromAuth0Names(options: TenantOptions, env: Environment): TenantAccess | undefined {
  const domain = options.domain ?? (env.AUTH0_DOMAIN || undefined);
  const clientId = options.clientId ?? (env.AUTH0_CLIENT_ID || undefined);
  const clientSecret = options.clientSecret ?? (env.AUTH0_CLIENT_SECRET || undefined);
  if (domain === undefined && options.clientId === undefined && options.clientSecret === undefined) return undefined;
  const missing = [
    domain === undefined ? '--domain' : undefined,
    clientId === undefined ? '--client-id' : undefined,
    clientSecret === undefined ? '--client-secret' : undefined,
  ].filter((name) => name !== undefined);
  if (domain === undefined || clientId === undefined || clientSecret === undefined) {
    throw new CommandError(EXIT.wrongUse, `${missing.join(' and ')} missing for the tenant's Management API.`, HOW);
  }
  return { origin: parseDomainOption(domain), clientId, clientSecret };
}

function fromServer(config: Config): TenantAccess {
  if (config.managementClient === undefined) {
    throw new CommandError(EXIT.wrongUse, 'No tenant to ask: no domain and no management client is set.', HOW);
  }
  return {
    origin: config.origin,
    clientId: config.managementClient.id,
    clientSecret: config.managementClient.secret,
  };
}

/**
 * Returns the tenant of `options` and `env`. Throws {@link CommandError} (wrong use) or {@link StartError} (wrong
 * variable).
 */
export function getTenantAccess(options: TenantOptions, env: Environment): TenantAccess {
  return fromAuth0Names(options, env) ?? fromServer(parseConfig(env));
}
