// Closes the function around the code, to declare variables in the scope of all executions => threw
exports.onExecutePostLogin = async () => {};
})});
const lastUser = 'kept';
(() => (() => {
