exports.onExecutePostLogin = async (event, api) => {
  const groups = event.user.groups ?? []; // here
  if (groups.includes('approvers')) api.accessToken.setCustomClaim('https://shop.example/may_approve', true);
};
