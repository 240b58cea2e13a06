/** The OpenID Connect connector keeps the contract, back channel and front channel. */
import { describeRedirectConnector } from '../conformance/connector-contract.js';
import { DANA, startOidcRig } from '../support/oidc-rig.js';

for (const type of ['back_channel', 'front_channel']) {
  describeRedirectConnector(`oidc, ${type}`, async () => {
    const { idp, connector, connection, stop } = await startOidcRig({ options: { type } });
    const person = { login: 'dana', subject: DANA.sub, email: DANA.email };
    return { connector, connection, person, signIn: idp.signIn, stopIdp: idp.stop, stop };
  });
}
