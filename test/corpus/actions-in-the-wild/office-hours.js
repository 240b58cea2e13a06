// post-login: an application that is open on some days only, in the time zone of the office. Known from the vendor's documentation ("weekdays only").
const names = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', hour12: false, timeZone: 'Europe/Berlin' });

exports.onExecutePostLogin = async (event, api) => {
  const parts = Object.fromEntries(names.formatToParts(new Date()).map(({ type, value }) => [type, value]));
  const open = event.secrets.OPEN_DAYS.split(' ');
  console.log('it is %s, %d o’clock', parts.weekday, Number(parts.hour));
  if (!open.includes(parts.weekday)) {
    const until = new Intl.ListFormat('en').format(open);
    api.access.deny(`This app is open on ${until || 'no day'} only.`);
    return;
  }
};
