// Leaves timers, also such that do not count => done
exports.onExecutePostLogin = async (event, api) => {
  setInterval(() => {
    globalThis.fired = event.user.user_id;
  }, 1);
  setTimeout(() => {
    globalThis.fired = event.user.user_id;
  }, 30).unref();
  require('timers')
    .setTimeout(() => {
      globalThis.fired = event.user.user_id;
    }, 30)
    .unref();
};
