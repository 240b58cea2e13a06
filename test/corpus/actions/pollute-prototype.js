// Pollutes Object.prototype, also with toJSON and accessors => done
exports.onExecutePostLogin = async (event, api) => {
  Object.prototype.polluted = 'yes';
  Object.prototype.get = () => 'yes';
  Object.prototype.leftover = undefined;
  Array.prototype.polluted = 'yes';
};
