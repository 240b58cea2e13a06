/**
 * Does the acts of the model on a whole server: operators by the Management API with tokens of their own, the public with browsers. Reads back
 * what is stored in the words of the model. Decides nothing.
 */
import { CALLBACK, type Cast, PASSWORD, Visitor } from '../../support/cast.js';
import { HttpBrowser, type Visit as Page } from '../../support/http-browser.js';
import type { Instance, Json } from '../../support/instance.js';
import type { OperatorRig, SignedIn } from '../../support/operators.js';
import { CUSTOMERS, OPERATORS } from './acts.js';
import type { Act, Answer, Deed, Place, State, Visit } from './model.js';

const PEOPLE = `select json_object_agg(u.email, json_build_object(
    'member', m.user_id is not null, 'blocked', u.blocked,
    'roles', (select coalesce(json_agg(case r.role_id when p.owner_role_id then 'owner' when p.support_role_id then 'support' else 'viewer' end), '[]')
      from member_roles r where r.organization_id = $1 and r.user_id = u.user_id))) as people
  from users u cross join operators p join identities i on i.user_id = u.user_id and i.connection_id = $2
  left join members m on m.user_id = u.user_id and m.organization_id = $1`;
const INVITED = `select json_object_agg(invitee_email, 'viewer') as invited from invitations
  where organization_id = $1 and consumed_at is null and expires_at > now()`;

/** A line of the log about a write: who, by id and by name. */
export interface Written {
  readonly subject: string;
  readonly email: string | undefined;
}

export class Tenant {
  private readonly ids = new Map<string, string>();
  private readonly signedIn = new Map<string, SignedIn>();
  private readonly links = new Map<string, { readonly id: string; readonly ticket: string }>();

  constructor(
    private readonly instance: Instance,
    private readonly cast: Cast,
    private readonly rig: OperatorRig,
  ) {}

