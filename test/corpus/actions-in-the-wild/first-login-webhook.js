// post-login: tells the application's own backend about a person who signs in for the first time. Known from blog posts and answers in forums (a sign-up hook that also works for social logins).
const axios = require('axios').default;

exports.onExecutePostLogin = async (event, api) => {
  if (event.stats.logins_count !== 1) {
    return;
  }
  try {
    const { data, status } = await axios.post(
      `${event.secrets.BACKEND}/people`,
      { id: event.user.user_id, email: event.user.email, name: event.user.name ?? null },
      { headers: { 'x-api-key': event.secrets.BACKEND_KEY }, timeout: 3000 },
    );
    console.log(`backend answered ${status}`);
    api.user.setAppMetadata('backend_id', data.id);
  } catch (error) {
    console.error(error.response ? `backend refused: ${error.response.status}` : `backend unreachable: ${error.code}`);
    return api.access.deny('We could not set your account up. Please try again later.');
  }
};
