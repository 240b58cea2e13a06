exports.onExecutePostLogin = async (event, api) => {
  if (event.connection.name !== 'acme-oidc') return;
  const groups = event.user.groups ?? [];
  if (groups.includes('approvers')) api.accessToken.setCustomClaim('https://shop.example/may_approve', true);
};
