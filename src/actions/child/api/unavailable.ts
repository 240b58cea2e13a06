/**
 * Calls that Auth0 has and this server cannot fulfil. Those that protect a person (second factors, prompts) fail the execution;
 * those that configure something that does not exist here (SAML applications) print a line and go on.
 */
import type { ApiContext } from './context.js';

const SAML_SETTERS = `Attribute Audience Recipient CreateUpnClaim PassthroughClaimsWithNoMapping MapUnknownClaimsAsIs
  MapIdentities SignatureAlgorithm DigestAlgorithm Destination LifetimeInSeconds SignResponse NameIdentifierFormat
  NameIdentifierProbes AuthnContextClassRef SigningCert IncludeAttributeNameFormat TypedAttributes EncryptionCert
  EncryptionAlgorithm EncryptionPublicKey Cert Key RelayState Issuer`.split(/\s+/);

function refusing(context: ApiContext, call: string, missing: string) {
  return () =>
    context.refuse(`${call} is not available: this server has no ${missing}. The login was refused, not let through.`);
}

/** `api.authentication.challengeWith` and its kin, `api.multifactor`, `api.prompt`. */
export function secondFactorMethods(context: ApiContext) {
  const factor = (name: string) => refusing(context, `api.authentication.${name}`, 'second factors');
  return {
    challengeWith: factor('challengeWith'),
    challengeWithAny: factor('challengeWithAny'),
    enrollWith: factor('enrollWith'),
    enrollWithAny: factor('enrollWithAny'),
  };
}

/** `api.multifactor`. Auth0 takes `'none'` for "no second factor", which is what happens here. */
export function multifactorPart(context: ApiContext, api: () => unknown) {
  const refuse = refusing(context, 'api.multifactor.enable', 'second factors');
  return { enable: (provider: unknown) => (provider === 'none' ? api() : refuse()) };
}

/** `api.prompt`. */
export function promptPart(context: ApiContext) {
  return { render: refusing(context, 'api.prompt.render', 'forms or custom prompts') };
}

/** `api.transaction` of credentials-exchange. To ignore a call would issue a token with scopes that the code has removed. */
export function targetScopesPart(context: ApiContext) {
  const refuse = (name: string) => () =>
    context.refuse(
      `api.transaction.${name} is not available: this server has no target scopes. The token was refused. Use api.accessToken.addScope or removeScope.`,
    );
  return {
    addTargetScope: refuse('addTargetScope'),
    removeTargetScope: refuse('removeTargetScope'),
    setTargetScopes: refuse('setTargetScopes'),
    clearTargetScopes: refuse('clearTargetScopes'),
  };
}

/** `api.samlResponse`: accepted, with one line, because no application here speaks SAML and nothing is lost. */
export function samlResponsePart(context: ApiContext) {
  const methods: Record<string, () => void> = {};
  for (const name of SAML_SETTERS) {
    methods[`set${name}`] = () =>
      context.print(`samlResponse.set${name}: no application here uses SAML, so it changes nothing`);
  }
  return methods;
}
