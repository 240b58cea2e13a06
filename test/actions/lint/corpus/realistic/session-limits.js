exports.onExecutePostLogin = async (event, api) => {
  const hours = Number(event.client.metadata.session_hours ?? 12);
  api.session.setExpiresAt(Date.now() + hours * 60 * 60 * 1000);
  if (event.refresh_token) api.refreshToken.setExpiresAt(Date.now() + 2 * hours * 60 * 60 * 1000);
  if (event.client.client_id === event.secrets.KIOSK) api.session.setCookieMode('non-persistent');
  api.samlResponse.setAttribute('https://shop.example/department', event.user.user_metadata.department ?? '');
  api.transaction.setMetadata('checked', true);
};
