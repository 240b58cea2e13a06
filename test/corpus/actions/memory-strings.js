// Fills the heap with strings => memory|cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  const kept = [];
  for (let index = 0; ; index += 1) kept.push(`${index}`.padEnd(100_000, String(index)).split('').join('-'));
};
