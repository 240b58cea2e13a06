const axios = require('axios');

exports.onExecutePostLogin = (event, api) => {
  return axios
    .get(event.secrets.PLANS, { params: { id: event.user.user_id } })
    .then(({ data }) => {
      api.accessToken.setCustomClaim('https://shop.example/plan', data.plan);
    })
    .catch((error) => {
      console.log('no plan', error.message);
    });
};
