const _ = require('lodash');

const CONNECTIONS = { 'acme-oidc': 'org_acme', 'beta-saml': 'org_beta' };

exports.onExecutePostLogin = async (event, api) => {
  const expected = _.get(CONNECTIONS, event.connection.name);
  switch (event.connection.strategy) {
    case 'auth0':
      if (event.organization?.metadata.sso === 'required') {
        api.access.deny('Please sign in through your company.');
      }
      break;
    case 'oidc':
    case 'samlp':
      if (event.organization && event.organization.id !== expected) {
        return api.access.deny('This company sign-in belongs to another organization.');
      }
      break;
    default:
      console.log('other', event.connection.strategy);
  }
};
