const BLOCKED = new Set(['XX', 'YY']);

function reasonFor(event) {
  const country = event.request.geoip.countryCode;
  if (country === undefined) return 'The country could not be found out.';
  return BLOCKED.has(country) ? `Sign-in from ${country} is not possible.` : undefined;
}

exports.onExecutePostLogin = async (event, api) => {
  const reason = reasonFor(event);
  if (reason) {
    console.log('refused', event.user.user_id, event.request.geoip.countryCode);
    api.access.deny(reason);
  } else {
    api.user.setAppMetadata('country', event.request.geoip.countryCode);
  }
};
