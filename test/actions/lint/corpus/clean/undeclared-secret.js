// {"secrets":["CRM_URL","CRM_KEY"]}
const axios = require('axios');

exports.onExecutePostUserRegistration = async (event) => {
  const headers = { authorization: event.secrets.CRM_KEY };
  await axios.post(event.secrets.CRM_URL, { email: event.user.email }, { headers });
};
