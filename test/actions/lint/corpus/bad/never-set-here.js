exports.onExecutePostLogin = async (event, api) => {
  const groups = event.user.groups ?? []; // here
  if (groups.includes('contractors')) return api.access.deny('Contractors may not come in.');
};
