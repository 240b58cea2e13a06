/**
 * Plays the first day at the server that the guide installed, in a process of the machine's network: Chromium with the
 * console, a customer's identity provider (oidc-provider, over https), and an application with the ready code. Its
 * argument is JSON. Prints the seconds of each part.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import Provider from 'oidc-provider';
import { PASSWORD } from '../../test/support/cast.js';
import { launchChromium } from '../../test/support/chromium.js';
import { runCopied } from '../../test/support/copied-application.js';
import { createFirstDay } from '../../test/support/first-day.js';

interface Facts {
  readonly origin: string;
  readonly owner: string;
  /** Files of the provider's certificate and key. */
  readonly certificate: string;
  readonly key: string;
  /** File to which each mail is written as a line of JSON. */
  readonly mails: string;
}

/** A port other than the server's, because both run on the same machine here. */
const HOME = 'http://localhost:8080';
const ISSUER = 'https://id.acme.example:8443';
const CLIENT = { clientId: 'vestibule', clientSecret: 'a-secret-of-the-provider-of-acme' };
const facts = JSON.parse(process.argv[2] ?? '') as Facts;

function startProvider() {
  const provider = new Provider(ISSUER, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${facts.origin}/login/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    conformIdTokenClaims: false,
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['of a rehearsal'] },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@acme.example`, email_verified: true, name: sub }),
    }),
  });
  const options = { cert: readFileSync(facts.certificate), key: readFileSync(facts.key) };
  const server = createServer(options, provider.callback());
  return new Promise<typeof server>((resolve) => server.listen(8443, '0.0.0.0', () => resolve(server)));
}

/** Returns the plain text of the newest mail to `to` that matches the pattern. */
async function findInMail(to: string, pattern: RegExp): Promise<string> {
  for (let turn = 0; turn < 150; turn++) {
    const lines = readFileSync(facts.mails, 'utf8').split('\n').filter(Boolean).reverse();
    for (const line of lines) {
      const { to: recipients, mail } = JSON.parse(line) as { to: string[]; mail: string };
      if (!recipients.includes(to)) continue;
      const plain = (mail.split('text/plain')[1] ?? '').replace(/=\r?\n/g, '').replace(/=3D/g, '=');
      const found = pattern.exec(plain)?.[0];
      if (found !== undefined) return found;
    }
    await sleep(200);
  }
  throw new Error(`no mail to ${to} has ${pattern}`);
}

const server = await startProvider();
const browser = await launchChromium();
let application: Awaited<ReturnType<typeof runCopied>> | undefined;
const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } });
const tab = await context.newPage();
tab.setDefaultTimeout(30_000);
const day = createFirstDay({
  browser,
  tab,
  home: HOME,
  provider: { issuer: ISSUER, ...CLIENT },
  mailedLink: (email) => findInMail(email, /https?:\/\/[^\s]+\/u\/invitation\/open\?[^\s]+/),
  mailedCode: (email) => findInMail(email, /\b\d{6}\b/),
  async start(code, secret) {
    application = await runCopied(code, { CLIENT_SECRET: secret, COOKIE_SECRET: 'a secret of the rehearsal' });
    await application.firstVisit(() => fetch(HOME));
  },
});

async function signIn(): Promise<void> {
  await tab.goto(`${facts.origin}/console`);
  await tab.fill('[name="username"]', facts.owner);
  await tab.keyboard.press('Enter');
  await tab.fill('[name="password"]', PASSWORD);
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('nav[aria-label="Pages"]');
}

let reference = '';
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  'the owner opens the console': signIn,
  'an application': day.addApplication,
  'a customer and its provider': day.addCustomer,
  'the first sign-in of an employee': day.inviteEmployee,
  'a stranger is refused': async () => {
    reference = await day.refuseStranger();
  },
  'found by the reference, invited, and in': () => day.inviteByReference(reference),
};
try {
  const seconds: Record<string, number> = {};
  for (const [part, play] of Object.entries(PARTS)) {
    const started = performance.now();
    await play().catch(async (error: unknown) => {
      const words = await tab.textContent('main').catch(() => tab.textContent('body'));
      throw new Error(`${part}: ${String(error)}\nat ${tab.url()}: ${words?.slice(0, 1_500)}`);
    });
    seconds[part] = Math.round((performance.now() - started) / 100) / 10;
  }
  process.stdout.write(`${JSON.stringify(seconds)}\n`);
} finally {
  application?.stop();
  await browser.close();
  server.close();
}
process.exit();
