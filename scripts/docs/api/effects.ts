/**
 * Adds two facts about a setting in the body of a write: its default, and whether it has an effect. Reads them from the
 * tables of the resources and of the settings without effect.
 */
import { STRATEGY_NAMES } from '../../../src/facts/strategies.js';
import { rowsOfPath } from '../../../src/facts/without-effect.js';
import type { FieldTable } from '../../../src/management/api/fields.js';
import { BRUTE_FORCE_DEFAULT, THROTTLING_DEFAULT } from '../../../src/management/attack-protection/fields.js';
import { GRANT_FIELDS } from '../../../src/management/client-grants/fields.js';
import { CLIENT_FIELDS, CLIENT_KEPT_DEFAULTS } from '../../../src/management/clients/fields.js';
import { CONNECTION_FIXED } from '../../../src/management/connections/fields.js';
import { DOMAIN_FIELDS } from '../../../src/management/discovery-domains/fields.js';
import { TWIN_FIELDS } from '../../../src/management/enabled-connections/fields.js';
import { ORGANIZATION_FIELDS, ORGANIZATION_FIXED } from '../../../src/management/organizations/fields.js';
import {
  RESOURCE_SERVER_FIELDS,
  RESOURCE_SERVER_KEPT_DEFAULTS,
  TOKEN_LIFETIME_FOR_WEB_SECONDS,
} from '../../../src/management/resource-servers/fields.js';
import { TENANT_FIELDS, TENANT_FLAG_DEFAULTS, TENANT_KEPT_DEFAULTS } from '../../../src/management/tenant/fields.js';
import { USER_FIELDS } from '../../../src/management/users/fields.js';

/** The settings that one resource has in the bodies of its writes. */
interface Resource {
  /** Matches the keys of its operations, such as `patch /clients/{id}`. */
  readonly paths: RegExp;
  /** Path of the settings in the body, such as `connections[].`; undefined for the top level. */
  readonly at?: string;
  readonly table?: FieldTable;
  /** Defaults that the resource's table lacks, by path. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Settings that cannot be turned on, or accept only their default. */
  readonly refused?: readonly string[];
}

export const RESOURCES: readonly Resource[] = [
  {
    paths: /^\/organizations(\/\{id\})?$/,
    table: ORGANIZATION_FIELDS,
    defaults: ORGANIZATION_FIXED,
    refused: Object.keys(ORGANIZATION_FIXED),
  },
  { paths: /^\/organizations$/, at: 'enabled_connections[].', table: TWIN_FIELDS },
  { paths: /^\/organizations\/\{id\}\/(enabled_connections|connections)(\/\{\w+\})?$/, table: TWIN_FIELDS },
  { paths: /^\/organizations\/\{id\}\/discovery-domains(\/\{\w+\})?$/, table: DOMAIN_FIELDS },
  {
    paths: /^\/clients(\/\{id\})?$/,
    table: CLIENT_FIELDS,
    defaults: CLIENT_KEPT_DEFAULTS,
  },
  {
    paths: /^\/resource-servers(\/\{id\})?$/,
    table: RESOURCE_SERVER_FIELDS,
    defaults: { ...RESOURCE_SERVER_KEPT_DEFAULTS, token_lifetime_for_web: TOKEN_LIFETIME_FOR_WEB_SECONDS },
  },
  {
    paths: /^\/tenants\/settings$/,
    table: TENANT_FIELDS,
    defaults: {
      ...TENANT_KEPT_DEFAULTS,
      ...Object.fromEntries(Object.entries(TENANT_FLAG_DEFAULTS).map(([name, value]) => [`flags.${name}`, value])),
      session_lifetime: 168,
      idle_session_lifetime: 72,
    },
  },
  {
    paths: /^\/connections(\/\{id\})?$/,
    defaults: CONNECTION_FIXED,
    refused: [...Object.keys(CONNECTION_FIXED), 'cross_app_access_requesting_app', 'realms'],
  },
  { paths: /^\/log-streams(\/\{id\})?$/, defaults: { isPriority: false }, refused: ['pii_config'] },
  { paths: /^\/client-grants(\/\{id\})?$/, table: GRANT_FIELDS },
  { paths: /^\/users(\/\{id\})?$/, table: { blocked: USER_FIELDS.blocked } },
  { paths: /^\/attack-protection\/brute-force-protection$/, defaults: { ...BRUTE_FORCE_DEFAULT } },
  { paths: /^\/attack-protection\/suspicious-ip-throttling$/, defaults: { ...THROTTLING_DEFAULT, stage: undefined } },
];

/** Accepted values, by path and property, where Auth0's schema has more of them. Any other value gets 400. */
export const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  '/connections strategy': STRATEGY_NAMES,
  '/log-streams type': ['http'],
  '/emails/provider name': ['smtp'],
};

export interface Effect {
  /** The default value as JSON. */
  readonly default?: string;
  readonly hasNoEffect: boolean;
  readonly isRefused: boolean;
}

const topOf = (path: string): string => path.split(/[.[]/)[0] ?? path;

function findDefault({ table = {}, defaults = {} }: Resource, path: string): unknown {
  const field = Object.values(table).find(({ name }) => name === path);
  // An empty default text is not worth showing.
  return field === undefined || field.default === '' ? defaults[path] : field.default;
}

/** Returns the facts about the property at `path` in the body of a write. */
export function findEffect(operationPath: string, path: string): Effect {
  // A row that is true for some strategies only does not describe the option in general.
  const row = rowsOfPath(operationPath).find(
    ({ property, strategies }) => strategies === undefined && (path === property || path.startsWith(`${property}.`)),
  );
  const facts = { hasNoEffect: row?.is === 'without_effect', isRefused: row?.is === 'refused' };
  const found = RESOURCES.filter(({ paths, at = '' }) => paths.test(operationPath) && path.startsWith(at)).at(-1);
  if (found === undefined) return facts;
  const inside = path.slice(found.at?.length ?? 0);
  const value = findDefault(found, inside);
  return {
    ...facts,
    ...(value === undefined ? {} : { default: JSON.stringify(value) }),
    isRefused: facts.isRefused || (found.refused?.includes(topOf(inside)) ?? false),
  };
}
