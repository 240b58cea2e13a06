// post-login: asks for what the profile lacks, on a page of the application's own, and goes on with what it signed. Known from the vendor's documentation and many tutorials.
const MISSING = ['department', 'phone'];

exports.onExecutePostLogin = async (event, api) => {
  const missing = MISSING.filter((name) => !event.user.user_metadata?.[name]);
  if (missing.length === 0) return;
  if (event.transaction?.protocol === 'oauth2-refresh-token') return;
  const token = api.redirect.encodeToken({
    secret: event.secrets.PROFILE_SECRET,
    expiresInSeconds: 600,
    payload: { missing, continue_uri: `https://${event.request.hostname}/continue` },
  });
  api.redirect.sendUserTo(event.secrets.PROFILE_PAGE, { query: { session_token: token, lang: event.transaction?.locale } });
};

exports.onContinuePostLogin = async (event, api) => {
  let answer;
  try {
    answer = api.redirect.validateToken({ secret: event.secrets.PROFILE_SECRET, tokenParameterName: 'session_token' });
  } catch (error) {
    console.log(error.message);
    return api.access.deny('Something went wrong while we asked for your profile.');
  }
  for (const [name, value] of Object.entries(answer.other ?? {})) {
    if (MISSING.includes(name)) api.user.setUserMetadata(name, String(value).trim());
  }
};