  private async query<T>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.instance.database.pool.query(text, [...values])).rows as T[];
  }

  private organizationOf(place: Place): string {
    return place === 'operators' ? this.rig.rows.organizationId : this.cast.acme.id;
  }

  /** Everybody of the cast, once. */
  async create(): Promise<void> {
    for (const email of OPERATORS) this.ids.set(email, (await this.rig.join(email, 'viewer')).userId);
    for (const email of CUSTOMERS) this.ids.set(email, await this.cast.createMember(email));
  }

  /** As every history begins: all are members, each operator has these roles, nobody is invited; new tokens. */
  async begin(state: State): Promise<void> {
    const { instance, rig } = this;
    const cast = [...this.ids].filter(([email]) => [...OPERATORS, ...CUSTOMERS].includes(email)).map(([, id]) => id);
    await this.query('delete from users where not user_id = any ($1)', [cast]);
    await this.query('update users set blocked = false');
    for (const table of ['members', 'invitations', 'outbox', 'attempt_counters', 'login_receipts', 'logs'])
      await this.query(`delete from ${table}`);
    this.links.clear();
    for (const place of ['operators', 'acme'] as const) {
      const members = Object.keys(state[place]).map((email) => this.idOf(email));
      await instance.api('POST', `/organizations/${this.organizationOf(place)}/members`, { members });
    }
    const { viewer } = rig.rows.roleIds;
    for (const [email, { roles }] of Object.entries(state.operators)) {
      // Without a role at the sign-in, people get no token that opens anything later.
      await instance.api('POST', this.rolesPath(email), { roles: [viewer] });
      this.signedIn.set(email, await rig.signIn(email));
      await instance.api('DELETE', this.rolesPath(email), { roles: [viewer] });
      if (roles.length > 0)
        await instance.api('POST', this.rolesPath(email), { roles: roles.map((role) => rig.rows.roleIds[role]) });
    }
    await this.query('delete from logs');
  }

  idOf(email: string): string {
    return this.ids.get(email) ?? 'auth0|nobody';
  }

  private rolesPath(email: string): string {
    return `/organizations/${this.rig.rows.organizationId}/members/${encodeURIComponent(this.idOf(email))}/roles`;
  }

  /** The call of the Management API for an action. */
  private toCall(deed: Deed): readonly [method: string, path: string, body?: unknown] {
    const organization = 'place' in deed ? `/organizations/${this.organizationOf(deed.place)}` : '';
    switch (deed.do) {
      case 'read':
        return ['GET', '/clients'];
      case 'readLinks':
        return ['GET', `/organizations/${this.cast.acme.id}/invitations`];
      case 'invite':
        return ['POST', `${organization}/invitations`, this.toInvitation(deed)];
      case 'withdraw': {
        const link = this.links.get(`${deed.place} ${deed.email}`);
        return ['DELETE', `${organization}/invitations/${link?.id ?? 'uinv_AAAAAAAAAAAAAAAA'}`];
      }
      case 'block':
      case 'unblock':
        return ['PATCH', `/users/${encodeURIComponent(this.idOf(deed.email))}`, { blocked: deed.do === 'block' }];
      case 'addMember':
      case 'removeMember':
        return [
          deed.do === 'addMember' ? 'POST' : 'DELETE',
          `${organization}/members`,
          { members: [this.idOf(deed.email)] },
        ];
      case 'giveRole':
      case 'takeRole':
        return [
          deed.do === 'giveRole' ? 'POST' : 'DELETE',
          this.rolesPath(deed.email),
          { roles: [this.rig.rows.roleIds[deed.role]] },
        ];
    }
  }

  private toInvitation({ place, email, role }: Extract<Deed, { do: 'invite' }>): Json {
    return {
      inviter: { name: 'An operator' },
      invitee: { email },
      client_id: place === 'operators' ? this.rig.rows.clientId : this.cast.client.id,
      ...(place === 'operators' && { roles: [this.rig.rows.roleIds[role]] }),
      send_invitation_email: false,
    };
  }

  private async call(deed: Deed): Promise<Answer> {
    const { status, body } = await (this.signedIn.get(deed.by) as SignedIn).call(...this.toCall(deed));
    if (deed.do === 'invite' && status === 201) {
      const ticket = new URL(String(body.invitation_url)).searchParams.get('invitation') ?? '';
      this.links.set(`${deed.place} ${deed.email}`, { id: String(body.id), ticket });
    }
    return status;
  }

  /** From the application of the place to wherever a password leads; the console's tokens are thrown away. */
  private open(place: Place, parameters: Record<string, string>): { visitor: Visitor; page: Promise<Page> } {
    const { instance, cast, rig } = this;
    const console = {
      client_id: rig.rows.clientId,
      redirect_uri: `${instance.origin}/console`,
      organization: rig.rows.organizationId,
    };
    const visitor = new Visitor(
      cast,
      new HttpBrowser(place === 'operators' ? console.redirect_uri : CALLBACK, instance),
    );
    return { visitor, page: visitor.open({ ...(place === 'operators' && console), ...parameters }) };
  }

  private async visit({ do: what, place, email }: Visit): Promise<Answer> {
    const ticket = this.links.get(`${place} ${email}`)?.ticket ?? '';
    const { visitor, page } = this.open(place, what === 'accept' ? { invitation: ticket } : {});
    const opened = await page;
    // Withdrawn meanwhile: then no page asks for anything.
    if (opened.forms.length === 0) return 'out';
    const asked =
      what === 'accept'
        ? await visitor.browser.submit(opened, { action: 'default' })
        : await visitor.type(opened, email, 'password');
    if (asked.forms.length === 0) return 'out';
    const answered = await visitor.browser.submit(asked, { password: PASSWORD });
    const end = answered.url.pathname === '/u/proof' ? await this.typeCode(visitor, answered, email) : answered;
    return end.url.searchParams.get('code') === null ? 'out' : 'in';
  }

  /** The link came from an operator, not by mail, so the account proves its mailbox. Withdrawn meanwhile, no code was sent. */
  private async typeCode(visitor: Visitor, page: Page, email: string): Promise<Page> {
    const sent = (await this.instance.mail()).find(({ mail }) => mail.to === email && mail.template === 'proof_code');
    return visitor.browser.submit(page, { code: String(sent?.mail.model.code ?? '000000'), action: 'code' });
  }

  /** Does all of them at once. */
  async perform(acts: readonly Act[]): Promise<readonly Answer[]> {
    const answers = await Promise.all(acts.map((act) => ('by' in act ? this.call(act) : this.visit(act))));
    for (const act of acts.filter((one) => one.do === 'accept')) {
      const [user] = await this.query<{ user_id: string }>('select user_id from users where email = $1', [act.email]);
      if (user) this.ids.set(act.email, user.user_id);
    }
    return answers;
  }

  /** The status of what a viewer, support and an owner may do, with the token of this operator. */
  async probe(email: string): Promise<readonly boolean[]> {
    const { call } = this.signedIn.get(email) as SignedIn;
    const answers = await Promise.all([
      call('GET', '/roles'),
      call('GET', `/organizations/${this.cast.acme.id}/invitations`),
      call('DELETE', '/rules/none'),
    ]);
    return answers.map(({ status }) => status !== 403);
  }

  async observe(): Promise<State> {
    const people = async (place: Place) => {
      const connectionId = place === 'operators' ? this.rig.rows.connectionId : this.cast.databaseId;
      const [row] = await this.query<{ people: State['operators'] | null }>(PEOPLE, [
        this.organizationOf(place),
        connectionId,
      ]);
      return row?.people ?? {};
    };
    const invited = async (place: Place) => {
      const [row] = await this.query<{ invited: State['invited']['acme'] | null }>(INVITED, [
        this.organizationOf(place),
      ]);
      return row?.invited ?? {};
    };
    return {
      operators: await people('operators'),
      acme: await people('acme'),
      invited: { operators: await invited('operators'), acme: await invited('acme') },
    };
  }

  /** The lines of writes since the last call, which deleted the earlier ones. */
  async takeWritten(): Promise<readonly Written[]> {
    const lines = await this.query<Written>(
      `delete from logs returning case when type = 'sapi' then details #>> '{request,auth,subject}' end as subject,
         details #>> '{request,auth,user,email}' as email`,
    );
    return lines.filter(({ subject }) => subject !== null);
  }
}
