/**
 * The administrator of a history: each action as a call of the real Management API (only an invitation's end by time is written
 * past it). Knows real ids; what a number in an action points to is looked up in the model's state.
 */
import type { Action } from './actions.js';
import { unlinkable } from './administration.js';
import { performOwn } from './customer-calls.js';
import { provisionedByOperators } from './directory.js';
import { connectionName, pick } from './draft.js';
import type { Known } from './known.js';
import { performOwnScim } from './own-directory-calls.js';
import { toScimUser } from './scim-user.js';
import type { State } from './state.js';
import { type Json, PASSWORD, WITH_PASSKEYS, type World } from './world.js';

type Ticket = Extract<Action, { do: 'ticket' }>;

/** Returns the claims of an identity provider about a person. */
export function toClaims(person: State['people'][number][string]) {
  return {
    sub: person.subject,
    ...(person.email !== undefined && { email: person.email }),
    ...(person.verified !== undefined && { email_verified: person.verified }),
    ...(person.contractor && { contractor: true }),
    ...(person.factor !== undefined && { amr: person.factor ? ['mfa'] : ['pwd'] }),
  };
}

/** The record was last seen a week ago, and no node has looked since. */
const END_OF_PROOF = `update discovery_domains set proof = 'dns', checked_at = now() - interval '8 days', expires_at = now() - interval '1 day',
  next_attempt_at = 'infinity' where domain = $1 and status = 'verified'`;

const NEWEST_FACTOR_LINK = `select ticket_hash from tickets where user_id = $1 and purpose = 'enrollment'
  order by created_at desc limit 1`;

/** Writes the provider of a connection, and the domains that it is trusted for. */
export function writeConnection(world: World, name: string, { idp, strategy, aliases }: State['connections'][string]) {
  return world.api('PATCH', `/connections/${world.connectionIds[name]}?check_discovery=false`, {
    options:
      idp === undefined ? WITH_PASSKEYS : { ...world.providers[idp]?.options(strategy), domain_aliases: aliases },
  });
}

