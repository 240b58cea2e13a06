// Fills the heap with maps => memory|cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  const kept = new Map();
  for (let index = 0; ; index += 1) kept.set({ index }, new Map([[index, [index]]]));
};
