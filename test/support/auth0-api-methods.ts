/**
 * The methods of `api` that Auth0 publishes, by trigger: names as in the types of `@auth0/actions` (post-login v3, the others as
 * in docs/actions.md) and on the pages "API object" of each trigger at https://auth0.com/docs/customize/actions/explore-triggers.
 * login-post-identifier has no page.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const CACHE = words('cache.delete cache.get cache.set');
const LIFETIME = words('revoke setExpiresAt setIdleExpiresAt setMetadata deleteMetadata evictMetadata');
const SAML =
  words(`Attribute Audience Recipient CreateUpnClaim PassthroughClaimsWithNoMapping MapUnknownClaimsAsIs MapIdentities
  SignatureAlgorithm DigestAlgorithm Destination LifetimeInSeconds SignResponse NameIdentifierFormat NameIdentifierProbes
  AuthnContextClassRef SigningCert IncludeAttributeNameFormat TypedAttributes EncryptionCert EncryptionPublicKey
  EncryptionAlgorithm Cert Key RelayState Issuer`);

export const AUTH0_API: Readonly<Record<string, readonly string[]>> = {
  'post-login': [
    ...words(`access.deny accessToken.addScope accessToken.removeScope accessToken.setCustomClaim idToken.setCustomClaim
      authentication.challengeWith authentication.challengeWithAny authentication.enrollWith authentication.enrollWithAny
      authentication.recordMethod authentication.setPrimaryUser groups.getUserGroups groups.hasGroupMembership
      multifactor.enable prompt.render redirect.canRedirect redirect.encodeToken redirect.sendUserTo redirect.validateToken
      roles.getUserEffectiveRoles roles.getUserEffectiveRolesByIds roles.getUserEffectiveRolesByNames rules.wasExecuted
      session.setCookieMode transaction.setMetadata user.setAppMetadata user.setUserMetadata validation.error`),
    ...LIFETIME.flatMap((name) => [`session.${name}`, `refreshToken.${name}`]),
    ...SAML.map((name) => `samlResponse.set${name}`),
    ...CACHE,
  ],
  'credentials-exchange': [
    ...words(`access.deny accessToken.setCustomClaim transaction.addTargetScope transaction.removeTargetScope
      transaction.setTargetScopes transaction.clearTargetScopes`),
    ...CACHE,
  ],
  'pre-user-registration': [
    ...words('access.deny user.setAppMetadata user.setUserMetadata validation.error'),
    ...CACHE,
  ],
  'post-user-registration': CACHE,
  'post-change-password': CACHE,
  'login-post-identifier': words('authentication.setConnectionByName authentication.setOrganization'),
};
