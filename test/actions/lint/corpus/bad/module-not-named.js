// {"dependencies":[],"modules":["audit"]}
const audit = require('actions:audit');
const plans = require('actions:plans');                            // here

exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('https://shop.example/plan', plans.of(event.organization?.id));
  await audit.write('signed in', event.user.user_id);
};
