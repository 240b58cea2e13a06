// post-change-password: who was blocked until he has a new password is let in again, through the Management API without any package. Known from support tools.
exports.onExecutePostChangePassword = async (event) => {
  const { domain, clientId, clientSecret } = event.secrets;
  const answer = await fetch(`https://${domain}/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience: `https://${domain}/api/v2/` }),
  });
  if (!answer.ok) {
    console.error('no token');
    return;
  }
  const { access_token: token } = await answer.json();
  const done = await fetch(`https://${domain}/api/v2/users/${encodeURIComponent(event.user.user_id)}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ blocked: false }),
  });
  console.log('unblocked:', done.status);
};
