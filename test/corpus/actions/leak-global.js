// Keeps one person for the next one in a global => done
exports.onExecutePostLogin = async (event, api) => {
  globalThis.lastUser = event.user.user_id;
  implicit = event.user.user_id;
};
