/**
 * The administrator of a history: each action as a call of the real Management API (only an invitation's end by time is written
 * past it). Knows real ids; what a number in an action points to is looked up in the model's state.
 */
import type { Action } from './actions.js';
import { unlinkable } from './administration.js';
import { connectionName, pick } from './draft.js';
import type { State } from './state.js';
import type { Json, World } from './world.js';

/** Real ids and the model's names for them. */
export interface Known {
  readonly organizationIds: Record<string, string>;
  /** By the model's name: real id, and the parameters of the link that was mailed. */
  readonly invitations: Map<string, { id: string; link: Readonly<Record<string, string>> }>;
  readonly invitationNames: Map<string, string>;
  /** Users whose id the server drew: the model's name by the real one. */
  readonly names: Map<string, string>;
}

/** What an identity provider says about a person. */
export function toClaims(person: State['people'][number][string]) {
  return {
    sub: person.subject,
    ...(person.email !== undefined && { email: person.email }),
    ...(person.verified !== undefined && { email_verified: person.verified }),
  };
}

/** Writes the domains that a connection is trusted for. */
export function setAliases(world: World, connection: string, aliases: readonly string[]) {
  return world.api('PATCH', `/connections/${world.connectionIds[connection]}`, {
    options: { ...world.connectionOptions[connection], domain_aliases: aliases },
  });
}

/** See the top of the file. */
export class Administrator {
  constructor(
    private readonly world: World,
    private readonly known: Known,
  ) {}

  private realUser(name: string | undefined): string {
    for (const [real, known] of this.known.names) if (known === name) return real;
    return name ?? '';
  }

  async perform(action: Action, before: State): Promise<number> {
    const { api, connectionIds, roleIds, pool, client } = this.world;
    const name = 'organization' in action ? (pick(Object.keys(before.organizations), action.organization) ?? '') : '';
    const organization = `/organizations/${this.known.organizationIds[name]}`;
    const user = this.realUser('user' in action ? pick(Object.keys(before.users), action.user) : undefined);
    const userPath = `/users/${encodeURIComponent(user)}`;
    const connectionId = (index: number) => connectionIds[connectionName(index)] ?? '';
    const call = async (method: string, path: string, body?: unknown) => (await api(method, path, body)).status;
    const enablement = (changes: Json) =>
      'connection' in action && action.connection !== undefined
        ? call('PATCH', `${organization}/enabled_connections/${connectionId(action.connection)}`, changes)
        : Promise.resolve(0);
    const invitation = 'invitation' in action ? pick(Object.keys(before.invitations), action.invitation) : undefined;
    const held = this.known.invitations.get(invitation ?? '');
    const heldBy = this.known.organizationIds[before.invitations[invitation ?? '']?.organization ?? ''];
    switch (action.do) {
      case 'invite': {
        const made = await api('POST', `${organization}/invitations`, {
          inviter: { name: 'Dana' },
          invitee: { email: action.email },
          client_id: client.id,
          ...(action.connection !== undefined && { connection_id: connectionId(action.connection) }),
          ...(action.roles.length > 0 && { roles: action.roles.map((role) => roleIds[role]) }),
        });
        if (made.status === 201) {
          const key = `i${before.serial}`;
          // The link as it was mailed: what it carries says that whoever opens it reads that mailbox.
          const mails = await this.world.server.listKeptMail();
          const mailed = mails.find(({ mail }) => mail.template === 'invitation')?.mail.model.url;
          const { organization: _id, ...link } = Object.fromEntries(new URL(String(mailed)).searchParams);
          this.known.invitations.set(key, { id: made.body.id as string, link });
          this.known.invitationNames.set(made.body.id as string, key);
        }
        return made.status;
      }
      case 'revoke':
        return call('DELETE', `/organizations/${heldBy}/invitations/${held?.id}`);
      case 'expire':
        await pool.query(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [held?.id]);
        return 200;
      case 'addMember':
        return call('POST', `${organization}/members`, { members: [user] });
      case 'removeMember':
        return call('DELETE', `${organization}/members`, { members: [user] });
      case 'breakGlass':
        return call('PATCH', `${organization}/members/${encodeURIComponent(user)}`, { break_glass: action.on });
      case 'giveRole':
        return call('POST', `${organization}/members/${encodeURIComponent(user)}/roles`, {
          roles: [roleIds[action.role]],
        });
      case 'blockUser':
        return call('PATCH', userPath, { blocked: action.on });
      case 'verifyUser':
        return call('PATCH', userPath, { email_verified: action.on });
      case 'deleteUser':
        return call('DELETE', userPath);
      case 'blockOrganization':
        return call('PATCH', organization, { blocked: action.on });
      case 'enable':
        return call('POST', `${organization}/enabled_connections`, { connection_id: connectionId(action.connection) });
      case 'disable':
        return call('DELETE', `${organization}/enabled_connections/${connectionId(action.connection)}`);
      case 'auto':
        return enablement({ assign_membership_on_login: action.on });
      case 'link':
        return enablement({ link_existing_members: action.how });
      case 'rollout':
        return enablement({ sso_rollout: action.how });
      case 'proveDomain':
      case 'loseDomain':
        return this.changeDomain(action, name, organization, before);
      case 'aliases':
        return (await setAliases(this.world, connectionName(action.connection), action.domains)).status;
      case 'idpChange': {
        const people = this.world.people[action.idp];
        if (people) people[`l${action.login}`] = toClaims(action.person);
        return 200;
      }
      case 'expect':
        return call('POST', `${userPath}/identities`, {
          provider: 'oidc',
          connection_id: connectionId(action.connection),
          ...('subject' in action.by ? { user_id: action.by.subject } : { expected_email: action.by.email }),
        });
      case 'absorb': {
        const secondary = this.realUser(pick(Object.keys(before.users), action.secondary));
        const [provider = '', ...rest] = secondary.split('|');
        return call('POST', `${userPath}/identities`, { provider, user_id: rest.join('|') });
      }
      case 'unlink':
        return this.unlink(before, action.identity);
      default:
        throw new Error(`nobody does ${action.do}`);
    }
  }

  private async unlink(before: State, index: number): Promise<number> {
    const found = pick(unlinkable(before), index);
    if (!found) return 404;
    const { identity } = found;
    const id =
      found.kind === 'bound'
        ? `${identity.connection}|${identity.subject}`
        : `${identity.connection}|${found.identity.subject ?? found.identity.email}`;
    const user = encodeURIComponent(this.realUser(identity.user));
    return (await this.world.api('DELETE', `/users/${user}/identities/oidc/${encodeURIComponent(id)}`)).status;
  }

  private async changeDomain(
    action: Extract<Action, { do: 'proveDomain' | 'loseDomain' }>,
    name: string,
    organization: string,
    before: State,
  ): Promise<number> {
    const { api } = this.world;
    const path = `${organization}/discovery-domains`;
    const { domain } = action;
    const known = before.organizations[name]?.domains[domain] !== undefined;
    if (!known) return (await api('POST', path, { domain, status: 'verified' })).status;
    const { body } = await api('GET', `${path}/name/${domain}`);
    const one = `${path}/${body.id}`;
    if (action.do === 'loseDomain' && action.how === 'gone') return (await api('DELETE', one)).status;
    const status = action.do === 'proveDomain' ? 'verified' : 'pending';
    return (await api('PATCH', one, { status })).status;
  }
}
