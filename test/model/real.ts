/**
 * Plays the actions of a history against the real server, as people with browsers and as an administrator with the Management
 * API, and reads what the database holds afterwards in the model's names. Decides nothing: what a number in an action points to
 * is looked up in the model's state.
 */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { FACTOR_PATH, STEP_UP } from '../support/factors.js';
import { HttpBrowser } from '../support/http-browser.js';
import { AccountPeople } from './account-people.js';
import { type Action, NEWEST, type Tenant } from './actions.js';
import { Administrator, toClaims, writeConnection } from './administrator.js';
import { connectionName, pick } from './draft.js';
import { FactorPeople } from './factor-people.js';
import type { Known } from './known.js';
import type { observe } from './model.js';
import { initialState } from './model.js';
import { isFull } from './passing.js';
import { DATABASE, type FactorAsked, NOWHERE, type Outcome, type RuleName, type State, type Via } from './state.js';
import { CALLBACK, type Json, PASSWORD, type World } from './world.js';

/** The tenant's own code asks about organizations, so its histories have none without. */
const viaOf = (action: { readonly via?: Via }, before: State): Via =>
  before.code === undefined ? (action.via ?? 'main') : 'main';

export type Observation = ReturnType<typeof observe>;

const stepUpOf = ({ stepUp }: { readonly stepUp?: boolean }) => (stepUp ? STEP_UP : {});

/** One browser and what it needs to go on. */
interface Seat {
  readonly browser: HttpBrowser;
  verifier: string;
  /** The application that the browser came from last. */
  via: Via;
  /** The address that the login at the identity provider began with. */
  hint?: string | undefined;
  idpUrl: string | undefined;
  proofUrl: string | undefined;
  pickerUrl: string | undefined;
  code: string;
  factorUrl: string | undefined;
}

interface Place {
  readonly status: number;
  readonly url: URL;
}

interface LogRow {
  readonly log_id: string;
  readonly type: string;
  readonly code: string | null;
  readonly rule: string | null;
  readonly trace?: readonly { readonly rule: string; readonly evidence?: Record<string, unknown> }[] | null;
}

/** Steps by which an authenticator's application is set back before it gives another code. */
const LONG_AGO = 1_000_000;

