// {"dependencies":[],"modules":["audit","plans"]}
const audit = require('actions:audit');
const plans = require('actions:plans');

exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('https://shop.example/plan', plans.of(event.organization?.id));
  await audit.write('signed in', event.user.user_id);
};
