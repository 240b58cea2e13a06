// pre-user-registration: finds or creates the person in a customer database and keeps the id of the contact. Known from the vendor's gallery (customer databases).
const { default: axios } = require('axios');

exports.onExecutePreUserRegistration = async (event, api) => {
  const { email } = event.user;
  if (!email) return api.access.deny('registration_error', 'An e-mail address is needed.');
  const crm = axios.create({ baseURL: event.secrets.CRM, headers: { Authorization: `Bearer ${event.secrets.CRM_TOKEN}` } });
  const find = async () => {
    const { data } = await crm.post('/contacts/search', { filters: [{ propertyName: 'email', operator: 'EQ', value: email }], limit: 1 });
    return data.results[0]?.id;
  };
  try {
    let id = await find();
    if (!id) {
      try {
        ({ data: { id } } = await crm.post('/contacts', { properties: { email, firstname: event.user.given_name ?? '' } }));
      } catch (error) {
        // Somebody else was quicker.
        if (error.response?.status !== 409) throw error;
        id = await find();
      }
    }
    api.user.setAppMetadata('contact_id', id);
  } catch (error) {
    console.log(axios.isAxiosError(error), error.message);
    api.access.deny('registration_error', 'We could not open your account right now.');
  }
};