const OBSERVE = `select json_build_object(
  'users', (select coalesce(json_agg(json_build_array(user_id, email, email_vouched_by, blocked, factors_revision)), '[]') from users),
  'passwords', (select coalesce(json_agg(json_build_array(email, user_id, hash <> '!', set_by_link)), '[]') from password_credentials),
  'members', (select coalesce(json_agg(json_build_array(o.name, m.user_id,
      (select coalesce(json_agg(r.name order by r.name), '[]') from member_roles x join roles r on r.id = x.role_id
        where x.organization_id = m.organization_id and x.user_id = m.user_id),
      m.break_glass, m.first_used_at is not null, m.first_login_at is not null)), '[]')
    from members m join organizations o on o.id = m.organization_id),
  'identities', (select coalesce(json_agg(json_build_array(c.name, i.issuer, i.subject, i.user_id)), '[]')
    from identities i join connections c on c.id = i.connection_id where i.status = 'bound' and c.strategy <> 'auth0'),
  'again', (select coalesce(json_agg(json_build_array(c.name, i.issuer, i.subject, i.user_id)), '[]')
    from identities i join connections c on c.id = i.connection_id where i.prove_again),
  'expected', (select coalesce(json_agg(json_build_array(c.name, i.subject, i.expected_email, i.user_id)), '[]')
    from identities i join connections c on c.id = i.connection_id where i.status = 'expected'),
  'moved', (select coalesce(json_agg(json_build_array(c.name, i.issuer, i.subject, i.user_id)), '[]')
    from moved_identities i join connections c on c.id = i.connection_id),
  'invitations', (select coalesce(json_agg(json_build_array(v.id, o.name,
      case when v.consumed_at is null then 'live' else 'consumed' end, v.consumed_by)), '[]')
    from invitations v join organizations o on o.id = v.organization_id where v.consumed_at is not null or v.expires_at > now()),
  'directory', (select coalesce(json_agg(json_build_array(c.name, i.scim_id, i.user_id, i.status, i.scim_inactive, u.blocked_by_scim,
      (select coalesce(json_agg(g.display_name order by g.display_name), '[]') from scim_group_members m join scim_groups g on g.id = m.group_id
        where m.user_id = i.user_id and m.identity_id = i.id))), '[]')
    from identities i join connections c on c.id = i.connection_id join users u on u.user_id = i.user_id where i.scim_id is not null),
  'factors', (select coalesce(json_agg(json_build_array(user_id, kind, vouched_by,
      kind = 'otp' and last_step > extract(epoch from now()) / 30 - ${LONG_AGO / 2})), '[]') from factors where confirmed_at is not null),
  'tickets', (select coalesce(json_agg(json_build_array(user_id, email, factor, factors_revision)), '[]') from tickets
    where purpose = 'enrollment' and used_at is null and expires_at > now()),
  'settings', (select json_agg(json_build_array(t.guardian)) from tenant t),
  'requirements', (select coalesce(json_agg(json_build_array(name, mfa, mfa_factors)), '[]') from organizations o
    where not exists (select 1 from operators x where x.organization_id = o.id)),
  'sessions', (select coalesce(json_agg(json_build_array(s.user_id, c.name,
      (select m from jsonb_array_elements(s.methods) m where m ->> 'name' = 'mfa'))), '[]')
    from sessions s join connections c on c.id = s.connection_id where s.expires_at > now()),
  'log', (select coalesce(json_agg(json_build_object('type', type, 'code', details->>'code', 'rule', details->>'rule')
      order by date), '[]') from logs)
) as seen`;
/** No API changes a connection's protocol: another history's connection of this name begins. */
const SPEAK = `update connections set strategy = $2, options = '{}', secrets_sealed = null where name = $1 and strategy <> $2`;
const UNSERVED = 'update connections set needs_organization = false';
/** An operator lets members see the connections that their organization begins with. */
const SEEN = `update organization_connections set organization_access_level = 'limited'`;
const FORGET = 'delete from logs; delete from outbox; delete from attempt_counters';

function readGuardian([stored]: unknown[]): unknown[] {
  const { factors = {}, policies = [] } = stored as { factors?: Record<string, boolean>; policies?: string[] };
  const accepts = Object.keys(factors).filter((name) => factors[name]);
  return [accepts.sort(), policies.includes('all-applications')];
}

/** For what a factor was needed that nobody could give. */
function reasonOf({ code, trace }: LogRow): { reason?: string } {
  if (code !== 'authenticate.factor_required' && code !== 'authenticate.no_accepted_factor') return {};
  const line = (trace ?? []).findLast(({ rule }) => rule === 'second_factor');
  return { reason: String(line?.evidence?.reason) };
}

export class Real {
  private seats: Seat[] = [];
  readonly known: Known = {
    organizationIds: {},
    invitations: new Map(),
    invitationNames: new Map(),
    factorLinks: [],
    ownTokens: [],
    names: new Map(),
  };
  private readonly refreshTokens: { value: string; readonly via: Via }[] = [];
  private log: LogRow[] = [];
  private factors!: FactorPeople;
  private account!: AccountPeople;
  /** Kept beyond the step: a sign-in that repeats a line is counted at it. */
  private readonly ruleOfLine = new Map<string, string>();

  constructor(private readonly world: World) {}

