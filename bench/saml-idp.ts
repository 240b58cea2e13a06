/**
 * The SAML identity provider of the benchmark, a process of its own: everybody who types a login is `<login>@corp.test`. It signs the assertion,
 * as most providers do. Prints the address of its metadata.
 */
import { startSamlIdp } from '../test/support/saml/idp.js';
import type { Person } from '../test/support/scripted-idp.js';

const everybody = new Proxy({} as Record<string, Person>, {
  get: (_people, login) => ({
    sub: String(login),
    email: `${String(login)}@corp.test`,
    email_verified: true,
    name: `N ${String(login)}`,
  }),
});
const idp = await startSamlIdp(everybody);
// A benchmark sends more requests than a test looks at.
Object.defineProperty(idp.requests, 'push', { value: () => 0 });
process.stdout.write(`${idp.metadataUrl}\n`);
