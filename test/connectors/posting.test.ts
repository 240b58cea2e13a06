/** A connector whose identity provider answers by a posted form keeps the contract: nothing in it knows OpenID Connect. */
import { describeRedirectConnector } from '../conformance/connector-contract.js';
import { connectionWith } from '../support/oidc-rig.js';
import { createPostingConnector, startPostingIdp } from '../support/posting-connector.js';

describeRedirectConnector('a provider that posts its answer', async () => {
  const person = { login: 'dana', subject: 'dana-at-the-idp', email: 'dana@acme.example' };
  const idp = await startPostingIdp({ dana: { subject: person.subject, email: person.email } });
  const connection = connectionWith(idp.options, { name: 'acme-posting' });
  const { signIn, stop } = idp;
  return { connector: createPostingConnector(), connection, person, signIn, stopIdp: stop, stop: async () => {} };
});