  /** Builds the tenant: organizations and connections through the Management API, people straight into the tables. */
  async begin(tenant: Tenant): Promise<void> {
    const { world } = this;
    await world.reset();
    for (const name of Object.keys(world.connectionIds)) if (name.startsWith('m')) delete world.connectionIds[name];
    const state = initialState(tenant);
    this.seats = state.browsers.map(() => ({
      browser: new HttpBrowser(CALLBACK),
      verifier: '',
      via: 'main' as Via,
      idpUrl: undefined,
      proofUrl: undefined,
      pickerUrl: undefined,
      code: '',
      factorUrl: undefined,
    }));
    this.factors = new FactorPeople(world);
    this.account = new AccountPeople(world, this.factors, (name) => this.realUser(name));
    world.people.forEach((list, index) => {
      for (const login of Object.keys(list)) delete list[login];
      for (const [login, person] of Object.entries(state.people[index] ?? {})) list[login] = toClaims(person);
    });
    await world.setCallback(false);
    await world.pool.query(UNSERVED);
    for (const [name, one] of Object.entries(state.connections))
      if (one.idp !== undefined) {
        await world.pool.query(SPEAK, [name, one.strategy]);
        await writeConnection(world, name, one);
      }
    for (const [name, one] of Object.entries(state.organizations)) {
      const created = await world.api('POST', '/organizations', {
        name,
        enabled_connections: Object.keys(one.enabled).map((connection) => ({
          connection_id: world.connectionIds[connection],
          assign_membership_on_login: one.enabled[connection]?.autoMembership,
        })),
      });
      if (created.status !== 201) throw new Error(`no organization: ${JSON.stringify(created.body)}`);
      const id = created.body.id as string;
      this.known.organizationIds[name] = id;
      if (state.hasDirectory)
        for (const connection of Object.keys(one.enabled).filter((item) => item !== DATABASE))
          await this.giveRoles(id, connection);
      for (const [connection, { link, rollout }] of Object.entries(one.enabled)) {
        if (link === 'verified_email' && rollout === 'optional') continue;
        await world.api('PATCH', `/organizations/${id}/enabled_connections/${world.connectionIds[connection]}`, {
          link_existing_members: link,
          sso_rollout: rollout,
        });
      }
      for (const domain of Object.keys(one.domains))
        await world.api('POST', `/organizations/${id}/discovery-domains`, { domain, status: 'verified' });
    }
    const { accepts, required } = state.factors;
    const guardian = {
      factors: Object.fromEntries(accepts.map((name) => [name, true])),
      policies: required ? ['all-applications'] : [],
    };
    await world.pool.query('update tenant set guardian = $1', [JSON.stringify(guardian)]);
    await world.pool.query(SEEN);
    await this.insertPeople(state);
    await world.useCode(tenant.code);
  }

  /** The group Leads of the connection's directory is `editor` in the organization. */
  private async giveRoles(organizationId: string, connection: string): Promise<void> {
    const path = `/organizations/${organizationId}/enabled_connections/${this.world.connectionIds[connection]}/scim-group-roles`;
    const { status, body } = await this.world.api('PATCH', path, {
      scim_group_roles: [{ display_name: 'Leads', roles: ['editor'] }],
    });
    if (status >= 300) throw new Error(`no roles of groups: ${JSON.stringify(body)}`);
  }

  private async insertPeople(state: State): Promise<void> {
    const { pool, connectionIds, passwordHash, roleIds } = this.world;
    const users = Object.entries(state.users).map(([id, { email, voucher }]) => ({
      id,
      email,
      voucher,
    }));
    const members = Object.entries(state.members).map(([key, member]) => {
      const [organization = '', user = ''] = key.split(' ');
      return {
        organization: this.known.organizationIds[organization],
        user,
        ...member,
        roles: member.roles.map((r) => roleIds[r]),
      };
    });
    await pool.query(
      `with u as (select * from jsonb_to_recordset($1) as x(id text, email text, voucher text)),
        m as (select * from jsonb_to_recordset($2) as x(organization text, "user" text, "breakGlass" boolean, used boolean, roles jsonb)),
        a as (insert into users (user_id, email, email_vouched_by, created_at, updated_at) select id, email, voucher, now(), now() from u),
        b as (insert into identities (user_id, id, connection_id, status, subject, is_primary, created_at, bound_at)
          select id, 'own', $3, 'bound', substr(id, 7), true, now(), now() from u),
        c as (insert into password_credentials (user_id, connection_id, email, hash, changed_at, vouched_by)
          select id, $3, email, $4, now(), 'operator' from u),
        d as (insert into members (organization_id, user_id, via, break_glass, first_used_at, created_at)
          select organization, "user", 'management', "breakGlass", case when used then now() end, now() from m)
      insert into member_roles (organization_id, user_id, role_id)
        select organization, "user", role from m, jsonb_array_elements_text(roles) as role`,
      [JSON.stringify(users), JSON.stringify(members), connectionIds[DATABASE], passwordHash],
    );
  }

