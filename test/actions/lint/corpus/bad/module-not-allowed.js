const { readFileSync } = require('node:fs');                       // here

exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('https://shop.example/motd', readFileSync('/etc/motd', 'utf8'));
};
