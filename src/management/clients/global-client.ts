/**
 * The client `All Applications`, which every Auth0 tenant has. Tools read the tenant's own login page from it
 * (deploy-cli's `pages`, Terraform's `auth0_pages`) and fail without it. Here it has no row: nobody signs in with it,
 * it has no secret, and only `is_global=true` lists it. Must never be treated as an application.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ClientRecord } from '../../ports/directory/clients.js';
import type { Page, PageRequest } from '../../ports/directory/page.js';
import { ManagementError } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { newClient, toClientWire } from './client-wire.js';

/**
 * The global client's id, the same on every server. Another client will never get it: client ids are 32 random
 * characters.
 */
export const GLOBAL_CLIENT_ID = 'AllApplicationsOfThisServer00000';

const GLOBAL_CLIENT: ClientRecord = {
  ...newClient(GLOBAL_CLIENT_ID, { name: 'All Applications' }, new Date(0)),
  isGlobal: true,
  grantTypes: [],
};

/** Returns the global client as Auth0 shows it when the tenant has no login page of its own. */
export const globalClientWire = (): Wire => toClientWire(GLOBAL_CLIENT);

/** Returns the list of clients for `is_global=true`: only the global one. */
export function listGlobalClient(request: PageRequest): Page<Wire> {
  const isFirstPage = (request.offset ?? 0) === 0 && request.after === undefined;
  return { items: isFirstPage ? [globalClientWire()] : [], total: 1 };
}

/**
 * Answers a change of the global client; stores nothing. The shown values, and a login page that is off, change nothing
 * and succeed. Throws 403 for a login page that is on, and for any other change.
 */
export function updateGlobalClient(body: Wire): Wire {
  const { custom_login_page: page, custom_login_page_on: isOn, ...rest } = body;
  const shown = globalClientWire();
  const wantsPage = typeof page === 'string' && page !== '' && isOn !== false;
  const change = Object.keys(rest).find((name) => !isDeepStrictEqual(rest[name], shown[name]));
  if (!wantsPage && change === undefined) return shown;
  throw new ManagementError(
    403,
    `All Applications: this server does not have this (property ${change ?? 'custom_login_page'}). Pages are styled by branding; their HTML is the server’s.`,
    'feature_not_enabled',
  );
}
