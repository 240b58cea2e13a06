// post-login: counts logins and keeps the last devices in app_metadata. Known from tutorials (usage statistics, "new device" mails).
const crypto = require('crypto');

exports.onExecutePostLogin = async (event, api) => {
  const metadata = event.user.app_metadata ?? {};
  const device = crypto.createHash('sha256').update(event.request.user_agent ?? 'none').digest('base64url').slice(0, 12);
  const known = metadata.devices ?? [];
  const isNew = !known.includes(device);
  api.user.setAppMetadata('count', (metadata.count ?? 0) + 1);
  api.user.setAppMetadata('devices', [device, ...known.filter((other) => other !== device)].slice(0, 3));
  api.user.setAppMetadata('last_login', { at: new Date().toISOString(), from: event.client.name });
  // Taken away: what an older version kept.
  api.user.setAppMetadata('loginCount', undefined);
  api.idToken.setCustomClaim('https://notebook.example/new_device', isNew);
};
