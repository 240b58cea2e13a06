/**
 * `npx tsx scripts/judges/browser-clients.ts [PART …]`: lets applications with Auth0's own libraries sign people in, in
 * Chromium, at a server that this script starts. Parts: `spa` (auth0-spa-js), `react` (auth0-react),
 * `spa-factors` and `react-factors` (their second factors; these need `oathtool` and `zbarimg`, and fetch pyotp),
 * `my-organization` (both at the My Organization API), `nextjs` (nextjs-auth0 on Next.js), and without a browser `python`
 * (Authlib and auth0-python) and `my-organization-python` (myorganization-python). Without a part it runs all of them.
 * Prints one line for each check and `N passed, N failed`; exits with 1 if one failed. Needs `npm`, `python3` with
 * `venv` (or PYTHON), `openssl` and Chromium. The first run fetches the libraries from npm and PyPI into the user's
 * cache. Not part of `npm test`. Leaves nothing else.
 */
import { type Ground, onBrowserGround } from './browser-ground.js';
import { Checks, summarize } from './checks.js';
import { installNpmClients, installOrganizationClient, installPythonClients } from './client-packages.js';
import { playNextjs } from './nextjs-client.js';
import { playOrganizationClient } from './organization-client.js';
import { playOwnOrganization } from './own-organization.js';
import { playPython } from './python-client.js';
import { playSecondFactors } from './second-factors.js';
import { playSinglePage } from './single-page.js';

type Part = (ground: Ground, checks: Checks) => Promise<void>;

const PARTS: Readonly<Record<string, Part>> = {
  spa: async (ground, checks) => playSinglePage('spa', { ground, checks, packages: await installNpmClients() }),
  react: async (ground, checks) => playSinglePage('react', { ground, checks, packages: await installNpmClients() }),
  'spa-factors': async (ground, checks) =>
    playSecondFactors('spa', { ground, checks, packages: await installNpmClients() }),
  'react-factors': async (ground, checks) =>
    playSecondFactors('react', { ground, checks, packages: await installNpmClients() }),
  'my-organization': async (ground, checks) => playOwnOrganization(ground, checks, await installNpmClients()),
  nextjs: async (ground, checks) => playNextjs(ground, checks, await installNpmClients()),
  python: async (ground, checks) => playPython(ground, checks, await installPythonClients()),
  'my-organization-python': async (ground, checks) =>
    playOrganizationClient(ground, checks, await installOrganizationClient()),
};

const asked = process.argv.slice(2);
const unknown = asked.find((word) => !(word in PARTS));
if (unknown !== undefined) {
  process.stderr.write(`there is no part ${unknown}: ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
const all: Checks[] = [];
for (const [name, play] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const checks = new Checks(name);
  all.push(checks);
  // Each part gets a server of its own, so that nobody from an earlier part is known.
  await onBrowserGround((ground) => play(ground, checks));
}
summarize(all);
