/**
 * Starts a company's identity provider for the demo: OpenID Connect, and SAML at `/saml/` of the same address, with the
 * same people. Loopback only.
 */
import { createServer, type Server } from 'node:http';
import { portOf } from '../addresses.js';
import { createOidc } from './oidc.js';
import { type IdpOptions, sendFront, sendProblem } from './pages.js';
import { createSaml, SAML } from './saml.js';

export interface RunningIdp {
  stop(): Promise<void>;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Starts the provider on the port of its issuer. */
export async function startIdp(options: IdpOptions): Promise<RunningIdp> {
  const oidc = await createOidc(options);
  const saml = createSaml(options);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', options.issuer);
    if (pathname === '/') return sendFront(response, options);
    const protocol = pathname.startsWith(SAML.folder) ? saml : oidc;
    protocol(request, response).catch(() => sendProblem(response, options));
  });
  await listen(server, portOf(options.issuer));
  return {
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
