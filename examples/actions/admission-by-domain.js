/**
 * organization-admission: asked about somebody whom no rule admits, before anything is written. Lets in people of the company's own
 * domain, by an address that somebody who may has vouched for.
 */
exports.onExecuteOrganizationAdmission = async (event, api) => {
  if (event.email.proved && event.email.domain_proved_by_organization) {
    return api.admission.allow({ roles: ['reader'] });
  }
  // No word: the refusal stands, as if this Action were not there.
};
