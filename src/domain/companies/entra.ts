/**
 * Microsoft Entra ID, from a connection's options (Auth0's strategy `waad`): cloud, tenant or tenants, the subject's
 * claim. Pure. The only place that knows how Entra writes an issuer; never copies one from a token or a document.
 *
 * Source: "Secure applications and APIs by validating claims" and "Access token claims reference", Microsoft identity
 * platform.
 */
type Options = Readonly<Record<string, unknown>>;

/** The tenant of all personal Microsoft accounts (outlook.com and others), which has no administrator. */
export const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Entra's clouds, each with its own tenants; `public` unless the option `cloud` says otherwise. */
const CLOUDS: ReadonlyMap<unknown, string> = new Map([
  ['public', 'login.microsoftonline.com'],
  ['us_government', 'login.microsoftonline.us'],
  ['china', 'login.partner.microsoftonline.cn'],
]);
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HOST_NAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
const MAX_TENANTS = 1_000;

/** The Entra tenants whose people a connection accepts. */
export type EntraTenants =
  | { readonly kind: 'one'; readonly id: string }
  /** A domain name of the tenant. Enough to ask Entra's discovery for the tenant's id, not enough for a sign-in. */
  | { readonly kind: 'named'; readonly domain: string }
  /** Every Entra tenant except that of personal accounts; or only those in `allowed`. */
  | { readonly kind: 'many'; readonly allowed: ReadonlySet<string> | undefined };

export interface Entra {
  readonly host: string;
  readonly tenants: EntraTenants;
  readonly subjectClaim: 'oid' | 'sub';
}

/**
 * True for an Entra id, of a tenant or of an object such as a user. Lower case only, so that a tenant has one issuer.
 */
export function isEntraId(value: unknown): value is string {
  return typeof value === 'string' && GUID.test(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.toLowerCase() : undefined;
}

/**
 * True when the options choose Entra's endpoint for many tenants. Auth0 has two names for that option, an old and a new
 * one.
 */
function isForMany({ useCommonEndpoint, waad_common_endpoint: older }: Options): boolean {
  return useCommonEndpoint === true || older === true;
}

function findAllowed(allowed: unknown): ReadonlySet<string> | undefined | { readonly problem: string } {
  if (allowed === undefined || allowed === null) return undefined;
  const ids = Array.isArray(allowed) ? allowed.map(textOf) : [];
  if (ids.length === 0 || ids.length > MAX_TENANTS || !ids.every(isEntraId))
    return { problem: `allowed_tenants takes a list of 1 to ${MAX_TENANTS} tenant ids` };
  return new Set(ids);
}

function findTenants(options: Options): EntraTenants | { readonly problem: string } {
  if (isForMany(options)) {
    const allowed = findAllowed(options.allowed_tenants);
    return allowed !== undefined && 'problem' in allowed ? allowed : { kind: 'many', allowed };
  }
  if (options.tenantId && !isEntraId(textOf(options.tenantId)))
    return { problem: 'tenantId takes the id of a tenant (Directory (tenant) ID)' };
  const given = [options.tenantId, options.tenant_domain, options.domain]
    .map(textOf)
    .filter((one) => one !== undefined);
  const id = given.find(isEntraId);
  if (id !== undefined) return { kind: 'one', id };
  const domain = given.find((one) => HOST_NAME.test(one));
  if (domain !== undefined) return { kind: 'named', domain };
  return { problem: 'tenantId or tenant_domain is missing, or neither a tenant id nor a domain of the tenant' };
}

/**
 * Parses the options, or returns the problem for the administrator. The subject is `oid` for one tenant and `sub` for
 * many unless `userid_attribute` says otherwise, as Auth0 recommends; both identify a person only within their Entra
 * tenant.
 */
export function parseEntra(options: Options): Entra | { readonly problem: string } {
  const host = CLOUDS.get(options.cloud ?? 'public');
  if (host === undefined) return { problem: `cloud takes ${[...CLOUDS.keys()].join(', ')}` };
  const { userid_attribute: attribute } = options;
  if (attribute !== undefined && attribute !== null && attribute !== 'oid' && attribute !== 'sub')
    return { problem: 'userid_attribute takes oid or sub' };
  const tenants = findTenants(options);
  if ('problem' in tenants) return tenants;
  return { host, tenants, subjectClaim: attribute ?? (tenants.kind === 'many' ? 'sub' : 'oid') };
}

/** Returns the issuer of a tenant's ID tokens (version 2.0). */
export function entraIssuer({ host }: Pick<Entra, 'host'>, tenantId: string): string {
  return `https://${host}/${tenantId}/v2.0`;
}

/**
 * Checks the issuer in Entra's discovery document. For one tenant it must be the tenant's; for many, Entra's template
 * with `{tenantid}`; for a tenant known only by name, that of any tenant.
 */
export function isEntraDocumentIssuer(entra: Entra, issuer: string): boolean {
  const { tenants } = entra;
  if (tenants.kind === 'one') return issuer === entraIssuer(entra, tenants.id);
  if (tenants.kind === 'many') return issuer === entraIssuer(entra, '{tenantid}');
  return tenantOfIssuer(entra, issuer) !== undefined;
}

/**
 * True when a key may sign tokens of `issuer`. Entra's list of keys for all tenants names an issuer for each key:
 * `keyIssuer` must be `issuer` itself or the template with `{tenantid}`. Keys for personal accounts name those
 * accounts' tenant. A key without an issuer signs for nobody.
 *
 * Source: "Access tokens in the Microsoft identity platform", "Validation of the signing key issuer".
 */
export function isEntraKeyIssuer(entra: Pick<Entra, 'host'>, keyIssuer: unknown, issuer: string): boolean {
  if (typeof keyIssuer !== 'string') return false;
  const isTemplate = keyIssuer.toLowerCase() === entraIssuer(entra, '{tenantid}');
  return isTemplate ? tenantOfIssuer(entra, issuer) !== undefined : keyIssuer === issuer;
}

/** Returns the id of the Entra tenant in an issuer; undefined for any other issuer, also one of another cloud. */
export function tenantOfIssuer(entra: Pick<Entra, 'host'>, issuer: string): string | undefined {
  const id = /^https:\/\/[^/]+\/([^/]+)\/v2\.0$/.exec(issuer)?.[1];
  return isEntraId(id) && issuer === entraIssuer(entra, id) ? id : undefined;
}

/**
 * True when people of this tenant may sign in. Personal accounts must be listed, because no company vouches for their
 * people.
 */
export function isAllowedTenant({ tenants }: Entra, tenantId: string): boolean {
  if (tenants.kind === 'one') return tenantId === tenants.id;
  if (tenants.kind === 'named') return false;
  return tenants.allowed === undefined ? tenantId !== PERSONAL_ACCOUNTS : tenants.allowed.has(tenantId);
}

/** Returns the address of the discovery document. `organizations` makes Entra itself refuse personal accounts. */
export function entraDiscoveryUrl(entra: Entra): string {
  const { tenants } = entra;
  const segment =
    tenants.kind === 'one'
      ? tenants.id
      : tenants.kind === 'named'
        ? tenants.domain
        : tenants.allowed?.has(PERSONAL_ACCOUNTS)
          ? 'common'
          : 'organizations';
  return `${entraIssuer(entra, segment)}/.well-known/openid-configuration`;
}