  /** Everything that the model can be compared with. Ends the step: what it logged and mailed is forgotten. */
  async observe(): Promise<Observation> {
    const { rows } = await this.world.pool.query<{ seen: Record<string, unknown[][]> & { log: LogRow[] } }>(OBSERVE);
    const seen = rows[0]?.seen;
    await this.world.pool.query(FORGET);
    const { providers } = this.world;
    const idpOf = (issuer: unknown) =>
      providers.findIndex((one) => one.issuer('oidc') === issuer || one.issuer('samlp') === issuer);
    const user = (id: unknown) => (typeof id === 'string' ? (this.known.names.get(id) ?? id) : id);
    const voucherOf = (voucher: unknown) => (String(voucher).startsWith('org_') ? this.nameOf(voucher) : voucher);
    const list = (key: string, map: (row: unknown[]) => unknown[]) =>
      (seen?.[key] ?? []).map((row) => JSON.stringify(map(row))).sort();
    return {
      users: list('users', ([id, email, voucher, blocked, revision]) => [
        user(id),
        email,
        voucherOf(voucher),
        blocked,
        Number(revision),
      ]),
      passwords: list('passwords', ([email, id, ...rest]) => [email, user(id), ...rest]),
      members: list('members', ([organization, id, ...rest]) => [organization, user(id), ...rest]),
      identities: list('identities', ([connection, issuer, subject, id]) => [
        connection,
        idpOf(issuer),
        subject,
        user(id),
      ]),
      again: list('again', ([connection, issuer, subject, id]) => [connection, idpOf(issuer), subject, user(id)]),
      moved: list('moved', ([connection, issuer, subject, id]) => [connection, idpOf(issuer), subject, user(id)]),
      expected: list('expected', ([connection, subject, email, id]) => [connection, subject, email, user(id)]),
      invitations: list('invitations', ([id, organization, state, by]) => [
        this.known.invitationNames.get(String(id)),
        organization,
        state,
        user(by),
      ]),
      directory: list('directory', ([connection, scimId, id, ...rest]) => [
        connection,
        user(scimId),
        user(id),
        ...rest,
      ]),
      factors: list('factors', ([id, kind, voucher, claimed]) => [
        user(id),
        kind,
        voucherOf(voucher),
        claimed === true,
      ]),
      tickets: list('tickets', ([id, email, kind, revision]) => [user(id), email, kind, Number(revision)]),
      settings: [
        ...list('settings', readGuardian),
        ...list('requirements', ([name, rule, accepts]) => [name, rule, [...(accepts as string[])].sort()]),
      ].sort(),
      sessions: list('sessions', ([id, connection, passed]) => {
        const factor = passed as { type: string; revision: number } | null;
        return [user(id), connection, factor?.type ?? null, factor?.revision ?? null];
      }),
    };
  }

  private async readLog(): Promise<void> {
    const { rows } = await this.world.pool.query<LogRow>(
      `select log_id, type, details->>'code' as code, details->>'rule' as rule, details->'trace' as trace from logs order by date`,
    );
    this.log = rows;
    for (const { log_id: id, rule } of rows) if (rule !== null) this.ruleOfLine.set(id, rule);
  }

  /** By what the sign-in that was just made met a need of a second factor, as its trace says; empty where it has no line of its own. */
  private findFactorRule(): { factor?: string | undefined } {
    const line = this.log.find((row) => row.rule !== null);
    if (line === undefined) return {};
    const met = (line.trace ?? []).findLast(
      ({ rule, evidence }) =>
        rule === 'second_factor' && ['session', 'remembered_browser'].includes(String(evidence?.by)),
    );
    return { factor: met && `${met.evidence?.reason} ${met.evidence?.by}` };
  }

  /** The rule of the sign-in that was just made. One that repeats the session's last line has none of its own. */
  private async findRule(): Promise<string> {
    const told = this.log.find((row) => row.rule !== null)?.rule;
    if (told) return told;
    const { rows } = await this.world.pool.query<{ line: string }>(
      `select repeats->>'line' as line from sessions where (repeats->>'count')::integer > 0 order by repeats->>'to' desc limit 1`,
    );
    return this.ruleOfLine.get(rows[0]?.line ?? '') ?? '?';
  }

