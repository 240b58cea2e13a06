/**
 * The client `All Applications`, which every tenant of Auth0's has: tools read the login page of one's own from it (deploy-cli's `pages`,
 * Terraform's `auth0_pages`) and give up where it is missing. Here it is a view without a row: nobody signs in with it, it has no secret, and
 * it is listed for those alone who ask for it (`is_global=true`). Must never be taken for an application.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ClientRecord } from '../../ports/directory/clients.js';
import type { Page, PageRequest } from '../../ports/directory/page.js';
import { ManagementError } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { newClient, toClientWire } from './client-wire.js';

/** The same on every server; ids of clients are drawn from 62 to the power of 32. */
export const GLOBAL_CLIENT_ID = 'AllApplicationsOfThisServer00000';

const GLOBAL_CLIENT: ClientRecord = {
  ...newClient(GLOBAL_CLIENT_ID, { name: 'All Applications' }, new Date(0)),
  isGlobal: true,
  grantTypes: [],
};

/** As Auth0 shows it, without a page of one's own. */
export const globalClientWire = (): Wire => toClientWire(GLOBAL_CLIENT);

/** The list of those who asked for it. */
export function listGlobalClient(request: PageRequest): Page<Wire> {
  const isFirstPage = (request.offset ?? 0) === 0 && request.after === undefined;
  return { items: isFirstPage ? [globalClientWire()] : [], total: 1 };
}

/**
 * A change of it. A page that is off, and the default, have no effect and are answered as done; 403 for a page that people would have to see,
 * and for any other change.
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
