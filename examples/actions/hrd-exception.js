/**
 * login-post-identifier: the exception that home realm discovery lacks. People of the company's domain who have only a password (a
 * contractor, say) are sent to the password page, everybody else to the company's sign-in as usual.
 *
 * Whoever types such an address sees that it goes elsewhere: use it for a list that is no secret.
 *
 * Secrets: passwordPeople, addresses separated by commas.
 */
exports.onExecutePostIdentifier = async (event, api) => {
  const address = event.authentication.identifier.value.toLowerCase();
  const people = event.secrets.passwordPeople.split(',').map((person) => person.trim().toLowerCase());
  if (people.includes(address)) {
    api.authentication.setConnectionByName('Username-Password-Authentication');
  }
};
