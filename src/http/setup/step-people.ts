/** The step about people: the rule of admission, and the company's directory with its SCIM address and tokens. Shows a token once. */
import type { FastifyReply } from 'fastify';
import { ManagementError } from '../../management/api/errors.js';
import type { SetupBody, SetupValue } from '../pages/models.js';
import type { Visit } from './session.js';
import { pathOf, show } from './show.js';
import type { Standing } from './standing.js';

type Fields = Readonly<Record<string, string>>;

function admissionOf({ setup }: Visit, { enablement }: Standing): string {
  return (enablement?.assignMembershipOnLogin ?? setup.config.assignMembershipOnLogin)
    ? 'Everybody whom your provider signs in becomes a member at their first sign-in. Give the application at your provider to the right people only.'
    : 'Your provider tells us who somebody is; whether they may come in is decided here. People who are not members have to be invited first.';
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
    values,
    tokens: tokens.length,
  };
}

/** GET of the people's page. */
export async function showPeople(visit: Visit, standing: Standing): Promise<FastifyReply> {
  if (standing.connection === undefined) return visit.reply.redirect(pathOf('provider'), 303);
  return show(visit, standing, await peopleBody(visit, standing));
}

async function issueToken({ deps, actor }: Visit, connectionId: string): Promise<string> {
  const params = { id: connectionId };
  if ((await deps.directory.scim.findConfiguration(connectionId)) === undefined)
    await deps.invoke(actor, 'post /connections/{id}/scim-configuration', { params, body: {} });
  const issued = await deps.invoke(actor, 'post /connections/{id}/scim-configuration/tokens', { params, body: {} });
  return (issued as { token: string }).token;
}

/** POST of the people's page: a new token for the company's directory. */
export async function changePeople(visit: Visit, standing: Standing, fields: Fields): Promise<FastifyReply> {
  const { connection } = standing;
  if (connection === undefined) return visit.reply.redirect(pathOf('provider'), 303);
  if (fields.action !== 'token' || !visit.setup.config.provisioning) return showPeople(visit, standing);
  try {
    const token = await issueToken(visit, connection.id);
    return show(visit, standing, await peopleBody(visit, standing, token), {
      notice: 'Copy the token now: it is not shown again.',
    });
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    return show(visit, standing, await peopleBody(visit, standing), {
      errors: [{ field: '', message: error.message }],
    });
  }
}
