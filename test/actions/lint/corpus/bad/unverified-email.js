const STAFF = ['acme.example'];

exports.onExecutePostLogin = async (event, api) => {
  const domain = event.user.email?.split('@')[1];               // here
  if (!STAFF.includes(domain)) {
    return api.access.deny('Only for staff.');
  }
};
