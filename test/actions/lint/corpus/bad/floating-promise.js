const axios = require('axios');

exports.onExecutePostUserRegistration = async (event) => {
  axios.post('https://crm.example/contacts', { email: event.user.email });     // here
};
