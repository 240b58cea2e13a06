exports.onExecutePostLogin = async (event, api) => {
  if (event.transaction?.protocol === 'oauth2-refresh-token' || event.user.app_metadata.terms_version === 3) {
    return;
  }
  const token = api.redirect.encodeToken({
    secret: event.secrets.SESSION_TOKEN_SECRET,
    expiresInSeconds: 300,
    payload: { version: 3, continue_uri: `https://${event.request.hostname}/continue` },
  });
  api.redirect.sendUserTo('https://shop.example/terms', { query: { session_token: token } });
};

exports.onContinuePostLogin = async (event, api) => {
  let payload;
  try {
    payload = api.redirect.validateToken({
      secret: event.secrets.SESSION_TOKEN_SECRET,
      tokenParameterName: 'session_token',
    });
  } catch (error) {
    console.log(error.message);
    return api.access.deny('The answer of the terms page could not be read.');
  }
  if (payload.accepted !== true) {
    return api.access.deny('The terms have to be accepted.');
  }
  api.user.setAppMetadata('terms_version', 3);
  api.authentication.recordMethod('https://shop.example/terms');
};
