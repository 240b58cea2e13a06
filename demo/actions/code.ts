/**
 * The Actions that the demo deploys, exactly as its pages show them. The examples among them are files of
 * examples/actions.
 */
import { readFileSync } from 'node:fs';

/** Name and version of the package that an Action may `require`. */
interface Dependency {
  readonly name: string;
  readonly version: string;
}

export interface DemoAction {
  /** Begins with {@link NAME_PREFIX}, so that the demo finds its own Actions and changes no others. */
  readonly name: string;
  readonly code: string;
  readonly dependencies: readonly Dependency[];
}

export const NAME_PREFIX = 'Demo: ';
/** Names of the secrets with which an Action reaches the Management API. */
export const SECRET_NAMES = ['domain', 'clientId', 'clientSecret'] as const;
const SDK: readonly Dependency[] = [{ name: 'auth0', version: '4.37.1' }];

/** The answer's code as it was printed, its placeholder filled in. */
const AS_PRINTED = `const ManagementClient = require('auth0').ManagementClient;

exports.onExecutePostLogin = async (event, api) => {
  // Your custom logic to check if they are allowed
  const isAuthorized = event.user.app_metadata.approved === true;

  if (!isAuthorized) {
    const management = new ManagementClient({
      domain: event.secrets.domain,
      clientId: event.secrets.clientId,
      clientSecret: event.secrets.clientSecret
    });

    try {
      // Remove the user
      await management.organizations.removeMember({
        id: event.organization.id
      }, {
        members: [event.user.user_id]
      });
    } catch (e) {
      console.log("Failed to remove user from Org:", e);
    }

    // Block the login
    api.access.deny("You are not authorized for this application.");
  }
};
`;

/** The same rule for the order `after_actions`, in which there is nothing to clean up. */
const DENY = `exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.approved !== true) {
    return api.access.deny('You are not authorized for this application.');
  }
};
`;

/**
 * Two more lines in the settings of the SDK's client, for a server that speaks http. A server with https does not need
 * them.
 */
const OVER_HTTP = `
      // This demo has no certificate, and the package speaks only https.
      audience: \`http://\${event.secrets.domain}/api/v2/\`,
      fetch: (url, init) => fetch(url.replace('https:', 'http:'), init),`;

/** Returns an example without its opening comment, changed to reach a server that speaks http. */
function readExample(file: string): string {
  const text = readFileSync(new URL(`../../examples/actions/${file}`, import.meta.url), 'utf8');
  const code = text.replace(/^\/\*\*[\s\S]*?\*\/\n/, '');
  const settings = /^( *)clientSecret: .*,$/m;
  return code.replace(settings, (line, indent: string) => line + OVER_HTTP.replaceAll('\n      ', `\n${indent}`));
}

export const ALLOW_VERIFIED: DemoAction = {
  name: `${NAME_PREFIX}allow people with a verified account`,
  code: readExample('allow-verified-accounts.js'),
  dependencies: SDK,
};

export const PRINTED: DemoAction = { name: `${NAME_PREFIX}as printed`, code: AS_PRINTED, dependencies: SDK };

export const CLEAN_UP: DemoAction = {
  name: `${NAME_PREFIX}deny and clean up`,
  code: readExample('clean-up.js'),
  dependencies: SDK,
};

export const DENIES: DemoAction = { name: `${NAME_PREFIX}deny`, code: DENY, dependencies: [] };
