/**
 * Builds Auth0's event of each trigger for an Action, from the pipeline's decisions and the stored data. Names are
 * Auth0's, since tenant code is written for them. Pure. Never includes a secret of the server, a token or a proof.
 * Source: Auth0's schema "Actions Events" (post-login v3, pre-user-registration v2, …).
 */

import type { JsonObject } from '../../domain/actions/action.js';
import { isDomainProved } from '../../domain/companies/idp-destination.js';
import { chooseLanguage, toLanguages } from '../../domain/look/languages.js';
import type { ExternalIdentity, UserProfile } from '../../domain/people/account.js';
import { emailDomain, parseEmail } from '../../domain/people/email.js';
import { profileSourceOf } from '../../domain/people/profile-source.js';
import { rootAttributes } from '../../domain/people/root-attributes.js';
import type { Tenant } from '../../domain/tenant.js';
import type { ActionGround } from '../../ports/action-ground.js';
import type { KeptFactor } from '../factor-stages.js';
import { ownFactors } from '../own-factors.js';
import { factorsOfAccount } from '../second-factor.js';
import { signedInAt } from '../sign-in-time.js';
import type { ActionMembership, Admitted, Attempt, Authenticated, Kept, Resolved } from '../stages.js';
import { recordedMethods } from './action-effects.js';
import { enrolledOf, passedMethods, sessionMethods, signInMethod } from './event-factors.js';
import {
  identitiesOf,
  newSessionOf,
  organizationOf,
  profileFields,
  saidBefore,
  sessionOf,
  toEvent,
} from './event-parts.js';

/** Returns the query of /authorize as the application sent it. */
function authorizeQuery({ request }: Attempt): Record<string, string | undefined> {
  return {
    ...request.extra,
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    response_mode: request.responseMode,
    scope: request.scope,
    state: request.state,
    nonce: request.nonce,
    audience: request.audience,
    organization: request.organization,
    invitation: request.invitation,
    connection: request.connection,
    login_hint: request.loginHint,
    screen_hint: request.screenHint,
    prompt: request.prompt?.join(' '),
    max_age: request.maxAge === undefined ? undefined : String(request.maxAge),
  };
}

/**
 * Returns Auth0's `event.request` of a login, without a body. It describes the authorization request, or the request by
 * which the person came back from an Action's redirect.
 */
export function requestOf(attempt: Attempt, hostname: string): Record<string, unknown> {
  const { came } = attempt;
  return {
    ip: attempt.ip,
    hostname,
    user_agent: attempt.userAgent,
    language: attempt.language,
    method: came?.method ?? 'GET',
    query: came ? came.query : authorizeQuery(attempt),
    geoip: {},
  };
}

/**
 * Returns `event.request` with the posted body, for the triggers that have it on Auth0. Only a request to /continue
 * posts one.
 */
function postedRequestOf(attempt: Attempt, hostname: string): Record<string, unknown> {
  return { ...requestOf(attempt, hostname), body: attempt.came?.body ?? {} };
}

/** Splits a parameter that is a list of words separated by spaces (OpenID Connect Core section 3.1.2.1). */
const wordsOf = (text: string | undefined): readonly string[] => (text ?? '').split(' ').filter((word) => word !== '');

/**
 * Returns Auth0's `event.transaction` of a login. `locale` is the language of the login's pages. The server does
 * nothing with `acr_values` and `correlation_id`: the application sent them for its Actions.
 */
export function transactionOf(attempt: Attempt, { languages }: Pick<Tenant, 'languages'>): Record<string, unknown> {
  const { request, language } = attempt;
  const wish = { uiLocales: request.extra?.ui_locales, acceptLanguage: language };
  return {
    id: attempt.transactionId,
    acr_values: wordsOf(request.extra?.acr_values),
    correlation_id: request.extra?.correlation_id,
    locale: chooseLanguage(wish, languages ?? toLanguages(undefined)),
    login_hint: request.loginHint,
    prompt: request.prompt ?? [],
    protocol: 'oidc-basic-profile',
    redirect_uri: request.redirectUri,
    requested_scopes: wordsOf(request.scope),
    response_mode: request.responseMode,
    response_type: ['code'],
    state: request.state,
    ui_locales: wordsOf(request.extra?.ui_locales),
  };
}

function connectionOf({ enablement }: Authenticated, ground: ActionGround): Record<string, unknown> {
  const { id, name, strategy } = enablement.connection;
  return { id, name, strategy, metadata: ground.connection?.metadata ?? {} };
}

