// Keeps one person for the next one in the environment, in performance marks, and in what was matched last => done
exports.onExecutePostLogin = async (event) => {
  process.env.LAST_USER = event.user.user_id;
  performance.mark('last-user', { detail: event.user.user_id });
  /(.*)/.test(event.user.user_id);
};
