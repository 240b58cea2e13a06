const { createHash } = require('node:crypto');

exports.onExecutePostLogin = async (event, api) => {
  const digest = createHash('sha256').update(event.user.user_id).digest('hex');
  api.idToken.setCustomClaim('https://shop.example/pseudonym', digest);
};
