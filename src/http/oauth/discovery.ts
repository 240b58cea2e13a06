/**
 * /.well-known/openid-configuration (OpenID Connect Discovery 1.0, RFC 8414) and /.well-known/jwks.json (RFC 7517).
 * Lists only features that exist. As on Auth0, answers may be cached for a short time, and used for a long time while
 * this server is down.
 */

import type { FastifyInstance } from 'fastify';
import { CLIENT_KEY_ALGORITHMS } from '../../domain/client-key.js';
import { MULTI_FACTOR } from '../../domain/factors/factor.js';
import { allowEverybody, answerPreflight } from './cors.js';
import type { OAuthDependencies } from './dependencies.js';
import { FACTOR_GRANTS } from './factors/answers.js';

const CACHE = 'public, max-age=15, stale-while-revalidate=15, stale-if-error=86400';

/** Returns the metadata document. A test compares each endpoint in it with the routes. */
function describeServer(origin: string): Readonly<Record<string, unknown>> {
  const authMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'];
  return {
    issuer: `${origin}/`,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    userinfo_endpoint: `${origin}/userinfo`,
    jwks_uri: `${origin}/.well-known/jwks.json`,
    revocation_endpoint: `${origin}/oauth/revoke`,
    end_session_endpoint: `${origin}/oidc/logout`,
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'web_message'],
    grant_types_supported: [
      ...['authorization_code', 'refresh_token', 'client_credentials'],
      ...[FACTOR_GRANTS.otp, FACTOR_GRANTS['recovery-code']],
    ],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: authMethods,
    token_endpoint_auth_signing_alg_values_supported: CLIENT_KEY_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_signing_alg_values_supported: CLIENT_KEY_ALGORITHMS,
    acr_values_supported: [MULTI_FACTOR],
    claims_supported: [
      ...[
        'acr',
        'amr',
        'aud',
        'auth_time',
        'email',
        'email_verified',
        'exp',
        'family_name',
        'given_name',
        'iat',
        'iss',
        'name',
      ],
      ...['nickname', 'nonce', 'org_id', 'org_name', 'picture', 'sid', 'sub', 'updated_at'],
    ],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    // True even though a client's setting can leave `iss` out: an application that checks `iss` must not have that
    // setting.
    authorization_response_iss_parameter_supported: true,
  };
}

/**
 * Registers `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 section 4) and `/.well-known/jwks.json`.
 */
export async function discoveryRoutes(app: FastifyInstance, deps: OAuthDependencies): Promise<void> {
  const document = JSON.stringify(describeServer(deps.origin));
  app.addHook('onRequest', async (_request, reply) => allowEverybody(reply));
  app.get('/.well-known/openid-configuration', async (_request, reply) =>
    reply.type('application/json; charset=utf-8').header('cache-control', CACHE).send(document),
  );
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', CACHE).send(await deps.issuer.publicKeys()),
  );
  app.options('/.well-known/openid-configuration', answerPreflight);
  app.options('/.well-known/jwks.json', answerPreflight);
}
