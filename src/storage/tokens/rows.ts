/** Turns the rows of statements.ts into the port's types. No other file opens client secrets for the token endpoint. */
import type { JsonObject, TokenWishes } from '../../domain/actions/action.js';
import type { ClientKey, ClientKeyAlgorithm } from '../../domain/client-key.js';
import { parseTokenQuota } from '../../domain/companies/token-quota.js';
import { toLanguages } from '../../domain/look/languages.js';
import { parseEmail } from '../../domain/people/email.js';
import type { OrganizationUsage, TokenEndpointAuthMethod } from '../../domain/tenant.js';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import { type StoredBranding, type StoredTheme, toLook } from '../../management/branding/fields.js';
import type { TokenUser } from '../../ports/token-issuer.js';
import type {
  CodeGrant,
  GrantApi,
  GrantOrganization,
  LoginGrant,
  LogoutTargets,
  MachineGrant,
  RefreshGrant,
  TokenClient,
} from '../../ports/token-store.js';
import { toApiScopes } from './api-scopes.js';

/** Columns of a client's public key, as PostgreSQL writes them in JSON. */
interface ClientKeyRow {
  readonly kid: string;
  readonly alg: ClientKeyAlgorithm;
  readonly public_key: string;
  readonly expires_at: string | null;
}

export interface ClientRow {
  readonly client_id: string;
  readonly client_name: string;
  readonly secret_sealed: Buffer | null;
  readonly token_endpoint_auth_method: TokenEndpointAuthMethod;
  readonly grant_types: string[];
  readonly callbacks: string[];
  readonly web_origins: string[];
  readonly client_organization_usage: OrganizationUsage;
  readonly id_token_lifetime_seconds: number;
  readonly refresh_rotating: boolean;
  readonly refresh_leeway_seconds: number;
  readonly refresh_lifetime_seconds: number;
  readonly refresh_idle_lifetime_seconds: number;
  readonly client_keys: readonly ClientKeyRow[] | null;
}

interface ApiColumns {
  readonly api_scopes: string | null;
  readonly token_lifetime_seconds: number | null;
  readonly allow_offline_access: boolean | null;
  readonly enforce_policies: boolean | null;
  readonly token_dialect: string | null;
  readonly user_policy: GrantApi['userPolicy'] | null;
  readonly client_policy: GrantApi['clientPolicy'] | null;
}

interface OrganizationColumns {
  readonly organization_id: string | null;
  readonly organization_name: string | null;
  readonly organization_blocked: boolean | null;
}

export interface UserRow {
  readonly user_id: string;
  readonly email: string | null;
  readonly email_verified: boolean;
  readonly name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly nickname: string | null;
  readonly picture: string | null;
  readonly updated_at: Date;
}

interface ActionsColumns {
  readonly actions_revision: string;
  readonly actions_bound: string[];
}

export interface MachineRow extends ClientRow, ApiColumns, OrganizationColumns, ActionsColumns {
  readonly allow_organization_name: boolean;
  readonly scopes: string[] | null;
  readonly organization_usage: OrganizationUsage | null;
  readonly allows_organization: boolean | null;
  readonly default_organization_id: string | null;
  readonly client_quota: unknown;
  readonly organization_quota: unknown;
}

/** When there is no such code or token, `family_id` and all columns of the grant are null. */
interface GrantRow extends ClientRow, ApiColumns, OrganizationColumns, UserRow {
  readonly allow_organization_name: boolean;
  readonly grant_client_id: string;
  readonly family_id: string | null;
  readonly connection_id: string;
  readonly session_id: string | null;
  readonly scope: string;
  readonly audience: string | null;
  readonly authenticated_at: Date;
  readonly expires_at: Date;
  readonly user_blocked: boolean;
  readonly permitted: string[] | null;
  readonly client_scopes: string[] | null;
  readonly is_member: boolean;
  readonly connection_enabled: boolean;
  readonly identity_bound: boolean | null;
  readonly may_lack_organization: boolean | null;
  readonly sso_required: boolean | null;
  readonly open_to_person: boolean | null;
  readonly application_entitled: boolean | null;
}