  /** Does what `action` says in the tenant that `before` describes. */
  async perform(action: Action, before: State): Promise<Outcome> {
    if (action.do in this.people) {
      const browser = 'browser' in action ? before.browsers[action.browser] : undefined;
      if ('browser' in action && browser && isFull(browser)) this.throwDeviceAway(this.seatOf(action.browser));
      const step = this.people[action.do] as (action: Action, before: State) => Promise<Outcome>;
      return step(action, before);
    }
    const status = await new Administrator(this.world, this.known).perform(action, before);
    return status < 300 ? { kind: 'done' } : { kind: 'rejected', status };
  }

  // People -----------------------------------------------------------------------------------------------------------

  private readonly people: {
    [N in Action['do']]?: (action: Extract<Action, { do: N }>, before: State) => Promise<Outcome>;
  } = {
    leave: async (action, before) => {
      const seat = this.seatOf(action.browser);
      seat.via = viaOf(action, before);
      const invitation = seat.via === 'main' ? pick(Object.keys(before.invitations), action.invitation) : undefined;
      const place = await this.open(seat, before, action.organization, invitation, {
        connection: connectionName(action.connection),
        ...(action.forced && { prompt: 'login' }),
        ...(action.hint !== undefined && { login_hint: action.hint }),
        ...stepUpOf(action),
      });
      seat.hint = action.hint;
      return this.outcomeOf(seat, place);
    },
    return: async (action) => {
      const seat = this.seatOf(action.browser);
      const { idpUrl } = seat;
      const idp = this.world.providers.find((one) => idpUrl !== undefined && one.isAt(idpUrl));
      if (!idp || idpUrl === undefined) throw new Error('this browser is at no identity provider');
      const { url, ...back } = await idp.signIn(idpUrl, `l${action.login}`);
      seat.idpUrl = undefined;
      const place = await this.walk(seat, url, { ...back, headers: { origin: this.world.origin } });
      if (place.url.pathname !== '/u/login/confirm') return this.outcomeOf(seat, place);
      if (seat.hint === undefined) throw new Error('told of another address than was typed, and none was');
      return this.outcomeOf(seat, await this.post(seat, place.url.href, { action: 'default' }));
    },
    prove: async (action) => {
      const seat = this.seatOf(action.browser);
      const wrong = seat.code === '000000' ? '000001' : '000000';
      const body =
        action.by === 'code'
          ? { code: action.right ? seat.code : wrong, action: 'code' }
          : { password: action.right ? PASSWORD : 'not the password', action: 'password' };
      const place = await this.post(seat, `${seat.proofUrl}&method=${action.by}`, body);
      return this.outcomeOf(seat, place, 'page');
    },
    pick: async (action, before) => {
      const seat = this.seatOf(action.browser);
      const name = pick(Object.keys(before.organizations), action.organization) ?? '';
      const organization = this.known.organizationIds[name] ?? '';
      return this.outcomeOf(seat, await this.post(seat, seat.pickerUrl ?? '', { organization }));
    },
    password: async (action, before) => {
      const seat = this.seatOf(action.browser);
      seat.via = viaOf(action, before);
      const invitation = seat.via === 'main' ? pick(Object.keys(before.invitations), action.invitation) : undefined;
      const user = before.users[pick(Object.keys(before.users), action.user) ?? ''];
      const opened = await this.open(seat, before, action.organization, invitation, {
        connection: DATABASE,
        prompt: 'login',
        ...stepUpOf(action),
      });
      const state = opened.url.searchParams.get('state');
      if (!opened.url.pathname.startsWith('/u/') || state === null) return this.outcomeOf(seat, opened);
      const place = await this.post(seat, `${this.world.origin}/u/login/password?state=${state}`, {
        username: user?.email ?? '',
        password: action.right ? PASSWORD : 'not the password',
      });
      return this.outcomeOf(seat, place);
    },
    passkey: async (action, before) => {
      const seat = this.seatOf(action.browser);
      seat.via = viaOf(action, before);
      const wish = { connection: DATABASE, prompt: 'login', ...stepUpOf(action) };
      const opened = await this.open(seat, before, action.organization, undefined, wish);
      const state = opened.url.searchParams.get('state');
      if (!opened.url.pathname.startsWith('/u/') || state === null) return this.outcomeOf(seat, opened);
      const held = before.users[pick(Object.keys(before.users), action.user) ?? ''];
      const name = pick(held?.factors?.filter(({ kind }) => kind === 'passkey') ?? [], action.index)?.name ?? '';
      const page = await (await seat.browser.request(`${this.world.origin}/u/login/identifier?state=${state}`)).text();
      const answer = this.factors.findPasskey(name, page);
      return this.outcomeOf(
        seat,
        await this.post(seat, `${this.world.origin}/u/login/passkey?state=${state}`, { answer }),
      );
    },
    signUp: async (action, before) => {
      const seat = this.seatOf(action.browser);
      seat.via = 'main';
      const invitation = pick(Object.keys(before.invitations), action.invitation);
      const opened = await this.open(seat, before, 0, invitation, {});
      if (opened.url.pathname !== '/u/signup') return this.outcomeOf(seat, opened);
      const place = await this.post(seat, opened.url.href, { password: PASSWORD });
      const newUser = `auth0|n${before.serial}`;
      const outcome = await this.outcomeOf(seat, place, 'page', newUser);
      // Denied in Auth0's order he has an account all the same, under an id that the server drew.
      if (outcome.kind === 'refused') await this.findNewUser(newUser);
      return outcome;
    },
    silent: async (action, before) => {
      const seat = this.seatOf(action.browser);
      // A tab of its own: a pending login in another one stays pending.
      const tab = { ...seat, via: viaOf(action, before) === 'main' ? ('main' as const) : ('alone' as const) };
      return this.outcomeOf(
        tab,
        await this.open(tab, before, action.organization, undefined, { prompt: 'none', ...stepUpOf(action) }),
      );
    },
    answer: async (action, before) => {
      const seat = this.seatOf(action.browser);
      const asked = before.browsers[action.browser]?.factor;
      if (!asked || seat.factorUrl === undefined) throw new Error('this browser is not asked for a factor');
      const { factorUrl } = seat;
      const newUser = asked.proof.kind === 'signUp' ? asked.proof.user : undefined;
      const device = seat.browser.clone();
      const post = async (method: string | undefined, fields: Record<string, string>) => {
        const place = await this.post(seat, method === undefined ? factorUrl : `${factorUrl}&method=${method}`, fields);
        return { ...place, isAgain: place.status === 400 && place.url.pathname === FACTOR_PATH };
      };
      const read = (method?: string) => this.readPage(seat, method);
      const place = await this.factors.answer(action, asked, before, (name) => this.realUser(name), { post, read });
      if (action.how.startsWith('send')) await this.factors.keepMailed(`m${before.serial}`, asked.user);
      const outcome = await this.outcomeOf(seat, place, 'asked', newUser);
      if (outcome.kind === 'admitted' && action.how === 'mail') await this.typeAgain(device, factorUrl, asked);
      if (outcome.kind === 'factor' && outcome.ask === 'seen')
        this.factors.keepCode(`r${before.serial}`, await this.readPage(seat));
      return outcome;
    },
    useFactorTicket: async (action, before) => {
      const { browser } = this.seatOf(action.browser);
      const link = pick(this.known.factorLinks, action.ticket)?.url ?? '';
      const isSetUp = await this.factors.useLink(action, before, await browser.visit(link), browser);
      await this.readLog();
      const refusal = this.log.find((row) => row.code !== null);
      if (refusal?.code) return { kind: 'refused', code: refusal.code };
      return { kind: isSetUp ? 'done' : 'page' };
    },
    accountBegin: (action, before) => this.account.begin(this.browserOf(action), action, before),
    accountFinish: (action, before) => this.account.finish(this.browserOf(action), action, before),
    accountRecovery: (action, before) => this.account.renewRecovery(this.browserOf(action), action, before),
    accountRemove: (action, before) => this.account.remove(this.browserOf(action), action, before),
    accountEnd: (action) => this.account.end(this.browserOf(action), this.seatOf(action.other).browser),
    accountEndOthers: (action) => this.account.endOthers(this.browserOf(action)),
    logout: async (action) => {
      const { browser } = this.seatOf(action.browser);
      const query = new URLSearchParams({ client_id: this.world.clients.main.id, returnTo: 'http://127.0.0.1:9/bye' });
      await browser.request(`${this.world.origin}/v2/logout?${query}`);
      return { kind: 'done' };
    },
    refresh: async (action) => {
      const { length } = this.refreshTokens;
      const index = action.token === NEWEST ? length - 1 : action.token % length;
      const token = this.refreshTokens[index];
      const { status, body } = await this.requestTokens(token?.via ?? 'main', {
        grant_type: 'refresh_token',
        refresh_token: token?.value ?? '',
      });
      if (status !== 200) return { kind: 'refused', code: String(body.error) };
      if (token) token.value = String(body.refresh_token);
      const { sub = '', org_id: organization } = decodeJwt(String(body.id_token));
      return { kind: 'refreshed', user: this.known.names.get(sub) ?? sub, organization: this.nameOf(organization) };
    },
  };