/** A claim that companies send of people whom an organization does not want by auto-membership; and a group of the directory. */
const CONDITIONS = { contractor: '!("contractor" in claims)', staff: '"Staff" in scim_groups' } as const;

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

  private issuerOf(before: State, connection: string, idp: number): string | undefined {
    return this.world.providers[idp]?.issuer(before.connections[connection]?.strategy ?? 'oidc');
  }

  async perform(action: Action, before: State): Promise<number> {
    if ('actor' in action) return performOwn(this.world, this.known, action, before, (name) => this.realUser(name));
    const { api, connectionIds, roleIds, pool, clients } = this.world;
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
          client_id: clients.main.id,
          ...(action.connection !== undefined && { connection_id: connectionId(action.connection) }),
          ...(action.roles.length > 0 && { roles: action.roles.map((role) => roleIds[role]) }),
          ...(action.link === 'application' && { send_invitation_email: false }),
        });
        if (made.status === 201) {
          const key = `i${before.serial}`;
          // The link as it was mailed: its seal proves that the person who opens it reads that mailbox.
          const mails = await this.world.server.listKeptMail();
          const mailed = mails.find(({ mail }) => mail.template === 'invitation')?.mail.model.url;
          const url = (action.link ?? 'mail') === 'mail' ? mailed : made.body.invitation_url;
          const { organization: _id, ...link } = Object.fromEntries(new URL(String(url)).searchParams);
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
      case 'needsOrganization':
        return call('PATCH', `/connections/${connectionId(action.connection)}`, { needs_organization: action.on });
      case 'auto':
        return enablement({ assign_membership_on_login: action.on });
      case 'link':
        return enablement({ link_existing_members: action.how });
      case 'rollout':
        return enablement({ sso_rollout: action.how });
      case 'pilot':
        return enablement({ pilot_emails: action.emails });
      case 'proveDomain':
      case 'loseDomain':
        return this.changeDomain(action, name, organization, before);
      case 'aliases':
        return this.changeConnection(before, action.connection, { aliases: action.domains });
      case 'touch':
        return this.changeConnection(before, action.connection, {});
      case 'changeIssuer':
        return this.changeConnection(before, action.connection, { idp: action.idp });
      case 'expectAgain': {
        const now = before.connections[connectionName(action.connection)]?.idp;
        return call('POST', `/connections/${connectionId(action.connection)}/former-identities`, {
          former_issuer: this.issuerOf(before, connectionName(action.connection), now === 0 ? 1 : 0),
          expect_by: action.by,
        });
      }
      case 'callback':
        return this.world.setCallback(action.gone);
      case 'condition':
        return enablement({ auto_membership_condition: action.on ? CONDITIONS[action.by ?? 'contractor'] : null });
      case 'ticket':
        return this.openTicket(action.kind, user, userPath);
      case 'idpChange': {
        const people = this.world.people[action.idp];
        if (people) people[`l${action.login}`] = toClaims(action.person);
        return 200;
      }
      case 'expect':
        return call('POST', `${userPath}/identities`, {
          provider: before.connections[connectionName(action.connection)]?.strategy,
          connection_id: connectionId(action.connection),
          ...('subject' in action.by ? { user_id: action.by.subject } : { expected_email: action.by.email }),
        });
      case 'prepare':
        return call('POST', `${organization}/expected-identities`, {
          connection_id: connectionId(action.connection),
          identities: [
            { user_id: user, ...('subject' in action.by ? action.by : { expected_email: action.by.email }) },
          ],
        });
      case 'withdraw': {
        const found = pick(before.expected, action.expected);
        if (found === undefined) return 0;
        return call('POST', `${organization}/expected-identities/remove`, {
          connection_id: connectionIds[found.connection],
          identities: [
            {
              user_id: this.realUser(found.user),
              ...(found.subject === undefined ? { expected_email: found.email } : { subject: found.subject }),
            },
          ],
        });
      }
      case 'absorb': {
        const secondary = this.realUser(pick(Object.keys(before.users), action.secondary));
        const [provider = '', ...rest] = secondary.split('|');
        return call('POST', `${userPath}/identities`, { provider, user_id: rest.join('|') });
      }
      case 'moveSeat': {
        const identity = pick(before.identities, action.identity);
        if (identity === undefined) return 404;
        const named = encodeURIComponent(`${identity.connection}|${identity.subject}`);
        const moving = encodeURIComponent(this.realUser(identity.user));
        const to = 'subject' in action.by ? action.by : { expected_email: action.by.email };
        const second = action.absorb === undefined ? undefined : pick(Object.keys(before.users), action.absorb);
        const taken = second === undefined ? {} : { absorb_user_id: this.realUser(second) };
        return call(
          'POST',
          `/users/${moving}/identities/${before.connections[identity.connection]?.strategy}/${named}/move`,
          { ...to, ...taken },
        );
      }
      case 'restoreSeat':
        return this.restoreSeat(pick(before.moved, action.moved), action.endNew, before);
      case 'unlink':
        return this.unlink(before, action.identity);
      case 'scimCreate': {
        const body = { ...toScimUser(action.subject, action.email), active: action.active };
        return this.world.scim(connectionName(action.connection), 'POST', '/Users', body);
      }
      case 'factorSwitch':
        return call('PUT', `/guardian/factors/${action.name}`, { enabled: action.on });
      case 'factorPolicy':
        return call('PUT', '/guardian/policies', action.on ? ['all-applications'] : []);
      case 'organizationMfa':
        return call('PATCH', organization, { mfa: action.rule, mfa_factors: action.accepts });
      case 'factorTicket': {
        const { status, body } = await api('POST', '/guardian/enrollments/ticket', {
          user_id: user,
          ...(action.kind !== undefined && { factor: action.kind }),
          ...(action.more && { allow_multiple_enrollments: true }),
        });
        if (status >= 300) return status;
        const { rows } = await pool.query<{ ticket_hash: Buffer }>(NEWEST_FACTOR_LINK, [user]);
        this.known.factorLinks.push({ url: String(body.ticket_url), hash: rows[0]?.ticket_hash ?? Buffer.alloc(0) });
        return status;
      }
      case 'expireFactorTicket':
        await pool.query(`update tickets set expires_at = now() - interval '1 second' where ticket_hash = $1`, [
          pick(this.known.factorLinks, action.ticket)?.hash,
        ]);
        return 200;
      case 'resetFactors':
        return call('DELETE', `${userPath}/authenticators`);
      case 'forgetBrowsers':
        return call('POST', `${userPath}/multifactor/actions/invalidate-remember-browser`);
      case 'removeFactor': {
        const { rows } = await pool.query('select id from factors where user_id = $1 and kind = $2', [
          user,
          action.kind,
        ]);
        return call('DELETE', `${userPath}/authentication-methods/${encodeURIComponent(rows[0]?.id)}`);
      }
      case 'ownScimCreate':
      case 'ownScimWrite':
      case 'ownScimDelete':
        return performOwnScim(this.world, this.known, action, before);
      case 'scimWrite':
      case 'scimDelete':
      case 'scimGroup':
        return this.scim(action, before);
      default:
        throw new Error(`nobody does ${action.do}`);
    }
  }

  private scim(
    action: Extract<Action, { do: 'scimWrite' | 'scimDelete' | 'scimGroup' }>,
    before: State,
  ): Promise<number> {
    const seat = pick(provisionedByOperators(before), action.target);
    if (!seat) throw new Error('the directory has nobody');
    const path = `/Users/${encodeURIComponent(seat.scimId ?? '')}`;
    if (action.do === 'scimDelete') return this.world.scim(seat.connection, 'DELETE', path);
    if (action.do === 'scimWrite') {
      const body = { ...toScimUser(seat.subject ?? '', action.email ?? seat.wrote), active: action.on };
      return this.world.scim(seat.connection, 'PUT', path, body);
    }
    const operation = action.on
      ? { op: 'add', path: 'members', value: [{ value: seat.scimId }] }
      : { op: 'remove', path: `members[value eq "${seat.scimId}"]` };
    const group = this.world.scimGroups[`${seat.connection} ${action.group}`];
    return this.world.scim(seat.connection, 'PATCH', `/Groups/${group}`, { Operations: [operation] });
  }

  private async restoreSeat(moved: State['moved'][number] | undefined, endNew: boolean, before: State) {
    if (moved === undefined) return 404;
    const path = `/users/${encodeURIComponent(this.realUser(moved.user))}/moved-identities`;
    const { body } = await this.world.api('GET', path);
    const issuer = this.issuerOf(before, moved.connection, moved.idp);
    // The same identity may have been moved several times.
    const same = (one: State['moved'][number]) =>
      one.user === moved.user &&
      one.connection === moved.connection &&
      one.idp === moved.idp &&
      one.subject === moved.subject;
    const place = before.moved.filter(same).reverse().indexOf(moved);
    const found = (body as unknown as Record<string, unknown>[]).filter(
      (one) => one.connection === moved.connection && one.issuer === issuer && one.subject === moved.subject,
    )[place];
    return (await this.world.api('POST', `${path}/${found?.identity_id}/restore`, { end_new_identity: endNew })).status;
  }

  private async changeConnection(
    before: State,
    index: number,
    changes: Partial<State['connections'][string]>,
  ): Promise<number> {
    const name = connectionName(index);
    const one = before.connections[name];
    return one ? (await writeConnection(this.world, name, { ...one, ...changes })).status : 404;
  }

  /** Has a link made, or mailed, and opens it as its holder would. */
  private async openTicket(kind: Ticket['kind'], user: string, userPath: string): Promise<number> {
    const { api, server, origin } = this.world;
    if (kind === 'mail') {
      const { status } = await api('PATCH', userPath, { verify_email: true });
      const mails = await server.listKeptMail();
      const url = mails.find(({ mail }) => mail.template === 'verify_email')?.mail.model.url;
      return url === undefined ? status : this.follow(String(url), origin, { action: 'default' });
    }
    const isPassword = kind !== 'verify';
    const call = kind === 'weak' ? this.world.weakApi : api;
    const made = await call('POST', isPassword ? '/tickets/password-change' : '/tickets/email-verification', {
      user_id: user,
      ...(kind === 'marked' && { mark_email_as_verified: true }),
    });
    if (made.status !== 201) return made.status;
    return this.follow(String(made.body.ticket), origin, isPassword ? { password: PASSWORD } : { action: 'default' });
  }

  private async follow(url: string, origin: string, fields: Record<string, string>): Promise<number> {
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers: { origin } });
    await response.arrayBuffer();
    return response.status;
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
    return (
      await this.world.api(
        'DELETE',
        `/users/${user}/identities/${before.connections[identity.connection]?.strategy}/${encodeURIComponent(id)}`,
      )
    ).status;
  }

  private async changeDomain(
    action: Extract<Action, { do: 'proveDomain' | 'loseDomain' }>,
    name: string,
    organization: string,
    before: State,
  ): Promise<number> {
    const { api, pool } = this.world;
    const path = `${organization}/discovery-domains`;
    const { domain } = action;
    const state = before.organizations[name]?.domains[domain];
    if (action.do === 'loseDomain' && action.how === 'ended') {
      if (state === 'verified') await pool.query(END_OF_PROOF, [domain]);
      return 200;
    }
    if (state === undefined) return (await api('POST', path, { domain, status: 'verified' })).status;
    const { body } = await api('GET', `${path}/name/${domain}`);
    const one = `${path}/${body.id}`;
    if (action.do === 'loseDomain' && action.how === 'gone') return (await api('DELETE', one)).status;
    const status = action.do === 'proveDomain' ? 'verified' : 'pending';
    return (await api('PATCH', one, { status })).status;
  }
}
