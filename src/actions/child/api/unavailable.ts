/**
 * Methods of Auth0's `api` that this server does not support. Those that protect a person (prompts) fail the execution. Those that configure something that does not exist here (SAML applications) print a line and
 * continue.
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

/** Creates `api.prompt`. */
export function promptPart(context: ApiContext) {
  return { render: refusing(context, 'api.prompt.render', 'forms or custom prompts') };
}

/**
 * Creates `api.transaction` of `credentials-exchange`. Its methods fail the execution: if they did nothing, the token
 * would keep scopes that the Action wanted to remove.
 */
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

/** Creates `api.samlResponse`. Its methods only print a line: no application here uses SAML, so they lose nothing. */
export function samlResponsePart(context: ApiContext) {
  const methods: Record<string, () => void> = {};
  for (const name of SAML_SETTERS) {
    methods[`set${name}`] = () =>
      context.print(`samlResponse.set${name}: no application here uses SAML, so it changes nothing`);
  }
  return methods;
}