  /** A mailed code once more, by a copy of the browser as it was: nobody gets in, and nothing is written. */
  private async typeAgain(copy: HttpBrowser, factorUrl: string, { sent }: FactorAsked): Promise<void> {
    const { text, url } = await copy.visit(`${factorUrl}&method=email`, {
      method: 'POST',
      body: new URLSearchParams({ code: this.factors.mailedCode(sent?.name) }),
      headers: { origin: this.world.origin },
    });
    if (url.href.startsWith(CALLBACK) && url.searchParams.has('code')) throw new Error(`a mailed code twice: ${text}`);
  }

  private throwDeviceAway({ browser }: Seat): void {
    const cookies = browser.cookies(new URL(this.world.origin).host) as Map<string, string>;
    for (const name of cookies.keys()) if (name.includes('vestibule_device')) cookies.delete(name);
  }

  private browserOf = (action: { readonly browser: number }): HttpBrowser => this.seatOf(action.browser).browser;

  private seatOf(index: number): Seat {
    const seat = this.seats[index];
    if (!seat) throw new Error(`no browser ${index}`);
    return seat;
  }

  private nameOf(organizationId: unknown): string {
    if (organizationId === undefined) return NOWHERE;
    return (
      Object.keys(this.known.organizationIds).find((name) => this.known.organizationIds[name] === organizationId) ?? '?'
    );
  }

