/**
 * `npx tsx scripts/judges/keycloak.ts [PART …]`: connects Keycloak as the identity provider of a server, as an operator
 * would, over OpenID Connect and over SAML. Parts: `stories` (01-03, 05, 09, 20-22, 34), `trust` (signatures,
 * encryption, requests), `rotation` of keys, `logout`, and `customer` (with nothing but a ticket, in Chromium; pictures
 * in artifacts/judges/pictures). Without a part it runs all of them. Needs Java 17 or newer and Maven (`mvn`), which
 * fetches Keycloak (170 MB) from Maven Central into artifacts/judges; `customer` needs Chromium. `KEYCLOAK_VERSION`
 * names another version. `KEYCLOAK_URL` names a running Keycloak on loopback, in development mode, with the
 * administrator of keycloak-server.ts. Prints one line for each check and `N passed, N failed`; exits with 1 if one
 * failed. Takes about ten minutes. Not part of `npm test`. Leaves Keycloak and the pictures.
 */
import { mkdirSync } from 'node:fs';
import { launchChromium } from '../../test/support/chromium.js';
import { Checks, summarize } from './checks.js';
import { type Company, createCompany, type Protocol } from './companies.js';
import { playCustomer } from './customer.js';
import { type Keycloak, startKeycloak } from './keycloak-server.js';
import { playLogout } from './logout.js';
import { playStories } from './stories.js';
import { playRotation, playSamlTrust } from './trust.js';
import { startVestibule, type Vestibule } from './vestibule.js';

const PARTS = ['stories', 'trust', 'rotation', 'logout', 'customer'] as const;
type Part = (typeof PARTS)[number];
const PROTOCOLS: readonly Protocol[] = ['oidc', 'samlp'];
const PICTURES = 'artifacts/judges/pictures';

function readParts(words: readonly string[]): readonly Part[] {
  const unknown = words.find((word) => !PARTS.some((part) => part === word));
  if (unknown === undefined) return words.length === 0 ? PARTS : PARTS.filter((part) => words.includes(part));
  process.stderr.write(`there is no part ${unknown}: ${PARTS.join(', ')}\n`);
  process.exit(2);
}

interface Ground {
  readonly vestibule: Vestibule;
  readonly keycloak: Keycloak;
  readonly parts: readonly Part[];
}

/** Adds Dana, a member with a password who also exists in the realm, for parts that run without the stories. */
async function addDana({ vestibule }: Ground, company: Company): Promise<void> {
  const address = `dana@${company.domain}`;
  await company.realm.addPerson('dana', address);
  await vestibule.createUser(address, [company.id]);
}

async function playCompany(ground: Ground, protocol: Protocol): Promise<Checks> {
  const { vestibule, keycloak, parts } = ground;
  const checks = new Checks(protocol);
  const name = `acme-${protocol}`;
  const company = await createCompany(vestibule, keycloak, { protocol, name, domain: `${name}.example` });
  const evil = await createCompany(vestibule, keycloak, { protocol, name: `evil-${protocol}` });
  if (parts.includes('stories')) await playStories({ vestibule, company, evil, checks });
  else await addDana(ground, company);
  const trust = { vestibule, place: company, checks };
  if (parts.includes('trust') && protocol === 'samlp') await playSamlTrust(trust);
  if (parts.includes('logout')) await playLogout(vestibule, company, checks);
  if (parts.includes('rotation')) await playRotation(trust);
  for (const { realm } of [company, evil]) await realm.remove();
  return checks;
}

async function playCustomers({ vestibule, keycloak }: Ground): Promise<readonly Checks[]> {
  mkdirSync(PICTURES, { recursive: true });
  const browser = await launchChromium();
  const all: Checks[] = [];
  try {
    for (const protocol of PROTOCOLS) {
      const checks = new Checks(`customer, ${protocol}`);
      all.push(checks);
      await playCustomer({ vestibule, keycloak, protocol, browser, folder: PICTURES, checks });
    }
  } finally {
    await browser.close();
  }
  return all;
}

const parts = readParts(process.argv.slice(2));
const keycloak = await startKeycloak(process.env.KEYCLOAK_VERSION ?? '26.7.3');
const all: Checks[] = [];
try {
  const vestibule = await startVestibule();
  try {
    const ground = { vestibule, keycloak, parts };
    if (parts.some((part) => part !== 'customer'))
      for (const protocol of PROTOCOLS) all.push(await playCompany(ground, protocol));
    if (parts.includes('customer')) all.push(...(await playCustomers(ground)));
  } finally {
    await vestibule.stop();
  }
} finally {
  await keycloak.stop();
}
summarize(all);
