// post-login: a second factor where the application or the role asks for one, and only once in a session. Known from the vendor's templates (step-up, once per session).
const STEP_UP = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

exports.onExecutePostLogin = async (event, api) => {
  const asked = event.transaction?.acr_values?.includes(STEP_UP) || (event.authorization?.roles ?? []).includes('admin');
  const done = event.authentication?.methods?.find((method) => method.name === 'mfa');
  if (asked && !done) {
    api.multifactor.enable('any', { allowRememberBrowser: false });
  } else {
    api.multifactor.enable('none');
  }
};