  /** /authorize, and the invitation's page if there is one. */
  private async open(
    seat: Seat,
    before: State,
    index: number,
    invitation: string | undefined,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Place> {
    seat.verifier = randomBytes(32).toString('base64url');
    seat.idpUrl = undefined;
    seat.proofUrl = undefined;
    seat.pickerUrl = undefined;
    seat.factorUrl = undefined;
    const name =
      invitation === undefined
        ? pick(Object.keys(before.organizations), index)
        : before.invitations[invitation]?.organization;
    const query = new URLSearchParams({
      client_id: this.world.clients[seat.via].id,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid profile email offline_access',
      state: 'app-state',
      nonce: 'app-nonce',
      code_challenge: createHash('sha256').update(seat.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(seat.via === 'main' && { organization: this.known.organizationIds[name ?? ''] ?? '' }),
      ...(invitation !== undefined && this.known.invitations.get(invitation)?.link),
      ...parameters,
    });
    const place = await this.walk(seat, `${this.world.origin}/authorize?${query}`);
    return place.url.pathname === '/u/invitation' ? this.post(seat, place.url.href, { action: 'default' }) : place;
  }

  private post(seat: Seat, url: string, fields: Record<string, string>): Promise<Place> {
    return this.walk(seat, url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: this.world.origin },
    });
  }

  /** One request and where it leads; pages behind a redirect are not fetched, since only their address matters. */
  private async walk(seat: Seat, url: string, request: Parameters<HttpBrowser['request']>[1] = {}): Promise<Place> {
    const response = await seat.browser.request(url, request);
    const location = response.headers.get('location');
    await response.arrayBuffer();
    if (response.status === 500) throw new Error(`${response.status} at ${url}`);
    return { status: response.status, url: new URL(location ?? url, url) };
  }

