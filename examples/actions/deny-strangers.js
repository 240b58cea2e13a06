/**
 * post-login: lets in who is a member already or was invited; everybody else is refused, auto-membership or not.
 *
 * `event.organization.membership` is what this server adds to Auth0's event: `exists` says whether the person was a member before this
 * login, `via` how he became one or is about to. On Auth0 the field is missing, and nobody is refused by it.
 */
exports.onExecutePostLogin = async (event, api) => {
  const membership = event.organization?.membership;
  if (membership && !membership.exists && membership.via === 'auto') {
    return api.access.deny('Ask an administrator of your organization to invite you.');
  }
};
