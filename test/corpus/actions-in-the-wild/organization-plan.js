// post-login: what the organization has bought, from its metadata, as claims; nothing without an organization. Known from workshops for B2B applications.
exports.onExecutePostLogin = async (event, api) => {
  const ns = 'https://notebook.example/';
  const { organization } = event;
  if (!organization) return;

  const plan = organization.metadata?.plan ?? 'free';
  const seats = Number.parseInt(organization.metadata?.seats ?? '', 10) || undefined;
  const features = (organization.metadata?.features ?? '').split(',').filter(Boolean);
  api.idToken.setCustomClaim(ns + 'organization', { name: organization.name, display: organization.display_name, plan, seats, features });
  api.accessToken.setCustomClaim(ns + 'plan', plan);
  // Nothing to say: a claim without a value is left out.
  api.accessToken.setCustomClaim(ns + 'seats', seats);
};
