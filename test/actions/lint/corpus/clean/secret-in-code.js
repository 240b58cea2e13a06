const axios = require('axios');

exports.onExecutePostUserRegistration = async (event) => {
  const headers = { apiKey: event.secrets.API_KEY };
  await axios.post('https://crm.example/contacts', { email: event.user.email }, { headers });
};
