const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (!event.organization) return;
  const management = new ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
  const members = [];
  let page = 0;
  while (true) {                                                // here
    const { data } = await management.organizations.getMembers({ id: event.organization.id, page, per_page: 100 });
    if (data.length === 0) break;
    members.push(...data);
    page += 1;
  }
  api.idToken.setCustomClaim('https://shop.example/colleagues', members.length);
};
