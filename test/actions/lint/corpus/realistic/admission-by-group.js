exports.onExecuteOrganizationAdmission = async (event, api) => {
  const groups = event.identity.claims.groups ?? [];
  if (groups.includes('contractors')) {
    return api.admission.deny('Contractors are invited one by one.');
  }
  if (groups.includes(`app-${event.organization.name}`)) {
    api.admission.allow({ roles: ['viewer'] });
  }
};
