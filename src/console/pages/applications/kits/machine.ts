/** The kit for a machine that requests its own tokens, with curl or with Node without a library. Pure. */
import type { CodeFacts, Kit } from './kit.js';

const script = (facts: CodeFacts) => `set -eu
. ./.env
curl -sS '${facts.origin}/oauth/token' \\
  --data grant_type=client_credentials \\
  --data client_id='${facts.clientId}' \\
  --data-urlencode client_secret="$CLIENT_SECRET" \\
  --data-urlencode audience='${facts.audience}'
`;

const program = (
  facts: CodeFacts,
) => `// A token is good for a while: it is asked for once, and again a minute before it ends.
let kept = { until: 0 };

export async function getToken() {
  if (Date.now() < kept.until) return kept.token;
  const response = await fetch('${facts.origin}/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: '${facts.clientId}',
      client_secret: process.env.CLIENT_SECRET,
      audience: '${facts.audience}',
    }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(\`\${answer.error}: \${answer.error_description}\`);
  kept = { token: answer.access_token, until: Date.now() + (answer.expires_in - 60) * 1000 };
  return kept.token;
}

// Send it to the API in the header "authorization: Bearer …".
console.log(await getToken());
`;

export const MACHINE: Kit = {
  name: 'curl and Node',
  kinds: ['non_interactive'],
  tried: 'curl 7.88.1, Node 20.20.2',
  callbackPath: '/callback',
  isCallbackFixed: false,
  addresses: () => undefined,
  install: () => '',
  files: (facts) => [
    { name: '.env', text: `# From the page of the application's credentials.\nCLIENT_SECRET=\n` },
    { name: 'token.sh', text: script(facts) },
    { name: 'token.mjs', text: program(facts) },
  ],
  start: () => 'sh token.sh\nnode --env-file=.env token.mjs',
  values: () => [],
};
