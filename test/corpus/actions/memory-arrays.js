// Fills the heap with arrays => memory|cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  const kept = [];
  for (;;) kept.push(new Array(10_000).fill(Math.random()));
};
