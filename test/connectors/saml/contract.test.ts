/** The SAML connector keeps the contract, with metadata by address: a signed assertion, a signed response, both, and encrypted. */
import { describeRedirectConnector } from '../../conformance/connector-contract.js';
import { DANA, startSamlRig } from '../../support/saml/rig.js';

const WAYS = {
  'signed assertion': { signAssertion: true },
  'signed response': { signAssertion: false, signResponse: true },
  'both signed': { signAssertion: true, signResponse: true },
} as const;

for (const [name, idp] of Object.entries(WAYS)) {
  describeRedirectConnector(`samlp, ${name}`, async () => {
    const rig = await startSamlRig({ idp });
    const person = { login: 'dana', subject: DANA.sub, email: DANA.email };
    const { connector, connection, stop } = rig;
    return { connector, connection, person, signIn: rig.idp.signIn, stopIdp: rig.idp.stop, stop };
  });
}
