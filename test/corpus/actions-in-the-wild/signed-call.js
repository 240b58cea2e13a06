// post-login: calls an API with a short-lived assertion, and believes its answer only by its signature. Known from integrations with in-house authorization services.
const jwt = require('jsonwebtoken');
const { v4: uuid } = require('uuid');
const { jwtVerify, SignJWT } = require('jose');

exports.onExecutePostLogin = async (event, api) => {
  const { RIGHTS_URL, RIGHTS_SECRET } = event.secrets;
  const assertion = jwt.sign({ jti: uuid(), scope: 'rights:read' }, RIGHTS_SECRET, {
    algorithm: 'HS256',
    subject: event.user.user_id,
    issuer: event.tenant.id,
    audience: RIGHTS_URL,
    expiresIn: '30s',
  });
  const response = await fetch(RIGHTS_URL, { headers: { authorization: `Bearer ${assertion}` } });
  const { rights } = jwt.verify(await response.text(), RIGHTS_SECRET, { algorithms: ['HS256'], audience: event.user.user_id });

  // The same key with the other package, for a token that the application's own backend reads.
  const key = new TextEncoder().encode(RIGHTS_SECRET);
  const ticket = await new SignJWT({ rights }).setProtectedHeader({ alg: 'HS256' }).setSubject(event.user.user_id).setIssuedAt().setExpirationTime('5m').sign(key);
  const { payload } = await jwtVerify(ticket, key, { subject: event.user.user_id });
  api.accessToken.setCustomClaim('https://notebook.example/rights', payload.rights);
};