export interface CodeRow extends GrantRow {
  readonly redirect_uri: string;
  readonly redirect_uri_sent: boolean;
  readonly nonce: string | null;
  readonly code_challenge: string | null;
  readonly used_at: Date | null;
  readonly actions: TokenWishes | null;
  readonly factor_passed: boolean;
}

export interface RefreshRow extends GrantRow, ActionsColumns {
  readonly refresh_policies: unknown;
  readonly login_offline: boolean | null;
  readonly created_at: Date;
  readonly metadata: JsonObject;
  readonly idle_expires_at: Date;
  readonly rotated_at: Date | null;
  readonly family_revoked: boolean;
  readonly successor_used: boolean;
}

export interface LogoutRow {
  readonly friendly_name: string;
  readonly branding: StoredBranding;
  readonly theme: StoredTheme | null;
  readonly enabled_locales: string[];
  readonly texts_revision: string;
  readonly tenant_logout_urls: unknown;
  readonly client_id: string | null;
  readonly client_name: string | null;
  readonly allowed_logout_urls: string[] | null;
}

function openSecret(box: SecretBox, row: ClientRow): string | undefined {
  if (row.secret_sealed === null) return undefined;
  const secret = box.open(row.secret_sealed, `clients:${row.client_id}:secret`);
  if (secret === undefined)
    throw new Fault(
      'crypto',
      `The secret of client ${row.client_id} does not open: it was written with another VESTIBULE_SECRET_KEY. Start with that one, or give the client a new secret.`,
      false,
    );
  return secret;
}

function toClientKey({ kid, alg, public_key: publicKey, expires_at }: ClientKeyRow): ClientKey {
  return { kid, alg, publicKey, expiresAt: expires_at === null ? undefined : new Date(expires_at) };
}

/** Converts the client of a token request. Opens its secret with `box`. */
export function toTokenClient(box: SecretBox, row: ClientRow): TokenClient {
  return {
    clientId: row.client_id,
    name: row.client_name,
    tokenEndpointAuthMethod: row.token_endpoint_auth_method,
    grantTypes: row.grant_types,
    callbacks: row.callbacks,
    webOrigins: row.web_origins,
    organizationUsage: row.client_organization_usage,
    idTokenLifetimeSeconds: row.id_token_lifetime_seconds,
    refreshRotating: row.refresh_rotating,
    refreshLeewaySeconds: row.refresh_leeway_seconds,
    refreshLifetimeSeconds: row.refresh_lifetime_seconds,
    refreshIdleLifetimeSeconds: row.refresh_idle_lifetime_seconds,
    secret: openSecret(box, row),
    keys: (row.client_keys ?? []).map(toClientKey),
  };
}

function toApi(row: ApiColumns): GrantApi | undefined {
  const { user_policy: userPolicy, client_policy: clientPolicy } = row;
  if (row.token_lifetime_seconds === null || userPolicy === null || clientPolicy === null) return undefined;
  return {
    scopes: toApiScopes(row.api_scopes ?? '[]'),
    tokenLifetimeSeconds: row.token_lifetime_seconds,
    allowOfflineAccess: row.allow_offline_access === true,
    userPolicy,
    clientPolicy,
    profile: row.token_dialect?.startsWith('rfc9068') ? 'rfc9068' : 'auth0',
    // As on Auth0, tokens have the claim `permissions` only if the API also enforces policies.
    tellsPermissions: row.enforce_policies === true && row.token_dialect?.endsWith('_authz') === true,
  };
}

function toOrganization(row: OrganizationColumns): GrantOrganization | undefined {
  if (row.organization_id === null || row.organization_name === null) return undefined;
  return { id: row.organization_id, name: row.organization_name, blocked: row.organization_blocked === true };
}

/** Converts the columns of a token's user. */
export function toTokenUser(row: UserRow): TokenUser {
  return {
    userId: row.user_id,
    email: parseEmail(row.email),
    emailVerified: row.email_verified,
    profile: {
      ...(row.name !== null && { name: row.name }),
      ...(row.given_name !== null && { givenName: row.given_name }),
      ...(row.family_name !== null && { familyName: row.family_name }),
      ...(row.nickname !== null && { nickname: row.nickname }),
      ...(row.picture !== null && { picture: row.picture }),
    },
    updatedAt: row.updated_at,
  };
}

