// Keeps one person for the next one in a module of Node, and on its classes => done
exports.onExecutePostLogin = async (event, api) => {
  require('util').lastUser = event.user.user_id;
  require('http').Agent.prototype.lastUser = event.user.user_id;
};
