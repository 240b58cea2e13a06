/**
 * The first two steps: choosing the provider, and the settings that both sides need. The typed settings are kept sealed
 * in the set-up; these steps change no connection that people use.
 */

import type { FastifyReply } from 'fastify';
import { type Candidate, parseProviderName, settingsDigestOf, withoutTyped } from '../../domain/self-service.js';
import { usualEntityId } from '../../domain/tenant.js';
import type { Provider } from '../../facts/providers.js';
import { isSaml } from '../../facts/strategies.js';
import { ManagementError } from '../../management/api/errors.js';
import { mendingOf } from '../../management/self-service/mending.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { FieldError, SetupBody, SetupValue } from '../pages/models.js';
import { CHANGED_BY_OTHERS, type SetupProgress } from './progress.js';
import { findMissing, offered } from './providers.js';
import { checkIsTheirs } from './put-into-use.js';
import { countForTicket, toRefusal, type Visit } from './session.js';
import { nextStep, pathOf, show } from './show.js';

type Fields = Readonly<Record<string, string>>;

function providerBody({ deps, profile, setup }: Visit): SetupBody {
  const providers = offered(profile, deps.strategies).map(({ name, title, hint }) => ({ name, title, hint }));
  return { step: 'provider', providers, chosen: setup.provider };
}

/** Sends the page that chooses a provider (GET). */
export function showProvider(visit: Visit, progress: SetupProgress): FastifyReply {
  return show(visit, progress, providerBody(visit));
}

/**
 * Returns the id of this set-up's connection for the provider: the existing one, or a new one that nobody can use yet.
 */
async function ensureConnection(visit: Visit, progress: SetupProgress, provider: Provider): Promise<string> {
  const { deps, setup, actor } = visit;
  const { connection } = progress;
  if (connection !== undefined && connection.strategy === provider.strategy) return connection.id;
  // Deletes the former connection, because another strategy needs another one. The caller has checked that nobody uses
  // it.
  if (connection !== undefined) {
    await checkIsTheirs(visit, connection.id);
    await deps.invoke(actor, 'delete /connections/{id}', { params: { id: connection.id } });
  }
  const { connectionName, displayName } = setup.config;
  const created = await deps.invoke(actor, 'post /connections', {
    query: { check_discovery: false },
    body: {
      name: connectionName,
      strategy: provider.strategy,
      ...(displayName !== undefined && { display_name: displayName }),
      options: {},
    },
  });
  return (created as { id: string }).id;
}

/** Handles the POST of the page that chooses a provider. */
export async function chooseProvider(visit: Visit, progress: SetupProgress, fields: Fields): Promise<FastifyReply> {
  const { deps, setup, profile, reply } = visit;
  const name = parseProviderName(fields.provider);
  const provider = offered(profile, deps.strategies).find((one) => one.name === name);
  const refuse = (message: string) =>
    show(visit, progress, providerBody(visit), { errors: [{ field: 'provider', message }] });
  if (provider === undefined) return refuse('Choose your provider.');
  const isOther = progress.connection !== undefined && progress.connection.strategy !== provider.strategy;
  if (isOther && (progress.enablement !== undefined || setup.config.isGiven))
    return refuse('This link is for the present provider. Ask for a new link to connect another one beside it.');
  let connectionId: string;
  try {
    connectionId = await ensureConnection(visit, progress, provider);
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    return refuse(error.message);
  }
  await deps.directory.transaction((directory) =>
    directory.selfService.updateSetup(setup, {
      connectionId,
      provider: provider.name,
      ...(setup.provider !== provider.name && { candidate: undefined, passed: undefined, passedAt: undefined }),
    }),
  );
  return reply.redirect(pathOf(nextStep(visit, 'provider')), 303);
}

/** Returns the values of this server that the administrator has to enter at the provider. */
function ourValues(
  { deps: { origin }, setup }: Visit,
  connection: ConnectionRecord | undefined,
  { strategy }: Provider,
): readonly SetupValue[] {
  const { connectionName } = setup.config;
  const name = encodeURIComponent(connectionName);
  if (!isSaml(strategy)) return [{ label: 'Redirect address', value: `${origin}/login/callback` }];
  const given = connection?.options.entityId;
  const entityId =
    typeof given === 'string' && given !== '' ? given : usualEntityId(new URL(origin).hostname, connectionName);
  return [
    { label: 'Sign-on address (ACS URL)', value: `${origin}/login/callback?connection=${name}` },
    { label: 'Entity ID (audience)', value: entityId },
    { label: 'Metadata, with both in it', value: `${origin}/samlp/metadata?connection=${name}` },
  ];
}

