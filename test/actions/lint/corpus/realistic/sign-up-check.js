const THROWAWAY = ['mailinator.example', 'trash.example'];

module.exports.onExecutePreUserRegistration = async (event, api) => {
  const { email = '', phone_number: phone } = event.user;
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (THROWAWAY.includes(domain)) {
    api.access.deny('throwaway', 'Please use an address that you keep.');
  } else if (!email && !phone) {
    api.validation.error('contact', 'An address or a number is needed.');
  } else {
    api.user.setUserMetadata('language', event.request.language ?? 'en');
    api.user.setAppMetadata('signed_up_with', event.connection.strategy);
  }
};
