// Names that would replace a prototype where they are merged => threw
exports.onExecutePostLogin = async (event, api) => {
  api.user.setAppMetadata('x', JSON.parse('{"__proto__":{"admin":true}}'));
};
