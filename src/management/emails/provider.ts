/**
 * `/emails/provider`: the tenant's own mail server, of type `smtp` only. Never shows its password. Never sends the
 * password to another server for a caller who does not know it.
 */
import { findHeaderProblem } from '../../domain/log-stream.js';
import { type MailProvider, parseSender } from '../../domain/mail/mail-provider.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, ManagementError, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { ANY_OBJECT, orConflict, viewOf } from '../api/wire.js';

interface ProviderBody {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly default_from_address?: string;
  readonly credentials?: Readonly<Record<string, unknown>>;
  readonly settings?: { readonly headers?: Readonly<Record<string, unknown>> } | null;
}

const SUBMISSION = 587;
const CREDENTIALS = new Set(['smtp_host', 'smtp_port', 'smtp_user', 'smtp_pass']);

const noProvider = () => notFound('There is not a configured email provider', 'inexistent_email_provider');

const SERVER = viewOf<MailProvider>({
  'smtp_host?': ['string', ({ host }) => host],
  'smtp_port?': ['integer', ({ port }) => port],
  'smtp_user?': ['string', ({ username }) => username],
});
const PROVIDER = viewOf<MailProvider>({
  name: ['string', () => 'smtp'],
  enabled: ['boolean', ({ enabled }) => enabled],
  'default_from_address?': ['string', ({ defaultFrom }) => defaultFrom],
  'credentials?': [SERVER.schema, SERVER.show],
  'settings?': [ANY_OBJECT, ({ headers }) => (Object.keys(headers).length === 0 ? undefined : { headers })],
});

function refuseOthers(name: string): void {
  if (name !== 'smtp')
    throw new ManagementError(
      403,
      `This server sends mail by a mail server alone (name smtp), not through ${name}. Most providers have one.`,
      'feature_not_enabled',
    );
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Matches the host of a mail server: a name or an address, without path, port or user. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:.]{2,45})$/;

function toServer(
  given: NonNullable<ProviderBody['credentials']>,
  before: MailProvider | undefined,
): Pick<MailProvider, 'host' | 'port' | 'username' | 'password'> {
  const unknown = Object.keys(given).find((name) => !CREDENTIALS.has(name));
  if (unknown !== undefined)
    throw badBody(`credentials.${unknown} is not one of smtp (${[...CREDENTIALS].join(', ')}).`);
  const host = textOf(given.smtp_host) ?? before?.host;
  if (host === undefined || !HOST.test(host)) throw badBody('credentials.smtp_host is no host.');
  const port = typeof given.smtp_port === 'number' ? given.smtp_port : (before?.port ?? SUBMISSION);
  if (port < 1 || port > 65_535) throw badBody('credentials.smtp_port is no port.');
  const username = 'smtp_user' in given ? textOf(given.smtp_user) : before?.username;
  const isSame = host === before?.host && port === before.port && username === before.username;
  // Attack: a caller who may change the provider has its stored password sent to their own mail server.
  if (before?.password !== undefined && !isSame && !('smtp_pass' in given))
    throw badBody('Give credentials.smtp_pass, too: the password is not sent to another server or as another user.');
  const password = 'smtp_pass' in given ? textOf(given.smtp_pass) : before?.password;
  if ((username === undefined) !== (password === undefined))
    throw badBody('credentials takes smtp_user and smtp_pass together.');
  return { host, port, username, password };
}

function toHeaders(settings: ProviderBody['settings']): MailProvider['headers'] {
  const { headers = {}, ...others } = settings ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw badBody(`settings.${unknown} is not available on this server.`);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const problem = /^x-/i.test(name) ? findHeaderProblem(name, text) : 'only headers that begin with X- are sent';
      if (problem !== undefined) throw badBody(`settings.headers: ${problem}.`);
      return [name, text];
    }),
  );
}

function toProvider(body: ProviderBody, before: MailProvider | undefined): MailProvider {
  refuseOthers(body.name ?? 'smtp');
  const from = body.default_from_address ?? before?.defaultFrom;
  if (from !== undefined && parseSender(from) === undefined)
    throw badBody('default_from_address is an address, or a name and an address in angle brackets.');
  return {
    enabled: body.enabled ?? before?.enabled ?? true,
    defaultFrom: from,
    ...(body.credentials === undefined && before !== undefined
      ? { host: before.host, port: before.port, username: before.username, password: before.password }
      : toServer(body.credentials ?? {}, before)),
    headers: body.settings === undefined ? (before?.headers ?? {}) : toHeaders(body.settings),
  };
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const provider = toProvider(call.body as ProviderBody, undefined);
  await orConflict('Email provider is already configured.', call.directory.emails.createProvider(provider, call.now));
  // Mail that was queued without a mail server is sent now.
  return { body: PROVIDER.show(provider), after: () => deps.onMailQueued() };
}

async function getProvider(call: Call): Promise<MailProvider & { readonly revision: string }> {
  const provider = await call.directory.emails.findProvider();
  if (provider === undefined) throw noProvider();
  return provider;
}

async function show(call: Call): Promise<Reply> {
  const provider = await getProvider(call);
  const all = PROVIDER.show(provider);
  // As Auth0's document says, further properties are shown only if `fields` names them.
  const isChosen = typeof call.query.fields === 'string' && call.query.fields !== '';
  // The version of the whole (ETag) includes the revision, since a changed password changes nothing else.
  const whole = { ...all, revision: provider.revision };
  return { body: isChosen ? all : { name: all.name, enabled: all.enabled }, whole };
}

async function update(call: Call): Promise<Reply> {
  const provider = toProvider(call.body as ProviderBody, await getProvider(call));
  await call.directory.emails.updateProvider(provider, call.now);
  return { body: PROVIDER.show(provider) };
}

/** Returns the operations on `/emails/provider`. */
export function emailProviderOperations(deps: ManagementDeps): Operation[] {
  const path = '/emails/provider';
  return [
    {
      method: 'get',
      path,
      summary: 'Get the email provider',
      reply: PROVIDER.schema,
      fields: true,
      refusals: [404],
      run: show,
    },
    {
      method: 'post',
      path,
      summary: 'Configure the email provider',
      status: 201,
      reply: PROVIDER.schema,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      method: 'patch',
      path,
      summary: 'Update the email provider',
      reply: PROVIDER.schema,
      refusals: [404],
      run: update,
    },
    {
      method: 'delete',
      path,
      summary: 'Delete the email provider',
      refusals: [404],
      async run(call) {
        if (!(await call.directory.emails.deleteProvider())) throw noProvider();
        return {};
      },
    },
  ];
}
