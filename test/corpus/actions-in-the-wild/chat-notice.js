// post-login: a message into a chat channel through an incoming webhook, with Node's own https. Known from gists older than the built-in fetch.
var https = require('https');
var { URL } = require('url');

function post(address, message) {
  return new Promise(function (resolve, reject) {
    var body = Buffer.from(JSON.stringify(message), 'utf8');
    var target = new URL(address);
    var request = https.request(
      { hostname: target.hostname, port: target.port, path: target.pathname, method: 'POST', headers: { 'Content-Type': 'application/json', 'Content-Length': body.length } },
      function (response) {
        var chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      },
    );
    request.on('error', reject);
    request.write(body);
    request.end();
  });
}

exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.announced) return;
  var answer = await post(event.secrets.CHAT_WEBHOOK, { text: `:wave: ${event.user.email} signed in to *${event.client.name}*` });
  if (answer.status === 200 && answer.text === 'ok') api.user.setAppMetadata('announced', true);
};
