// Replaces methods of Map and Set => done
exports.onExecutePostLogin = async (event, api) => {
  Map.prototype.get = () => 'leaked';
  Set.prototype.has = () => true;
};
