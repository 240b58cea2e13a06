/**
 * The SAML identity provider of the benchmark, in a separate process. A typed login becomes the person
 * `<login>@corp.test`. It signs the assertion, as most providers do, and prints the address of its metadata.
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
// Forgets the requests, which the provider otherwise keeps for tests: a benchmark sends too many.
Object.defineProperty(idp.requests, 'push', { value: () => 0 });
process.stdout.write(`${idp.metadataUrl}\n`);