/** Converts the row of a machine client's grant for one API. */
export function toMachineGrant(box: SecretBox, row: MachineRow): MachineGrant {
  return {
    client: toTokenClient(box, row),
    namesInTokens: row.allow_organization_name,
    api: toApi(row),
    grant:
      row.scopes === null
        ? undefined
        : {
            scopes: row.scopes,
            organizationUsage: row.organization_usage ?? 'deny',
            allowsOrganization: row.allows_organization === true,
          },
    organization: toOrganization(row),
    defaultOrganization: row.default_organization_id ?? undefined,
    actions: { revision: row.actions_revision, bound: row.actions_bound },
    quotas: { client: parseTokenQuota(row.client_quota), organization: parseTokenQuota(row.organization_quota) },
  };
}

function toLoginGrant(row: GrantRow, familyId: string): Omit<LoginGrant, 'wishes'> {
  return {
    clientId: row.grant_client_id,
    familyId,
    connectionId: row.connection_id,
    sessionId: row.session_id ?? undefined,
    scope: row.scope,
    audience: row.audience ?? undefined,
    authenticatedAt: row.authenticated_at,
    expiresAt: row.expires_at,
    user: toTokenUser(row),
    userBlocked: row.user_blocked,
    organization: toOrganization(row),
    applicationEntitled: row.application_entitled === true,
    isMember: row.is_member,
    connectionEnabled: row.connection_enabled,
    identityBound: row.identity_bound === true,
    mayLackOrganization: row.may_lack_organization === true,
    ssoRequired: row.sso_required !== false,
    openToPerson: row.open_to_person === true,
    api: toApi(row),
    permitted: row.permitted ?? undefined,
    clientScopes: row.client_scopes ?? undefined,
  };
}

/** Returns the grant of an authorization code, or undefined when there is no such code. */
export function toCodeGrant(row: CodeRow): CodeGrant | undefined {
  if (row.family_id === null) return undefined;
  return {
    ...toLoginGrant(row, row.family_id),
    redirectUri: row.redirect_uri,
    redirectUriSent: row.redirect_uri_sent,
    nonce: row.nonce ?? undefined,
    codeChallenge: row.code_challenge ?? undefined,
    usedAt: row.used_at ?? undefined,
    wishes: row.actions ?? undefined,
    factorPassed: row.factor_passed,
  };
}

/** Converts `refresh_token.policies`, which are stored as they were sent: null and a missing list are none. */
function toPolicies(stored: unknown): RefreshGrant['policies'] {
  const list = (Array.isArray(stored) ? stored : []) as readonly {
    readonly audience: string;
    readonly scope: string[];
  }[];
  return list.map(({ audience, scope }) => ({ audience, scopes: scope }));
}

/** Returns the grant of a refresh token, or undefined when there is no such token. */
export function toRefreshGrant(row: RefreshRow): RefreshGrant | undefined {
  if (row.family_id === null) return undefined;
  return {
    ...toLoginGrant(row, row.family_id),
    issuedFor: { audience: row.audience ?? undefined, scope: row.scope },
    policies: toPolicies(row.refresh_policies),
    loginAllowsOffline: row.login_offline !== false,
    idleExpiresAt: row.idle_expires_at,
    rotatedAt: row.rotated_at ?? undefined,
    familyRevoked: row.family_revoked,
    successorUsed: row.successor_used,
    createdAt: row.created_at,
    metadata: row.metadata,
    actions: { revision: row.actions_revision, bound: row.actions_bound },
    wishes: undefined,
  };
}

/** Converts the logout targets. Checks the tenant's list of addresses, which is stored as it was sent. */
export function toLogoutTargets(row: LogoutRow): LogoutTargets {
  const urls: unknown[] = Array.isArray(row.tenant_logout_urls) ? row.tenant_logout_urls : [];
  return {
    tenant: {
      friendlyName: row.friendly_name,
      look: toLook(row.branding, row.theme),
      languages: toLanguages(row.enabled_locales),
      textsRevision: row.texts_revision,
    },
    tenantLogoutUrls: urls.filter((url) => typeof url === 'string'),
    client:
      row.client_id === null
        ? undefined
        : {
            clientId: row.client_id,
            name: row.client_name ?? row.client_id,
            logoutUrls: row.allowed_logout_urls ?? [],
          },
  };
}
