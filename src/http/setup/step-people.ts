/**
 * The step about people: who becomes a member, the tokens and the SCIM address for the company's directory, and the
 * roles for its groups. Shows a token only once.
 */
import type { FastifyReply } from 'fastify';
import { soleIssuer } from '../../domain/companies/idp-destination.js';
import { ManagementError } from '../../management/api/errors.js';
import type { ScimToken } from '../../ports/directory/scim.js';
import type { SetupBody, SetupToken, SetupValue } from '../pages/models.js';
import { findGroupRoles, saveGroupRoles } from './group-roles.js';
import { progressOf, type SetupProgress } from './progress.js';
import { checkIsTheirs, putFirstSettings } from './put-into-use.js';
import type { Visit } from './session.js';
import { pathOf, show } from './show.js';

type Fields = Readonly<Record<string, string>>;

function admissionOf({ setup }: Visit, { enablement }: SetupProgress): string {
  return (enablement?.assignMembershipOnLogin ?? setup.config.assignMembershipOnLogin)
    ? 'Everybody whom your provider signs in becomes a member at their first sign-in. Give the application at your provider to the right people only.'
    : 'Your provider tells us who somebody is; whether they may come in is decided here. People who are not members have to be invited first.';
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

function toShown({ id, createdAt, lastUsedAt, expiresAt }: ScimToken, now: Date): SetupToken {
  return {
    id,
    madeOn: dayOf(createdAt),
    usedOn: lastUsedAt && dayOf(lastUsedAt),
    endsOn: expiresAt && dayOf(expiresAt),
    isOver: expiresAt !== undefined && expiresAt.getTime() <= now.getTime(),
  };
}

function isReady({ connection, passed }: SetupProgress): boolean {
  return passed || (connection !== undefined && soleIssuer(connection) !== undefined);
}

async function peopleBody(visit: Visit, progress: SetupProgress, token?: string): Promise<SetupBody> {
  const { deps, setup } = visit;
  const { connection } = progress;
  const values: SetupValue[] = [];
  const tokens = connection === undefined ? [] : await deps.directory.scim.listTokens(connection.id);
  if (connection !== undefined)
    values.push({ label: 'Base address (tenant URL)', value: `${deps.origin}/scim/v2/connections/${connection.id}` });
  if (token !== undefined) values.push({ label: 'Token, shown only now', value: token });
  return {
    step: 'people',
    admission: admissionOf(visit, progress),
    provisioning: setup.config.provisioning,
    isReady: isReady(progress),
    values,
    tokens: tokens.map((one) => toShown(one, deps.clock.now())),
    groups: await findGroupRoles(visit, progress),
  };
}

/** Sends the page about people (GET). */
export async function showPeople(visit: Visit, progress: SetupProgress): Promise<FastifyReply> {
  if (progress.connection === undefined) return visit.reply.redirect(pathOf('provider'), 303);
  return show(visit, progress, await peopleBody(visit, progress));
}

const TOKENS = '/connections/{id}/scim-configuration/tokens';

async function issueToken(visit: Visit, progress: SetupProgress, connectionId: string): Promise<string> {
  const { deps, setup, actor } = visit;
  await putFirstSettings(visit, progress);
  const params = { id: connectionId };
  const { tokenScopes, tokenLifetimeSeconds } = setup.config;
  if ((await deps.directory.scim.findConfiguration(connectionId)) === undefined)
    await deps.invoke(actor, 'post /connections/{id}/scim-configuration', { params, body: {} });
  const body = {
    ...(tokenScopes && { scopes: tokenScopes }),
    ...(tokenLifetimeSeconds !== undefined && { token_lifetime: tokenLifetimeSeconds }),
  };
  const issued = await deps.invoke(actor, `post ${TOKENS}`, { params, body });
  return (issued as { token: string }).token;
}

interface Done {
  readonly notice?: string;
  readonly token?: string;
}

async function act(visit: Visit, progress: SetupProgress, connectionId: string, fields: Fields): Promise<Done> {
  const [verb, tokenId = ''] = (fields.action ?? '').split(':', 2);
  // Another organization may use the connection meanwhile; then its people are not this customer's to provision.
  await checkIsTheirs(visit, connectionId);
  if (verb === 'token')
    return {
      token: await issueToken(visit, progress, connectionId),
      notice: 'Copy the token now: it is not shown again.',
    };
  if (verb === 'end') {
    const params = { id: connectionId, tokenId };
    await visit.deps.invoke(visit.actor, `delete ${TOKENS}/{tokenId}`, { params });
    return { notice: 'The token was deleted. A directory that still uses it is refused.' };
  }
  if (verb !== 'roles') return {};
  await saveGroupRoles(visit, progress, fields);
  return { notice: 'Saved. Members have these roles while they are in the group.' };
}

/**
 * Handles the POST of the page about people: creates or deletes a token of the company's directory, or saves roles for
 * groups.
 */
export async function changePeople(visit: Visit, progress: SetupProgress, fields: Fields): Promise<FastifyReply> {
  const { connection } = progress;
  if (connection === undefined) return visit.reply.redirect(pathOf('provider'), 303);
  if (!visit.setup.config.provisioning) return showPeople(visit, progress);
  try {
    const { token, ...said } = await act(visit, progress, connection.id, fields);
    const now = await progressOf(visit);
    return show(visit, now, await peopleBody(visit, now, token), said);
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    return show(visit, progress, await peopleBody(visit, progress), {
      errors: [{ field: '', message: error.message }],
    });
  }
}
