// post-login: only members of a group of the company's directory. Known from the vendor's templates (directory groups).
exports.onExecutePostLogin = async (event, api) => {
  const wanted = event.secrets.ALLOWED_GROUP;
  if (!wanted) return api.access.deny('Invalid configuration');

  let groups = event.user.groups || [];
  if (!Array.isArray(groups)) groups = [groups];
  if (!groups.includes(wanted)) return api.access.deny('Access denied');
};
