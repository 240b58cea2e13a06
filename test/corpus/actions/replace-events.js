// Listens to everything that the process hears from the server => done
exports.onExecutePostLogin = async (event, api) => {
  const { EventEmitter } = require('events');
  const { emit } = EventEmitter.prototype;
  EventEmitter.prototype.emit = function (name, ...rest) {
    globalThis.heard = [name, ...rest];
    return emit.call(this, name, ...rest);
  };
};