/**
 * Returns the account's profile as it will be after the login: with the changes from the identity provider that the
 * commit will write.
 */
function profileOf({ account, proof, enablement: { connection } }: Resolved): UserProfile {
  const asserted = proof.kind === 'identity' ? proof.identity.profile : {};
  if (account.kind === 'new')
    return proof.kind === 'sign_up' && proof.name !== undefined ? { name: proof.name } : asserted;
  const { account: known, mainConnectionId } = account.candidate;
  const isFollowed =
    account.bind === undefined && mainConnectionId === connection.id && profileSourceOf(connection).followed;
  return isFollowed ? { ...known.profile, ...asserted } : known.profile;
}

/**
 * Returns the company's claims about the person for the root of `event.user`, as on Auth0: from this login, or from the
 * last one if the company was not asked now (a session). `claims_cut` names claims that did not fit into the cookie
 * (see src/actions/child/event.ts).
 */
function saidByProvider(
  { proof, enablement: { connection } }: Pick<Resolved, 'proof' | 'enablement'>,
  ground: ActionGround,
): Record<string, unknown> {
  if (proof.kind === 'identity') {
    const { claims, claimsCut } = proof.identity;
    return rootAttributes(claims, claimsCut ?? []);
  }
  if (proof.kind === 'account' && proof.said !== undefined) return rootAttributes(proof.said.data);
  return saidBefore(ground, connection.name, proof.kind === 'account' ? proof.subject : undefined);
}

/** Returns `event.user` as it will be after the login; for a new person, their future account. */
function userOf(
  resolved: Resolved | Admitted,
  userId: string,
  ground: ActionGround,
  { at, request }: Pick<Attempt, 'at' | 'request'>,
  passed: readonly KeptFactor[] = [],
): Record<string, unknown> {
  const { account, proof, enablement } = resolved;
  const { connection } = enablement;
  const identity = proof.kind === 'identity' ? proof.identity : undefined;
  const known = account.kind === 'existing' ? account.candidate.account : undefined;
  const email = known ? known.email : account.kind === 'new' ? account.email : undefined;
  const stored = ground.user;
  // A new account gets the invitation's metadata.
  const invitation = 'admission' in resolved ? resolved.admission.invitation : undefined;
  const identities = identitiesOf(ground);
  const binds = account.kind === 'new' || account.bind !== undefined;
  if (binds) {
    const subject = identity ? `${connection.name}|${identity.subject}` : userId.slice(userId.indexOf('|') + 1);
    identities.push({ connection: connection.name, provider: connection.strategy, user_id: subject, isSocial: false });
  }
  const has = stored?.factors ?? [];
  const own = 'admission' in resolved ? ownFactors(resolved, { request }, has) : has;
  const setUp = passed.flatMap(({ kind, enrolled }) => (kind !== undefined && enrolled ? [kind] : []));
  return {
    ...saidByProvider(resolved, ground),
    user_id: userId,
    email,
    email_verified: known ? known.emailVerified : account.kind === 'new' && account.vouchedBy !== undefined,
    ...profileFields({ userId, email, profile: profileOf(resolved) }),
    username: stored?.username,
    phone_number: stored?.phoneNumber,
    user_metadata: stored?.userMetadata ?? invitation?.userMetadata ?? {},
    app_metadata: stored?.appMetadata ?? invitation?.appMetadata ?? {},
    identities,
    created_at: stored?.createdAt ?? at,
    updated_at: stored?.updatedAt ?? at,
    last_password_reset: stored?.lastPasswordReset,
    ...enrolledOf([...own.map(({ kind }) => kind), ...setUp]),
  };
}

/**
 * Returns the authentication methods: first the proof's, then those of this session, then those of this login: passed
 * second factors, and what Actions recorded.
 */
function methodsOf(
  admitted: Admitted,
  { attempt, kept, ground }: EventGround & KeptByLogin,
): Record<string, unknown>[] {
  const { proof } = admitted;
  const isPasskey = proof.kind === 'account' && proof.passkey !== undefined;
  const name = signInMethod(admitted.enablement.connection.strategy, ground, isPasskey);
  const timestamp = signedInAt(proof, attempt.at);
  const recorded = recordedMethods(kept.agreement?.effects ?? [], attempt.at);
  const now = [...passedMethods(factorsOfAccount(admitted, kept)), ...recorded];
  const earlier = sessionMethods(ground).filter(({ name }) => !now.some((item) => item.name === name));
  return [{ name, timestamp }, ...earlier, ...now];
}

