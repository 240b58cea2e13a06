/**
 * The step about people: the rule of admission, the company's directory with its SCIM address and tokens, and the roles
 * for its groups. Shows a token once.
 */
import type { FastifyReply } from 'fastify';
import { soleIssuer } from '../../domain/companies/idp-destination.js';
import { ManagementError } from '../../management/api/errors.js';
import type { ScimToken } from '../../ports/directory/scim.js';
import type { SetupBody, SetupToken, SetupValue } from '../pages/models.js';
import { findGroupRoles, saveGroupRoles } from './group-roles.js';
import { checkIsTheirs, putFirstSettings } from './put-into-use.js';
import type { Visit } from './session.js';
import { pathOf, show } from './show.js';
import { type Standing, standingOf } from './standing.js';

type Fields = Readonly<Record<string, string>>;

function admissionOf({ setup }: Visit, { enablement }: Standing): string {
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

function isReady({ connection, passed }: Standing): boolean {
  return passed || (connection !== undefined && soleIssuer(connection) !== undefined);
}

async function peopleBody(visit: Visit, standing: Standing, token?: string): Promise<SetupBody> {
  const { deps, setup } = visit;
  const { connection } = standing;
  const values: SetupValue[] = [];
  const tokens = connection === undefined ? [] : await deps.directory.scim.listTokens(connection.id);
  if (connection !== undefined)
    values.push({ label: 'Base address (tenant URL)', value: `${deps.origin}/scim/v2/connections/${connection.id}` });
  if (token !== undefined) values.push({ label: 'Token, shown only now', value: token });
  return {
    step: 'people',
    admission: admissionOf(visit, standing),
    provisioning: setup.config.provisioning,
    isReady: isReady(standing),
    values,
    tokens: tokens.map((one) => toShown(one, deps.clock.now())),
    groups: await findGroupRoles(visit, standing),
  };
}

/** Sends the page about people (GET). */
export async function showPeople(visit: Visit, standing: Standing): Promise<FastifyReply> {
  if (standing.connection === undefined) return visit.reply.redirect(pathOf('provider'), 303);
  return show(visit, standing, await peopleBody(visit, standing));
}

const TOKENS = '/connections/{id}/scim-configuration/tokens';

async function issueToken(visit: Visit, standing: Standing, connectionId: string): Promise<string> {
  const { deps, setup, actor } = visit;
  await putFirstSettings(visit, standing);
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

async function act(visit: Visit, standing: Standing, connectionId: string, fields: Fields): Promise<Done> {
  const [deed, tokenId = ''] = (fields.action ?? '').split(':', 2);
  // By now another organization may use the connection; its people are not this customer's to provision.
  await checkIsTheirs(visit, connectionId);
  if (deed === 'token')
    return {
      token: await issueToken(visit, standing, connectionId),
      notice: 'Copy the token now: it is not shown again.',
    };
  if (deed === 'end') {
    const params = { id: connectionId, tokenId };
    await visit.deps.invoke(visit.actor, `delete ${TOKENS}/{tokenId}`, { params });
    return { notice: 'The token was deleted. A directory that still uses it is refused.' };
  }
  if (deed !== 'roles') return {};
  await saveGroupRoles(visit, standing, fields);
  return { notice: 'Saved. Members have these roles while they are in the group.' };
}

/** Creates or revokes a token of the company's directory, or saves roles for groups: POST of the people's page. */
export async function changePeople(visit: Visit, standing: Standing, fields: Fields): Promise<FastifyReply> {
  const { connection } = standing;
  if (connection === undefined) return visit.reply.redirect(pathOf('provider'), 303);
  if (!visit.setup.config.provisioning) return showPeople(visit, standing);
  try {
    const { token, ...said } = await act(visit, standing, connection.id, fields);
    const now = await standingOf(visit);
    return show(visit, now, await peopleBody(visit, now, token), said);
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    return show(visit, standing, await peopleBody(visit, standing), {
      errors: [{ field: '', message: error.message }],
    });
  }
}
