// post-login: attributes for applications that speak SAML, in a tenant that also has others. Known from the vendor's templates (attribute mapping).
exports.onExecutePostLogin = async (event, api) => {
  api.samlResponse.setAttribute('http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier', event.user.user_id);
  if (event.transaction?.protocol === 'samlp') {
    api.samlResponse.setLifetimeInSeconds(1800);
    api.samlResponse.setDestination(event.client.metadata.acs);
  }
};
