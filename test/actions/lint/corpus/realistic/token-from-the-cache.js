const axios = require('axios');

async function getToken(event, api) {
  const cached = api.cache.get('token');
  if (cached) return cached.value;
  const { data } = await axios.post(`https://${event.secrets.DOMAIN}/oauth/token`, {
    grant_type: 'client_credentials',
    client_id: event.secrets.CLIENT_ID,
    client_secret: event.secrets.CLIENT_SECRET,
    audience: `https://${event.secrets.DOMAIN}/api/v2/`,
  });
  const result = api.cache.set('token', data.access_token, { ttl: data.expires_in * 900 });
  if (result.type === 'error') console.log('not kept', result.code);
  return data.access_token;
}

exports.onExecutePostLogin = async (event, api) => {
  const token = await getToken(event, api);
  const [profile, entitlements] = await Promise.all([
    axios.get(`${event.secrets.API}/profiles/${event.user.user_id}`, { headers: { Authorization: `Bearer ${token}` } }),
    axios.get(`${event.secrets.API}/entitlements`, { headers: { Authorization: `Bearer ${token}` } }),
  ]);
  api.idToken.setCustomClaim('https://shop.example/profile', profile.data);
  api.idToken.setCustomClaim('https://shop.example/entitlements', entitlements.data);
};
