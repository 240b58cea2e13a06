// post-login, the first of two: weighs the login and leaves its judgement for the Action after it. Known from the vendor's release notes on transaction metadata.
exports.onExecutePostLogin = async (event, api) => {
  let risk = 0;
  if (!event.user.email_verified) risk += 40;
  if (event.stats.logins_count <= 1) risk += 10;
  if (/curl|python|bot/i.test(event.request.user_agent ?? '')) risk += 50;
  if (event.authentication?.riskAssessment?.confidence === 'low') risk += 50;
  api.transaction.setMetadata('risk', risk);
  api.transaction.setMetadata('reasons', JSON.stringify({ agent: event.request.user_agent ?? null }));
  console.log('risk:', event.transaction.metadata.risk);
};
