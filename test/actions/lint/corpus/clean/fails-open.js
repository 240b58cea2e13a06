const axios = require('axios');

exports.onExecutePostLogin = async (event, api) => {
  try {
    const { data } = await axios.get(`https://risk.example/score/${event.request.ip}`, { timeout: 3000 });
    if (data.score > 90) {
      return api.access.deny('This network is blocked.');
    }
  } catch (error) {
    console.error(error.message);
    return api.access.deny('Your network could not be checked. Please try again.');
  }
};
