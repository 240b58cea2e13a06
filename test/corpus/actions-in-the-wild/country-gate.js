// post-login: denies some countries, or all but some. Known from the vendor's documentation and conference workshops.
const BLOCKED = new Set(['KP', 'IR']);

exports.onExecutePostLogin = async (event, api) => {
  const { countryCode, countryName = 'your country' } = event.request.geoip;
  if (BLOCKED.has(countryCode)) {
    return api.access.deny(`Not available in ${countryName}.`);
  }
  const only = event.secrets.ONLY_COUNTRIES?.split(',') ?? [];
  if (only.length > 0 && !only.includes(countryCode)) {
    return api.access.deny('We could not tell that you are where you may sign in from.');
  }
};
