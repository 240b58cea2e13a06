/** Finds out which of the first steps on a new server are done, with at most four small requests. Reads only. */
import { api } from '../../api/client';
import { readServerFacts } from '../../server-facts';

export interface Step {
  readonly name: string;
  readonly isDone: boolean;
  readonly why: string;
  /** Address of the page on which the operator does the step. */
  readonly to: string;
  readonly command: string;
}

async function hasApplication(): Promise<boolean> {
  const { data } = await api.GET('/clients', { params: { query: { per_page: 10, fields: 'client_id,app_type' } } });
  const { clientId } = readServerFacts();
  return data.some(({ client_id, app_type }) => client_id !== clientId && app_type !== 'non_interactive');
}

/** Returns the id of an organization that is not the operators' own; undefined if there is none. */
async function findOrganization(): Promise<string | undefined> {
  const { data } = await api.GET('/organizations', { params: { query: { per_page: 2 } } });
  const { organizationId } = readServerFacts();
  return data.find(({ id }) => id !== organizationId)?.id;
}

async function hasConnection(organizationId: string): Promise<boolean> {
  const { data } = await api.GET('/organizations/{id}/enabled_connections', {
    params: { path: { id: organizationId }, query: { per_page: 1 } },
  });
  return data.length > 0;
}

/**
 * True if a member of the organization has ever signed in. Asks for the members' totals, since old log lines are
 * deleted.
 */
async function hasSignIn(organizationId: string): Promise<boolean> {
  const { data } = await api.GET('/organizations/{id}/people/totals', { params: { path: { id: organizationId } } });
  return data !== undefined && data.members > data.never_logged_in;
}

/** Returns a curl command for the reader's shell. It reads the access token from the shell's variable `TOKEN`. */
const toCommand = (path: string, body: object) =>
  `curl ${window.location.origin}/api/v2${path} \\\n  -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\\n  -d '${JSON.stringify(body)}'`;

/** Returns the four steps in order, each with whether it is done. Rejects with ApiFailure. */
export async function readSteps(): Promise<readonly Step[]> {
  const [application, organization] = await Promise.all([hasApplication(), findOrganization()]);
  const [connection, signIn] =
    organization === undefined
      ? [false, false]
      : await Promise.all([hasConnection(organization), hasSignIn(organization)]);
  const callbacks = ['https://app.example/callback'];
  const path = `/organizations/${organization ?? 'ORGANIZATION_ID'}/enabled_connections`;
  return [
    {
      name: 'Add your application',
      isDone: application,
      why: 'The application gets a client ID and a secret. Its settings say where people return after a sign-in.',
      to: '/applications',
      command: toCommand('/clients', {
        name: 'My app',
        app_type: 'regular_web',
        callbacks,
        organization_usage: 'require',
      }),
    },
    {
      name: 'Add your first customer as an organization',
      isDone: organization !== undefined,
      why: 'People sign in to an organization. It has its own members, invitations and connections.',
      to: '/organizations',
      command: toCommand('/organizations', { name: 'acme', display_name: 'Acme' }),
    },
    {
      name: 'Enable a connection for the organization',
      isDone: connection,
      why: 'Use the company’s identity provider (Okta, Entra, Google, …), or passwords.',
      to: '/connections',
      command: toCommand(path, { connection_id: 'CONNECTION_ID' }),
    },
    {
      name: 'Try a sign-in',
      isDone: signIn,
      why: 'Start your application, or use the ready code on its page. Then invite yourself or a colleague: the emailed link leads to the application.',
      to: organization === undefined ? '/organizations' : `/organizations/${organization}`,
      command: `${window.location.origin}/authorize?response_type=code&client_id=CLIENT_ID&redirect_uri=${encodeURIComponent(callbacks[0] ?? '')}&organization=${organization ?? 'ORGANIZATION_ID'}&scope=openid&state=x`,
    },
  ];
}
