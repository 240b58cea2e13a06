/**
 * `vestibule explain`: asks a tenant for the result of a login, and prints each step's answer. The server runs the
 * steps of a login without the commit, so nothing is written.
 */
import { readFile } from 'node:fs/promises';
import { parseEmail } from '../domain/people/email.js';
import { toFileReason } from '../kernel/file-errors.js';
import { connectTenant, type Endpoint, getTenantAccess, type TenantOptions } from '../tenant-tools/index.js';
import { CommandError, EXIT, type ExitCode } from '../terminal/exit.js';
import { printJson } from '../terminal/lines.js';
import { formatExplanation, parseExplanation } from './explanation.js';
import type { World } from './world.js';

export interface ExplainOptions extends TenantOptions {
  readonly organization: string;
  readonly connection?: string;
  readonly claims?: string;
  readonly json?: boolean;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * Reads the identity provider's claims from a JSON file; the address on the command line fills in a missing `email`.
 */
async function readClaims(path: string, email: string): Promise<Claims> {
  let claims: unknown;
  try {
    claims = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new CommandError(
      EXIT.wrongUse,
      `The claims file cannot be read: ${toFileReason(error, 'read', path)}.`,
      CLAIMS_ADVICE,
    );
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new CommandError(EXIT.wrongUse, `The claims file ${path} holds no JSON object.`, CLAIMS_ADVICE);
  }
  const stated = (claims as Claims).email;
  if (stated !== undefined && stated !== email) {
    throw new CommandError(
      EXIT.wrongUse,
      `The claims file says the address is ${JSON.stringify(stated)}, the command says ${JSON.stringify(email)}.`,
      'Give the same address in both, or leave it out of the file.',
    );
  }
  return { email, ...(claims as Claims) };
}

const CLAIMS_ADVICE = 'It takes the claims of an ID token, such as {"sub": "42", "email_verified": true}.';

function getField(body: unknown, field: string, what: string): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  if (typeof value === 'string') return value;
  throw new CommandError(EXIT.otherSide, `The tenant answered without the ${field} of ${what}.`);
}

async function getOrganization(client: Endpoint, nameOrId: string): Promise<{ id: string; title: string }> {
  const path = /^org_/.test(nameOrId) ? '/organizations/' : '/organizations/name/';
  const body = await client.find(`${path}${encodeURIComponent(nameOrId)}`);
  if (body === undefined) {
    throw new CommandError(
      EXIT.wrongUse,
      `The tenant has no organization ${JSON.stringify(nameOrId)}.`,
      '--organization takes its short name (acme) or its id (org_…), not the displayed name.',
    );
  }
  const title = (body as { display_name?: unknown }).display_name;
  return {
    id: getField(body, 'id', `organization ${nameOrId}`),
    title: typeof title === 'string' && title !== '' ? title : nameOrId,
  };
}

async function getConnectionId(client: Endpoint, name: string): Promise<string> {
  if (/^con_/.test(name)) return name;
  const list = await client.get(`/connections?name=${encodeURIComponent(name)}`);
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  if (first === undefined) {
    throw new CommandError(
      EXIT.wrongUse,
      `The tenant has no connection named ${JSON.stringify(name)}.`,
      'Connection names are listed by GET /api/v2/connections; without --connection, home realm discovery decides.',
    );
  }
  return getField(first, 'id', `connection ${name}`);
}

/** Runs the command and returns its exit code: 0 only when the login would be admitted. Throws {@link CommandError}. */
export async function explain(email: string, options: ExplainOptions, world: World): Promise<ExitCode> {
  if (parseEmail(email) === undefined) {
    throw new CommandError(
      EXIT.wrongUse,
      `${JSON.stringify(email)} is not an e-mail address.`,
      'It takes a plain one, such as dana@acme.example.',
    );
  }
  const claims = options.claims === undefined ? undefined : await readClaims(options.claims, email);
  const client = await connectTenant(getTenantAccess(options, world.env));
  const organization = await getOrganization(client, options.organization);
  const connectionId = options.connection === undefined ? undefined : await getConnectionId(client, options.connection);
  const body = await client.ask(`/organizations/${encodeURIComponent(organization.id)}/explain`, {
    ...(claims === undefined ? { email } : { claims }),
    ...(connectionId === undefined ? {} : { connection_id: connectionId }),
  });
  const explanation = parseExplanation(body);
  if (options.json === true) printJson(world, body, 'indented');
  else for (const line of formatExplanation(explanation, email, organization, world)) world.out(line);
  return explanation.outcome === 'admitted' ? EXIT.done : EXIT.no;
}
