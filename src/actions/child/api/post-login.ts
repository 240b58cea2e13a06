/** The `api` object of `post-login` v3. Most setters return the `api`, so that calls can be chained. */
import type { JsonObject } from '../../../domain/actions/action.js';
import { toText } from '../json.js';
import { accessTokenPart, idTokenPart } from './claims.js';
import type { ApiContext } from './context.js';
import { factorCommands, multifactorPart } from './factors.js';
import { redirectPart } from './redirect.js';
import { refreshTokenPart, sessionPart, transactionPart } from './sessions.js';
import { cachePart, deny, userPart } from './shared.js';
import { promptPart, samlResponsePart } from './unavailable.js';

const MAX_USER_ID = 128;

function authenticationPart(context: ApiContext, api: () => unknown) {
  return {
    ...factorCommands(context, api),
    recordMethod(url: unknown) {
      if (!context.isResumed) throw new Error('recordMethod can be called in onContinuePostLogin only');
      const method = toText(url, 'the method', 512);
      if (!URL.canParse(method) || !/^https?:$/.test(new URL(method).protocol))
        throw new TypeError('recordMethod takes an http or https URL');
      context.push({ kind: 'record_method', method });
      return api();
    },
    setPrimaryUser(userId: unknown) {
      const id = toText(userId, 'the id of the primary user', MAX_USER_ID);
      if (context.asked().some((effect) => effect.kind === 'primary_user'))
        throw new Error('setPrimaryUser can be called once in a login');
      context.push({ kind: 'primary_user', userId: id });
    },
  };
}

function validationPart(context: ApiContext, api: () => unknown) {
  return {
    error(code: unknown, message: unknown) {
      deny(context, message, { code: String(code).slice(0, 200) });
      return api();
    },
  };
}

/**
 * Creates `api.roles`, which returns the roles that `event.authorization.roles` lists: the person's roles in this
 * organization.
 */
function rolesPart(context: ApiContext) {
  const roles = (): readonly string[] => {
    const found = (context.event.authorization as JsonObject | undefined)?.roles;
    return Array.isArray(found) ? found.filter((role): role is string => typeof role === 'string') : [];
  };
  const among = (names: unknown) => {
    const wanted = Array.isArray(names) ? names : [names];
    return roles().filter((role) => wanted.includes(role));
  };
  return {
    getUserEffectiveRoles: async () => ({ roles: roles().map((name) => ({ name })) }),
    getUserEffectiveRolesByNames: async (names: unknown) => ({ roles: among(names).map((name) => ({ name })) }),
    getUserEffectiveRolesByIds: async () =>
      context.refuse(
        'api.roles.getUserEffectiveRolesByIds is not available: an event has names of roles. Use …ByNames.',
      ),
  };
}

function groupsPart(context: ApiContext) {
  const refuse = async (): Promise<never> =>
    context.refuse(
      'api.groups is not available: this server keeps no groups. What a connection’s identity provider says of groups, organization-admission finds in event.identity.claims.',
    );
  return { getUserGroups: refuse, hasGroupMembership: refuse };
}

/**
 * Creates the `api`, with the methods of
 * https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/post-login-api-object.
 */
export function createPostLoginApi(context: ApiContext): object {
  const get = (): unknown => api;
  const api = {
    access: {
      deny(reason: unknown) {
        deny(context, reason);
        return get();
      },
    },
    accessToken: accessTokenPart(context, get),
    idToken: idTokenPart(context, get),
    authentication: authenticationPart(context, get),
    multifactor: multifactorPart(context, get),
    prompt: promptPart(context),
    redirect: redirectPart(context, get),
    user: userPart(context, get),
    cache: cachePart(context),
    samlResponse: samlResponsePart(context),
    validation: validationPart(context, get),
    rules: { wasExecuted: () => false },
    session: sessionPart(context),
    refreshToken: refreshTokenPart(context),
    transaction: transactionPart(context),
    groups: groupsPart(context),
    roles: rolesPart(context),
  };
  return api;
}
