const STAFF = ['acme.example'];

exports.onExecutePostLogin = async (event, api) => {
  const domain = event.user.email?.split('@')[1];
  if (!event.user.email_verified || !STAFF.includes(domain)) {
    return api.access.deny('Only for staff.');
  }
};
