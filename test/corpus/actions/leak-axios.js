// Keeps one person's token for the next one where axios keeps its defaults => done
exports.onExecutePostLogin = async (event) => {
  require('axios').defaults.headers.common.Authorization = event.user.user_id;
};
