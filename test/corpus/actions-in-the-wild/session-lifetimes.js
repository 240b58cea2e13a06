// post-login: shorter sessions where organization, application or connection say so in their metadata. Known from the vendor's templates.
exports.onExecutePostLogin = async (event, api) => {
  const now = Date.now();
  const metadata = event.organization?.metadata || event.client?.metadata || event.connection?.metadata;
  if (!metadata) return;

  const idle = Number(metadata.idle_lifetime);
  if (idle) api.session.setIdleExpiresAt(now + idle);

  const absolute = Number(metadata.absolute_lifetime);
  const created = event.session?.created_at ? new Date(event.session.created_at).getTime() : now;
  if (absolute) api.session.setExpiresAt(created + absolute);
};
