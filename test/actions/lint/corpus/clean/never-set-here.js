exports.onExecutePostLogin = async (event, api) => {
  const roles = event.authorization?.roles ?? [];
  if (!roles.includes('staff')) return api.access.deny('Only staff may come in.');
};
