const jwt = require('jsonwebtoken');
const { v4: uuid } = require('uuid');

exports.onExecutePostLogin = async (event, api) => {
  const token = jwt.sign({ jti: uuid(), sub: event.user.user_id }, event.secrets.SIGNING_KEY, { expiresIn: '1m' });
  let answer;
  for (let attempt = 0; attempt < 3 && answer === undefined; attempt += 1) {
    const response = await fetch('https://policy.example/decide', { headers: { authorization: `Bearer ${token}` } });
    if (response.ok) answer = await response.json();
  }
  if (answer?.allow !== true) return api.access.deny('The policy service said no.');
};