  private requestTokens(via: Via, fields: Record<string, string>): Promise<{ status: number; body: Json }> {
    const { clients, origin } = this.world;
    const client = clients[via];
    return fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...fields }),
    }).then(async (response) => ({ status: response.status, body: (await response.json()) as Json }));
  }

  /** Returns the outcome by where a browser ended up. `shown` is what a page of the sign-in means. */
  private async outcomeOf(
    seat: Seat,
    place: Place,
    shown: 'page' | 'asked' = 'asked',
    newUser?: string,
  ): Promise<Outcome> {
    const { url, status } = place;
    const code = url.href.startsWith(CALLBACK) ? url.searchParams.get('code') : null;
    if (code !== null) return this.redeem(seat, code, newUser);
    if (this.world.providers.some((one) => one.isAt(url.href))) {
      seat.idpUrl = url.href;
      return { kind: 'away' };
    }
    await this.readLog();
    const refusal = this.log.find((row) => row.code !== null);
    if (refusal?.code) return { kind: 'refused', code: refusal.code, ...reasonOf(refusal) };
    if (url.pathname === '/u/proof') {
      if (status === 302 || status === 303) await this.readCode(seat, url);
      return { kind: shown };
    }
    if (url.pathname === FACTOR_PATH) {
      const again = status === 400;
      // A code by mail is asked for on a page of its own; here is the address of the question.
      url.searchParams.delete('method');
      if (!again) seat.factorUrl = url.href;
      return { ...this.factors.describe(await this.readPage(seat)), ...(again && { again }) };
    }
    if (url.pathname === '/u/organization-picker') seat.pickerUrl = url.href;
    if (url.pathname.startsWith('/u/')) return { kind: 'page' };
    throw new Error(`neither in nor refused: ${status} ${url.href}`);
  }

  private realUser(name: string): string {
    for (const [real, known] of this.known.names) if (known === name) return real;
    return name;
  }

  /** The page of the question for a factor, as it asks for one `method`. */
  private async readPage({ browser, factorUrl = '' }: Seat, method?: string): Promise<string> {
    const response = await browser.request(method === undefined ? factorUrl : `${factorUrl}&method=${method}`);
    return response.text();
  }

  private async findNewUser(name: string): Promise<void> {
    const { rows } = await this.world.pool.query<{ user_id: string }>(
      `select user_id from users where user_id like 'auth0|%' and user_id !~ '^auth0[|]p[0-9]+$'`,
    );
    for (const { user_id: real } of rows) if (!this.known.names.has(real)) this.known.names.set(real, name);
  }

  private async readCode(seat: Seat, url: URL): Promise<void> {
    seat.proofUrl = url.href;
    const mails = await this.world.server.listKeptMail();
    seat.code = String(mails.filter(({ mail }) => mail.template === 'proof_code').at(-1)?.mail.model.code ?? '');
  }

  private async redeem(seat: Seat, code: string, newUser: string | undefined): Promise<Outcome> {
    await this.readLog();
    const { status, body } = await this.requestTokens(seat.via, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: CALLBACK,
      code_verifier: seat.verifier,
    });
    if (status !== 200) throw new Error(`the code of an admitted login was refused: ${JSON.stringify(body)}`);
    this.refreshTokens.push({ value: String(body.refresh_token), via: seat.via });
    const { sub = '', org_id: organizationId, amr } = decodeJwt(String(body.id_token));
    if (newUser !== undefined && sub.startsWith('auth0|')) this.known.names.set(sub, newUser);
    const organization = this.nameOf(organizationId);
    const path = `/organizations/${organizationId}/members/${encodeURIComponent(sub)}/effective-roles?take=50`;
    const roles =
      organizationId === undefined ? [] : ((await this.world.api('GET', path)).body.roles as { name: string }[]);
    return {
      kind: 'admitted',
      user: this.known.names.get(sub) ?? sub,
      organization,
      rule: (await this.findRule()) as RuleName,
      roles: roles.map(({ name }) => name).sort(),
      ...(Array.isArray(amr) && amr.includes('mfa') && { mfa: true }),
      ...this.findFactorRule(),
    };
  }
}