export interface EventGround {
  readonly attempt: Attempt;
  readonly ground: ActionGround;
  /** Id of this login's account; for a new account the id is already chosen. */
  readonly userId: string;
  /** The tenant's name as Auth0 has it: the first label of the server's host. */
  readonly tenantId: string;
  readonly hostname: string;
}

interface KeptByLogin {
  readonly kept: Kept;
}

/**
 * Builds the event of post-login v3. `membership`: whether it existed before this login, and how it was or will be
 * created.
 */
export function postLoginEvent(
  admitted: Admitted,
  membership: ActionMembership | undefined,
  from: EventGround & KeptByLogin,
): JsonObject {
  const { attempt, kept, ground, userId, tenantId, hostname } = from;
  const { credential, request } = attempt;
  const organization = organizationOf(admitted.organization, ground);
  return toEvent({
    authentication: { methods: methodsOf(admitted, from) },
    authorization: { roles: ground.roles },
    client: { client_id: admitted.client.clientId, name: admitted.client.name, metadata: ground.clientMetadata },
    connection: connectionOf(admitted, ground),
    organization: organization && { ...organization, membership },
    request: postedRequestOf(attempt, hostname),
    resource_server: request.audience === undefined ? undefined : { identifier: request.audience },
    session:
      credential.kind === 'session'
        ? sessionOf(credential.session, ground)
        : newSessionOf(kept.newSessionId, userId, attempt.at, admitted.tenant),
    stats: { logins_count: (ground.user?.loginsCount ?? 0) + 1 },
    tenant: { id: tenantId },
    transaction: { ...transactionOf(attempt, admitted.tenant), metadata: {} },
    user: userOf(admitted, userId, ground, attempt, factorsOfAccount(admitted, kept)),
  });
}

function claimsOf(
  identity: ExternalIdentity | undefined,
  { connection }: Resolved['enablement'],
): Record<string, unknown> | undefined {
  if (identity === undefined) return undefined;
  return {
    issuer: identity.issuer,
    subject: identity.subject,
    email: identity.email,
    // A connection that a customer made verifies nothing by its word: `email.proved` says what counts.
    email_verified: identity.emailVerified && connection.managedByOrganization === undefined,
    claims: identity.claims,
    claims_cut: identity.claimsCut !== undefined,
  };
}

/**
 * Builds the event of organization-admission v1: the person whom no rule admits, their proof, and the facts that the
 * rules read.
 */
export function admissionEvent(
  resolved: Resolved,
  { attempt, ground, userId, tenantId, hostname }: EventGround,
): JsonObject {
  const { enablement, account, proof } = resolved;
  const identity = proof.kind === 'identity' ? proof.identity : undefined;
  const email = parseEmail(
    identity?.email ?? (account.kind === 'existing' ? account.candidate.account.email : account.email),
  );
  const domain = email === undefined ? undefined : emailDomain(email);
  return toEvent({
    client: { client_id: resolved.client.clientId, name: resolved.client.name, metadata: ground.clientMetadata },
    connection: {
      ...connectionOf(resolved, ground),
      sso_rollout: enablement.ssoRollout,
      assign_membership_on_login: enablement.assignMembershipOnLogin,
    },
    organization: organizationOf(resolved.organization, ground),
    identity: claimsOf(identity, enablement),
    email: {
      address: email,
      domain,
      /** True when an accepted source vouches for the address. */
      proved: resolved.provedEmail !== undefined,
      domain_proved_by_organization: domain !== undefined && isDomainProved(enablement, domain),
      domain_proved_by_another: resolved.domainProvedElsewhere,
    },
    /** Only an existing account that the linking rule found; absent for a new person. */
    user: account.kind === 'existing' ? userOf(resolved, userId, ground, attempt) : undefined,
    request: postedRequestOf(attempt, hostname),
    tenant: { id: tenantId },
    transaction: transactionOf(attempt, resolved.tenant),
  });
}

/** Builds the event of pre-user-registration v2. It has no organization, as on Auth0. */
export function preRegistrationEvent(
  resolved: Resolved,
  { attempt, ground, userId, tenantId, hostname }: EventGround,
): JsonObject {
  const { email, email_verified, name, user_metadata, app_metadata } = userOf(resolved, userId, ground, attempt);
  return toEvent({
    client: { client_id: resolved.client.clientId, name: resolved.client.name, metadata: ground.clientMetadata },
    connection: connectionOf(resolved, ground),
    request: postedRequestOf(attempt, hostname),
    tenant: { id: tenantId },
    transaction: transactionOf(attempt, resolved.tenant),
    user: { email, email_verified, name, user_metadata, app_metadata },
  });
}
