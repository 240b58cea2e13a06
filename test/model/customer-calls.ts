/**
 * The administrators of customers in a history: each action as a call of the real My Organization API, with a token of the
 * acting member. Decides nothing: rights and results are the server's.
 */
import type { Action } from './actions.js';
import { connectionName, ownName, pick } from './draft.js';
import type { Known } from './known.js';
import type { State } from './state.js';
import type { Json, World } from './world.js';

export type OwnAction = Extract<Action, { readonly actor: number }>;

const NO_DOMAIN = 'ord_0000000000000000000000';
const NO_PROVIDER = 'con_0000000000000000';
const NO_TOKEN = 'tok_0000000000000000';

interface Claim {
  readonly id: string;
  readonly verification_txt: string;
}

async function findClaim({ pool }: World, organizationId: string, domain: string): Promise<Claim | undefined> {
  const { rows } = await pool.query<Claim>(
    'select id, verification_txt from discovery_domains where organization_id = $1 and domain = $2',
    [organizationId, domain],
  );
  return rows[0];
}

/** Publishes the record of a claim, or takes it away, and has the server look. */
async function verify(world: World, organizationId: string, domain: string, published: boolean) {
  const claim = await findClaim(world, organizationId, domain);
  const host = `_ss-verification.${organizationId}.${domain}`.toLowerCase();
  if (published && claim) world.records.set(host, claim.verification_txt);
  else world.records.delete(host);
  return `/domains/${claim?.id ?? NO_DOMAIN}/verify`;
}

/** The address of the provider, written in one of two ways that mean the same. */
function toOwnOptions({ providers }: World, idp: number, writing: 0 | 1 | undefined): Json {
  const { issuer, client_id, client_secret } = providers[idp]?.options('oidc') ?? {};
  const discovery_url = `${issuer}/.well-known/openid-configuration${writing === 1 ? '?v=1' : ''}`;
  return { type: 'back_channel', discovery_url, client_id, client_secret };
}

const toOwnProvider = (world: World, idp: number): Json => ({
  ...{ strategy: 'oidc', name: 'own', display_name: 'Own' },
  options: toOwnOptions(world, idp, 0),
});

/** From now on the connection has the model's name: names begin with an id that each history draws for itself. */
async function connectOwn(world: World, name: string, made: { status: number; body: Json }): Promise<number> {
  if (made.status !== 201) return made.status;
  await world.pool.query('update connections set name = $2 where id = $1', [made.body.id, name]);
  world.connectionIds[name] = String(made.body.id);
  return made.status;
}

/** Performs the action as its member; returns the status. `realUser` turns a name of the model into the user's id. */
export async function performOwn(
  world: World,
  known: Known,
  action: OwnAction,
  before: State,
  realUser: (name: string | undefined) => string,
): Promise<number> {
  const { roleIds, connectionIds } = world;
  const users = Object.keys(before.users);
  const name = pick(Object.keys(before.organizations), action.organization) ?? '';
  const organizationId = known.organizationIds[name] ?? '';
  const actor = realUser(pick(users, action.actor));
  const user = 'user' in action ? realUser(pick(users, action.user)) : '';
  const call = (method: string, path: string, body?: unknown) =>
    world.myOrg({ userId: actor, organizationId }, method, path, body);
  const status = async (method: string, path: string, body?: unknown) => (await call(method, path, body)).status;
  const named = 'connection' in action ? connectionIds[connectionName(action.connection ?? 0)] : undefined;
  const idp = `/identity-providers/${named ?? NO_PROVIDER}`;
  const own = `/identity-providers/${connectionIds[ownName(name)] ?? NO_PROVIDER}`;
  const { writing } = before.connections[ownName(name)] ?? {};
  const member = `/members/${encodeURIComponent(user)}`;
  switch (action.do) {
    case 'ownInvite': {
      const { email, connection, roles } = action;
      const made = await call('POST', '/member-invitations', {
        invitees: [{ email, ...(roles.length > 0 && { roles: roles.map((role) => roleIds[role]) }) }],
        ...(connection !== undefined && {
          identity_provider_id: connectionIds[connectionName(connection)] ?? NO_PROVIDER,
        }),
      });
      if (made.status === 201) {
        const [{ id }] = made.body as unknown as [Json];
        const mails = await world.server.listKeptMail();
        const mailed = mails.find(({ mail }) => mail.template === 'invitation')?.mail.model.url;
        const { organization: _id, ...link } = Object.fromEntries(new URL(String(mailed)).searchParams);
        known.invitations.set(`i${before.serial}`, { id: String(id), link });
        known.invitationNames.set(String(id), `i${before.serial}`);
      }
      return made.status;
    }
    case 'ownRevoke': {
      const held = known.invitations.get(pick(Object.keys(before.invitations), action.invitation) ?? '');
      return status('DELETE', `/member-invitations/${held?.id}`);
    }
    case 'ownRemove':
      return status('POST', '/delete-memberships', { members: [user] });
    case 'ownGive':
      return status('POST', `${member}/roles`, { role_ids: [roleIds[action.role]] });
    case 'ownTake':
      return status('DELETE', `${member}/roles`, { role_ids: [roleIds[action.role]] });
    case 'ownClaim':
      return status('POST', '/domains', { domain: action.domain });
    case 'ownVerify':
      return status('POST', await verify(world, organizationId, action.domain, action.published));
    case 'ownDetach':
      return status('POST', `${idp}/detach`);
    case 'ownAssign':
      return status('PATCH', idp, { assign_membership_on_login: action.on });
    case 'ownRename':
      return status('PATCH', idp, { display_name: 'Ours' });
    case 'ownProvision':
      return status('POST', `${idp}/provisioning`);
    case 'ownToken':
      return status('POST', `${idp}/provisioning/scim-tokens`, {});
    case 'ownConnect':
      return connectOwn(
        world,
        ownName(name),
        await call('POST', '/identity-providers', toOwnProvider(world, action.idp)),
      );
    case 'ownMove':
      return status('PATCH', own, { options: toOwnOptions(world, action.idp, writing) });
    case 'ownRenew':
      return status('PATCH', own, {
        options: toOwnOptions(world, before.connections[ownName(name)]?.idp ?? 0, writing === 0 ? 1 : 0),
      });
    case 'ownOpen':
      return status('PATCH', own, { assign_membership_on_login: action.on });
    case 'ownShow':
      return status('PATCH', own, { show_as_button: action.on });
    case 'ownSwitch':
      return status('PATCH', own, { is_enabled: action.on });
    case 'ownDirectory':
      return status(action.on ? 'POST' : 'DELETE', `${own}/provisioning`);
    case 'ownIssue': {
      const made = await call('POST', `${own}/provisioning/scim-tokens`, {});
      const { token_id, token } = made.body;
      if (made.status === 201)
        known.ownTokens.push({
          ...{ id: String(token_id), token: String(token), connectionId: connectionIds[ownName(name)] ?? '' },
        });
      return made.status;
    }
    case 'ownRevokeToken':
      return status('DELETE', `${own}/provisioning/scim-tokens/${pick(known.ownTokens, action.token)?.id ?? NO_TOKEN}`);
    case 'ownDelete':
      return status('DELETE', own);
    case 'ownUse':
      return status('POST', `${own}/domains`, { domain: action.domain });
    case 'ownLeave':
      return status('DELETE', `${own}/domains/${action.domain}`);
    case 'ownDrop':
      return status('DELETE', `/domains/${(await findClaim(world, organizationId, action.domain))?.id ?? NO_DOMAIN}`);
  }
}
