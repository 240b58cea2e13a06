// Throws an object that fights back when it is read => threw
exports.onExecutePostLogin = async (event, api) => {
  throw new Proxy(new Error('x'), {
    get() {
      throw new Error('no');
    },
    getPrototypeOf() {
      throw new Error('no');
    },
  });
};
