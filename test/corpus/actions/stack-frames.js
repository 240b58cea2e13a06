// Takes functions and receivers out of stack frames and callers => contained
exports.onExecutePostLogin = async (event, api) => {
  if (!event) return;
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const taken = [];
  Error.prepareStackTrace = (_, sites) => {
    for (const site of sites) {
      taken.push(site.getThis(), site.getFunction());
    }
    return '';
  };
  void new Error('x').stack;
  try {
    api.idToken.setCustomClaim({ toString: null });
  } catch (error) {
    void error.stack;
  }
  const isOwn = (one) => String(one).includes('taken') || String(one).includes('attempt');
  await attempt('frames', () => taken.filter((one) => typeof one === 'function' && !isOwn(one)).join() || undefined);
  await attempt(
    'receivers',
    () =>
      taken
        .filter((one) => typeof one === 'object' && one !== null && one !== globalThis)
        .map((one) => Object.keys(one).join())
        .join(' and ') || undefined,
  );
  const caller = () => caller.caller;
  await attempt('caller', () => [1].map(caller).filter(Boolean).join() || undefined);
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
