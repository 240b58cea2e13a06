// pre-user-registration: reads fields that were added to the sign-up page, and asks again for what is missing. Known from projects with customized sign-up prompts.
exports.onExecutePreUserRegistration = async (event, api) => {
  const name = event.request.body?.['ulp-full-name']?.trim();
  if (!name || !/\s+/.test(name)) {
    api.validation.error('invalid_payload', 'Please give your full name.');
    return;
  }
  api.user.setUserMetadata('full_name', name);
};
