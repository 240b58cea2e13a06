/**
 * The console's client, through which operators sign in. This check refuses changes, even by owners, that would lock
 * all operators out. Knows no caller; writes nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ClientRecord } from '../../ports/directory/clients.js';
import { notSupported } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** Lists of the console's client that may gain entries but not lose any: our name, and the name in requests. */
const LISTS = {
  callbacks: 'callbacks',
  webOrigins: 'web_origins',
  allowedLogoutUrls: 'allowed_logout_urls',
  grantTypes: 'grant_types',
} as const satisfies Partial<Record<keyof ClientRecord, string>>;

/** Settings of the console's client that nobody may change: our name, and the name in requests. */
const VALUES = {
  initiateLoginUri: 'initiate_login_uri',
  tokenEndpointAuthMethod: 'token_endpoint_auth_method',
  organizationUsage: 'organization_usage',
  idTokenLifetimeSeconds: 'jwt_configuration',
} as const satisfies Partial<Record<keyof ClientRecord, string>>;

const keysOf = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table)[];

function findLost(before: ClientRecord, after: ClientRecord): string | undefined {
  const list = keysOf(LISTS).find((key) => before[key].some((entry) => !after[key].includes(entry)));
  if (list !== undefined) return LISTS[list];
  const value = keysOf(VALUES).find((key) => !isDeepStrictEqual(before[key], after[key]));
  return value === undefined ? undefined : VALUES[value];
}

/**
 * Throws 400 for a change after which operators could not sign in to the console. Attack: one owner locks all others
 * out.
 */
export async function checkConsoleStays(
  { directory }: Pick<Call, 'directory'>,
  before: ClientRecord,
  after: ClientRecord,
): Promise<void> {
  const lost = findLost(before, after);
  if (lost === undefined || (await directory.operators.find())?.clientId !== before.clientId) return;
  throw notSupported(
    `This is the console, which operators sign in through: its ${lost} stays, or they could not sign in any more.`,
  );
}