function connectionBody(visit: Visit, { connection }: SetupProgress, provider: Provider, typed: Fields): SetupBody {
  const known = visit.setup.candidate?.options ?? {};
  const shownValue = (name: string, kind: string) => {
    const value = typed[name] ?? known[name];
    return kind === 'secret' || typeof value !== 'string' ? '' : value;
  };
  const keeps = typeof known.client_secret === 'string';
  return {
    step: 'connection',
    provider: provider.title,
    instructions: provider.instructions,
    ours: ourValues(visit, connection, provider),
    fields: provider.fields.map((field) => ({
      ...field,
      value: shownValue(field.name, field.kind),
      ...(field.kind === 'secret' && keeps && { required: false, hint: 'Leave it empty to keep the one you typed.' }),
    })),
  };
}

/** Sends the page with the connection's settings (GET). */
export function showConnection(visit: Visit, progress: SetupProgress): FastifyReply {
  const { provider } = progress;
  if (provider === undefined) return visit.reply.redirect(pathOf('provider'), 303);
  const notice = progress.isOutdated ? CHANGED_BY_OTHERS : undefined;
  return show(visit, progress, connectionBody(visit, progress, provider, {}), { notice });
}

const ADDRESSES = ['discovery_url', 'domain', 'tenantId', 'tenant_domain', 'client_id'];

/**
 * Returns the client secret that was typed before, if all addresses are unchanged. Otherwise it would be sent to
 * another server.
 */
function keptSecret({ setup }: Visit, provider: Provider, typed: Fields): string | undefined {
  const known = setup.candidate?.options ?? {};
  const next = provider.toOptions(typed);
  const isSame = ADDRESSES.every((name) => known[name] === next[name]);
  return isSame && typeof known.client_secret === 'string' ? known.client_secret : undefined;
}

function toErrors(failure: ConnectorFailure, provider: Provider): readonly FieldError[] {
  const [field] = provider.fields;
  return [{ field: field?.name ?? '', message: mendingOf(failure) }];
}

/** Handles the POST of the page with the settings: checks the typed values with the provider, then keeps them. */
export async function saveConnection(visit: Visit, progress: SetupProgress, fields: Fields): Promise<FastifyReply> {
  const { deps, setup, reply } = visit;
  const { provider, connection } = progress;
  if (provider === undefined || connection === undefined) return reply.redirect(pathOf('provider'), 303);
  const typed: Record<string, string> = {};
  for (const { name } of provider.fields) typed[name] = (fields[name] ?? '').trim();
  const kept = typed.client_secret === '' ? keptSecret(visit, provider, typed) : undefined;
  if (kept !== undefined) typed.client_secret = kept;
  const again = (errors: readonly FieldError[]) =>
    show(visit, progress, connectionBody(visit, progress, provider, typed), { errors });
  const missing = findMissing(provider, typed);
  if (missing) return again([missing]);
  const refused = await countForTicket(visit, 'provider').catch(toRefusal);
  if (refused) return again([{ field: '', message: refused.message }]);
  // Keeps the operator's own settings (mapped claims, sent parameters): they are tried together with the typed ones.
  const options = { ...withoutTyped(connection.options), ...provider.toOptions(typed) };
  const found = await deps.redirectConnector(provider.strategy)?.examine({ ...connection, options, domainAliases: [] });
  if (found?.ok === false) return again(toErrors(found, provider));
  // Keeps the issuer of the metadata, so that a later document of another provider is refused.
  const pinned = isSaml(provider.strategy) && found !== undefined && { issuer: found.issuer };
  const base = settingsDigestOf(connection);
  const candidate: Candidate = { strategy: provider.strategy, options: { ...options, ...pinned }, base };
  await deps.directory.transaction((directory) =>
    directory.selfService.updateSetup(setup, { candidate, passed: undefined, passedAt: undefined }),
  );
  return reply.redirect(pathOf(nextStep(visit, 'connection')), 303);
}
