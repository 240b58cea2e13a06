// Replaces Promise and its methods => done
exports.onExecutePostLogin = async (event, api) => {
  Promise.prototype.then = function () {
    return this;
  };
  Promise.race = () => undefined;
  globalThis.Promise = class {};
};
