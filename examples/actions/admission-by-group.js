/**
 * organization-admission: lets in whom the company's identity provider puts into a group, with the role that the group stands for.
 *
 * Works with providers that send a claim `groups`.
 */
const ROLES = { 'notebook-editors': 'editor', 'notebook-readers': 'reader' };

exports.onExecuteOrganizationAdmission = async (event, api) => {
  // A provider may send a single group as text, and a text "includes" its parts: only whole names count. A long list may have been cut on
  // its way: nothing is concluded from a group that is missing.
  const claim = event.identity?.claims.groups ?? [];
  const groups = Array.isArray(claim) ? claim : [claim];
  const roles = Object.keys(ROLES)
    .filter((group) => groups.includes(group))
    .map((group) => ROLES[group]);
  if (roles.length > 0) {
    return api.admission.allow({ roles });
  }
  return api.admission.deny('Ask your IT department for access to Notebook.');
};
