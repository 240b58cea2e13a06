// Keeps one person for the next one in a package, and changes the package => done
exports.onExecutePostLogin = async (event, api) => {
  const _ = require('lodash');
  _.lastUser = event.user.user_id;
  _.templateSettings.imports.lastUser = event.user.user_id;
};
