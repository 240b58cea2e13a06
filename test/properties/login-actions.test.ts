/**
 * Random logins with Actions, through the real pipeline on a real database, in both orders, with every end that a run can have:
 * agreed, denied, each failure, sent elsewhere and back (as themselves, after other code was deployed, with somebody else's session),
 * while the ground moves under the running code.
 *
 * The yardstick is a rehearsal: the same login on the same ground with code that agrees, taken back again. A person who is let in leaves
 * exactly that and what the code asked for, once. One who is refused or sent elsewhere leaves nothing; in Auth0's order exactly the
 * person's part of it, and never a session, a code or a receipt.
 */

import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFactorChecks } from '../../src/connectors/factors/checks.js';
import type { Effect, Json, JsonObject, TriggerId } from '../../src/domain/actions/action.js';
import type { Email } from '../../src/domain/people/email.js';
import { hashSecret, newSecret, systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { LoginOutcome } from '../../src/login/outcome.js';
import { type PipelineDeps, runLogin } from '../../src/login/pipeline.js';
import type { Attempt, Credential } from '../../src/login/stages.js';
import type { ActionFailure, TriggerEnd, TriggerRun } from '../../src/ports/action-runner.js';
import { createAttemptCounters } from '../../src/storage/attempts.js';
import { createLedger } from '../../src/storage/database/ledger.js';
import { createLoginStore } from '../../src/storage/login-store/index.js';
import {
  createTestDatabase,
  diffSnapshots,
  type Snapshot,
  snapshotTables,
  type TestDatabase,
} from '../support/database.js';
import { LEFT_BY_SECRETS } from '../support/nothing-left.js';
import fc, { SEED } from '../support/random.js';
import { rehearse } from '../support/rehearsal.js';
import { type ScriptedActions, type ScriptedAnswer, scriptedActions } from '../support/scripted-actions.js';

const RUNS = Number(process.env.TEST_RUNS ?? 100);

const AT = new Date('2026-03-01T10:00:00Z');
const LATER = new Date('2026-03-02T10:00:00Z');
const PEOPLE = ['dana', 'sam', 'joe'] as const;
type Person = (typeof PEOPLE)[number];
const addressOf = (person: Person) => `${person}@acme.example` as Email;

/** Changes while the code is running. */
type Meanwhile =
  | 'nothing'
  | 'remove'
  | 'block'
  | 'withdraw'
  | 'disable'
  | 'redeploy'
  | 'unbind'
  | 'other order'
  | 'join';
interface Answer {
  readonly end: TriggerEnd;
  readonly effects: readonly Effect[];
  readonly meanwhile: Meanwhile;
}
interface Login {
  readonly do: 'login';
  readonly who: Person;
  readonly how: 'sso' | 'password' | 'sign_up' | 'session';
  readonly byTicket: boolean;
  readonly admission: Omit<Answer, 'meanwhile'>;
  readonly registration: Omit<Answer, 'meanwhile'>;
  /** Answers of post-login, asked again and again; after the last it agrees. */
  readonly postLogin: readonly Answer[];
  readonly comesBack: 'himself' | 'to other code' | 'as somebody else' | 'no member any more' | 'never';
}
type Step =
  | Login
  | { readonly do: 'set'; readonly order: Order; readonly bound: readonly TriggerId[]; readonly auto: boolean }
  | { readonly do: 'know'; readonly who: Person; readonly verified: boolean; readonly member: boolean }
  | { readonly do: 'invite'; readonly who: Person; readonly over: 'sso' | 'any' };
type Order = 'after_actions' | 'before_actions';

const FAILURES: readonly ActionFailure[] = [
  'threw',
  'timeout',
  'cpu',
  'memory',
  'output',
  'result',
  'died',
  'not_available',
  'busy',
];
const metadata = fc.record({
  kind: fc.constantFrom('user_metadata' as const, 'app_metadata' as const),
  name: fc.constantFrom('a', 'b', 'invited'),
  value: fc.constantFrom<Json>(null, 1, 'x', { deep: [true] }),
});
const effect: fc.Arbitrary<Effect> = fc.oneof(
  { weight: 4, arbitrary: metadata },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      token: fc.constantFrom('id' as const, 'access' as const),
      name: fc.constantFrom('https://a.example/x', 'y'),
      value: fc.constantFrom<Json>(1, 'x'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('session_metadata' as const),
      name: fc.constant('device'),
      value: fc.constantFrom<Json>(1, 'x'),
    }),
  },
);
const done: TriggerEnd = { kind: 'done' };
const bad: fc.Arbitrary<TriggerEnd> = fc.oneof(
  fc.constant<TriggerEnd>({ kind: 'denied', reason: 'not on the list', code: undefined, userMessage: undefined }),
  fc
    .constantFrom(...FAILURES)
    .map((failure): TriggerEnd => ({ kind: 'failed', failure, message: failure, detail: failure })),
);
const redirect = fc.constant<TriggerEnd>({ kind: 'redirect', url: 'https://terms.example/', index: 0 });
const end = fc.oneof(
  { weight: 3, arbitrary: fc.constant(done) },
  { weight: 2, arbitrary: bad },
  { weight: 2, arbitrary: redirect },
);
const endWithout = fc.oneof({ weight: 3, arbitrary: fc.constant(done) }, { weight: 1, arbitrary: bad });
const effects = fc.array(effect, { maxLength: 4 });
const meanwhile = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Meanwhile>('nothing') },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Meanwhile>(
      'remove',
      'block',
      'withdraw',
      'disable',
      'redeploy',
      'unbind',
      'other order',
      'join',
    ),
  },
);
const who = fc.constantFrom(...PEOPLE);

const logins: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('login' as const),
  who,
  how: fc.constantFrom(
    'sso' as const,
    'sso' as const,
    'sso' as const,
    'password' as const,
    'sign_up' as const,
    'session' as const,
  ),
  byTicket: fc.boolean(),
  admission: fc.record({
    end: endWithout,
    effects: fc.array(
      fc.constantFrom<Effect>(
        { kind: 'admit', roles: ['rol_1'] },
        { kind: 'admit', roles: ['editor'] },
        { kind: 'admit', roles: [] },
      ),
      { maxLength: 2 },
    ),
  }),
  registration: fc.record({ end: endWithout, effects: fc.array(metadata, { maxLength: 2 }) }),
  postLogin: fc.array(fc.record({ end, effects, meanwhile }), { minLength: 1, maxLength: 3 }),
  comesBack: fc.constantFrom(
    'himself',
    'himself',
    'himself',
    'to other code',
    'as somebody else',
    'no member any more',
    'never',
  ),
});
const order = fc.constantFrom<Order>('after_actions', 'before_actions');
const settings: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('set' as const),
  order,
  bound: fc
    .tuple(
      fc.constantFrom(true, true, true, false),
      fc.subarray<TriggerId>(['organization-admission', 'pre-user-registration']),
    )
    .map(([asked, others]): TriggerId[] => [...(asked ? (['post-login'] as const) : []), ...others]),
  auto: fc.boolean(),
});
const changes: fc.Arbitrary<Step> = fc.oneof(
  settings,
  fc.record({ do: fc.constant('know' as const), who, verified: fc.boolean(), member: fc.boolean() }),
  fc.record({ do: fc.constant('invite' as const), who, over: fc.constantFrom('sso' as const, 'any' as const) }),
);
const histories = fc
  .tuple(
    settings,
    fc.array(changes, { maxLength: 4 }),
    fc.array(fc.oneof({ weight: 3, arbitrary: logins }, { weight: 1, arbitrary: changes }), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([first, before, rest]) => [first, ...before, ...rest]);

let database: TestDatabase;
const actions: ScriptedActions = scriptedActions();
const agreeing: ScriptedActions = scriptedActions();

function depsOn(pool: pg.Pool, asked: ScriptedActions): PipelineDeps {
  const clock = { now: () => AT, monotonicMs: () => 0 };
  const box = createSecretBox(Buffer.alloc(32, 3), 'rows', systemEntropy);
  const store = createLoginStore(pool, box, ['auth0', 'oidc', 'okta'], clock);
  return {
    clock,
    entropy: systemEntropy,
    reads: store.reads,
    store: store.commit,
    ledger: createLedger(pool),
    attempts: createAttemptCounters(pool),
    // Hashing is tested elsewhere and slow on purpose.
    origin: 'https://login.example',
    ticketBox: box,
    factorChecks: createFactorChecks({
      party: { id: 'login.example', origin: 'https://login.example' },
      entropy: systemEntropy,
    }),
    passwords: {
      shape: 'password',
      verify: async (credential, password) => credential?.hash.endsWith(password) === true,
      hash: async (password) => `new:${password}`,
      needsRehash: (hash) => !hash.startsWith('new:'),
    },
    redirectConnector: () => undefined,
    actions: asked,
    newCode: () => {
      const code = newSecret(systemEntropy);
      return { code, codeHash: hashSecret(code) };
    },
  };
}

async function reset(): Promise<void> {
  const { pool } = database;
  for (const table of [
    'users',
    'clients',
    'organizations',
    'connections',
    'roles',
    'logs',
    'login_receipts',
    'attempt_counters',
  ])
    await pool.query(`delete from ${table}`);
  await pool.query(`
    insert into clients (client_id, name, organization_usage, callbacks, created_at, updated_at)
      values ('app', 'App', 'require', '{https://app.example/callback}', now(), now());
    insert into roles (id, name, created_at) values ('rol_1', 'editor', now());
    insert into connections (id, name, strategy, revision, created_at, updated_at) values ('con_db', 'db', 'auth0', 'c', now(), now());
    insert into connections (id, name, strategy, revision, domain_aliases, created_at, updated_at)
      values ('con_sso', 'acme-oidc', 'oidc', 'c', '{acme.example}', now(), now());
    insert into organizations (id, name, created_at, updated_at) values ('org_acme', 'acme', now(), now());
    insert into organization_connections (organization_id, connection_id, revision, created_at)
      values ('org_acme', 'con_sso', 'e', now()), ('org_acme', 'con_db', 'e', now());
    insert into discovery_domains (organization_id, id, domain, status, verification_txt, created_at)
      values ('org_acme', 'ord_1', 'acme.example', 'verified', '', now());`);
}

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

type Row = Readonly<Record<string, unknown>>;
type Footprint = Readonly<Record<string, readonly string[]>>;

/** The content of a row of the person's part, without ids that are drawn, times, and what is checked on its own. */
const PERSON: Readonly<Record<string, (row: Row) => unknown>> = {
  users: (row) => [row.email, row.email_verified, row.name],
  identities: (row) => [
    row.connection_id,
    row.status,
    row.connection_id === 'con_db' ? '*' : row.subject,
    row.bound_by,
    row.is_primary,
  ],
  members: (row) => [row.organization_id, row.via],
  member_roles: (row) => [row.organization_id, row.role_id],
  invitations: (row) => [row.id, row.consumed_at !== null],
  password_credentials: (row) => [row.email, row.hash],
};

/** The person's part of what changed: rows that came and went with the same meaning cancel out. */
function personOf(before: Snapshot, after: Snapshot): Footprint {
  const footprint: Record<string, string[]> = {};
  for (const [table, { added, removed }] of Object.entries(diffSnapshots(before, after))) {
    const meaning = PERSON[table];
    if (meaning === undefined) continue;
    const texts = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(meaning(row as Row)));
    const came = texts(added);
    const went: string[] = [];
    for (const text of texts(removed)) {
      const index = came.indexOf(text);
      if (index === -1) went.push(`-${text}`);
      else came.splice(index, 1);
    }
    const lines = [...went, ...came.map((text) => `+${text}`)].sort();
    if (lines.length > 0) footprint[table] = lines;
  }
  return footprint;
}

const linesOf = (before: Snapshot, after: Snapshot) =>
  (diffSnapshots(before, after).logs?.added ?? []).map((row) => (row as { type: string }).type).sort();
const addedTo = (table: string, before: Snapshot, after: Snapshot) => diffSnapshots(before, after)[table]?.added ?? [];
function rowOf(picture: Snapshot, userId: unknown, table = 'users'): Row | undefined {
  return (picture[table] ?? []).map((row) => JSON.parse(row) as Row).find((row) => row.user_id === userId);
}
const EVERYBODY_IN = ['sessions', 'authorization_codes', 'login_receipts'] as const;

interface Rehearsed {
  readonly outcome: LoginOutcome;
  readonly person: Footprint;
  readonly lines: readonly string[];
  readonly user: (Row & { readonly user_metadata: JsonObject; readonly app_metadata: JsonObject }) | undefined;
}

function mergeAll(base: JsonObject | undefined, asked: readonly Effect[], kind: Effect['kind']): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const one of asked) {
    if (one.kind !== kind || !('value' in one)) continue;
    if (one.value === null) delete merged[one.name];
    else merged[one.name] = one.value;
  }
  return merged;
}

class History {
  private counter = 0;
  private readonly tickets = new Map<Person, string>();
  private readonly sessions = new Map<string, Extract<Credential, { kind: 'session' }>>();
  readonly seen: string[] = [];

  private query(text: string, values: unknown[] = []) {
    return database.pool.query(text, values);
  }

  private next(prefix: string): string {
    this.counter += 1;
    return `${prefix}${this.counter}`;
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case 'login':
        return this.login(step);
      case 'set':
        await this.query('update tenant set membership_evaluation = $1, actions_bound = $2, actions_revision = $3', [
          step.order,
          step.bound,
          this.next('r'),
        ]);
        await this.query(
          `update organization_connections set assign_membership_on_login = $1, revision = $2 where connection_id = 'con_sso'`,
          [step.auto, this.next('e')],
        );
        return;
      case 'know': {
        const userId = `auth0|${step.who}`;
        await this.query(
          `insert into users (user_id, email, email_vouched_by, user_metadata, created_at, updated_at) values ($1, $2, case when $3 then 'mail' end, '{"a":0}', now(), now()) on conflict do nothing`,
          [userId, addressOf(step.who), step.verified],
        );
        await this.query(
          `insert into password_credentials values ($1, 'con_db', $2, 'old:right', now()) on conflict do nothing`,
          [userId, addressOf(step.who)],
        ).catch(() => undefined);
        if (step.member) await this.join(step.who);
        return;
      }
      case 'invite': {
        const ticket = this.next('ticket-');
        this.tickets.set(step.who, ticket);
        await this.query(
          `insert into invitations (organization_id, id, ticket_hash, ticket_sealed, client_id, connection_id, inviter_name, invitee_email, roles,
             app_metadata, created_at, expires_at) values ('org_acme', $1, $2, '', 'app', $3, 'A', $4, '{rol_1}', '{"invited":true}', now(), $5)`,
          [ticket, hashSecret(ticket), step.over === 'sso' ? 'con_sso' : null, addressOf(step.who), LATER],
        );
        return;
      }
    }
  }

  private async join(person: Person): Promise<void> {
    await this.query(
      `insert into members (organization_id, user_id, via, created_at) select 'org_acme', user_id, 'management', now() from users
        where email = $1 order by user_id limit 1 on conflict do nothing`,
      [addressOf(person)],
    );
  }

  private async change(what: Meanwhile, person: Person): Promise<void> {
    const email = addressOf(person);
    switch (what) {
      case 'remove':
        await this.query('delete from members where user_id in (select user_id from users where email = $1)', [email]);
        return;
      case 'block':
        await this.query('update users set blocked = true where email = $1', [email]);
        return;
      case 'withdraw':
        await this.query('delete from invitations where consumed_at is null');
        return;
      case 'disable':
        await this.query('update organization_connections set is_enabled = false, revision = $1', [this.next('e')]);
        return;
      case 'redeploy':
        await this.query('update tenant set actions_revision = $1', [this.next('r')]);
        return;
      case 'unbind':
        await this.query(`update tenant set actions_bound = '{}', actions_revision = $1`, [this.next('r')]);
        return;
      case 'other order':
        await this.query(
          `update tenant set membership_evaluation = case membership_evaluation when 'after_actions' then 'before_actions' else 'after_actions' end`,
        );
        return;
      case 'join':
        return this.join(person);
      case 'nothing':
    }
  }

  /** After a history of disabled connections and blocked people: the next login starts on ground that holds. */
  private async mend(): Promise<void> {
    await this.query('update organization_connections set is_enabled = true where not is_enabled');
    await this.query('update users set blocked = false where blocked');
  }

  /** Where there is no password to type, and no invitation to sign up with, the person comes through the company. */
  private async wayOf({ who: person, how }: Login): Promise<Login['how']> {
    const { rowCount } = await this.query('select 1 from password_credentials where email = $1', [addressOf(person)]);
    if (how === 'password') return rowCount === 0 ? 'sso' : how;
    if (how === 'sign_up') return rowCount === 0 && this.tickets.has(person) ? how : 'sso';
    return how === 'session' && this.sessions.size === 0 ? 'sso' : how;
  }

  private async credentialOf({ who: person, how }: Login): Promise<Credential | undefined> {
    const email = addressOf(person);
    switch (how) {
      case 'password':
        return { kind: 'password', email, password: 'right' };
      case 'sign_up':
        return { kind: 'sign_up', email, password: 'right', name: person, addressProved: this.tickets.has(person) };
      case 'session':
        return [...this.sessions.values()].at(-1);
      case 'sso': {
        const { rows } = await this.query(
          `select c.revision || '.' || e.revision as print from connections c join organization_connections e on e.connection_id = c.id
            where c.id = 'con_sso'`,
        );
        const claims = { sub: `idp-${person}`, email, email_verified: true };
        return {
          kind: 'identity',
          identity: {
            connectionId: 'con_sso',
            issuer: 'https://idp',
            subject: `idp-${person}`,
            email,
            emailVerified: true,
            profile: { name: person },
            claims,
          },
          fingerprint: (rows[0] as { print: string }).print,
          ownProof: undefined,
        };
      }
    }
  }

  private attempt(login: Login, credential: Credential): Attempt {
    const ticket = login.byTicket || login.how === 'sign_up' ? this.tickets.get(login.who) : undefined;
    return {
      at: AT,
      ip: '192.0.2.1',
      userAgent: 'Test',
      transactionId: newSecret(systemEntropy),
      request: {
        clientId: 'app',
        redirectUri: 'https://app.example/callback',
        responseMode: 'query',
        scope: 'openid',
        organization: 'org_acme',
        ...(ticket !== undefined && { invitation: ticket }),
      },
      organizationId: undefined,
      credential,
      replaces: undefined,
    };
  }

  /** The same login with post-login code that agrees and asks for nothing, in the one commit of the usual order. */
  private rehearse(login: Login, attempt: Attempt, before: Snapshot): Promise<Rehearsed> {
    agreeing.answer = ({ program: { trigger } }) =>
      trigger === 'organization-admission'
        ? login.admission
        : trigger === 'pre-user-registration'
          ? login.registration
          : {};
    return rehearse(database.pool, async (pool) => {
      await pool.query(`update tenant set membership_evaluation = 'after_actions'`);
      const outcome = await runLogin(attempt, depsOn(pool, agreeing));
      const after = await snapshotTables(pool);
      const userId = outcome.kind === 'admitted' ? outcome.grant.userId : undefined;
      return {
        outcome,
        person: personOf(before, after),
        lines: linesOf(before, after),
        user: rowOf(after, userId) as Rehearsed['user'],
      };
    });
  }

  private async login(wanted: Login): Promise<void> {
    await this.mend();
    const login = { ...wanted, how: await this.wayOf(wanted) };
    const credential = await this.credentialOf(login);
    if (credential === undefined) return;
    let attempt = this.attempt(login, credential);
    let first = await snapshotTables(database.pool);
    let rehearsed = await this.rehearse(login, attempt, first);
    if (rehearsed.outcome.kind === 'ask' && credential.kind === 'identity') {
      const { email, userId } = rehearsed.outcome.question;
      attempt = { ...attempt, credential: { ...credential, ownProof: { by: 'code', email, userId } } };
      rehearsed = await this.rehearse(login, attempt, first);
    }
    first = await snapshotTables(database.pool);
    const { rows } = await this.query('select membership_evaluation as "order" from tenant');
    await new Walk(this, login, (rows[0] as { order: Order }).order, first, rehearsed).walk(attempt);
  }

  /** For {@link Walk}. */
  readonly world = {
    change: (what: Meanwhile, person: Person) => this.change(what, person),
    saw: (what: string) => this.seen.push(what),
    otherSession: (userId: string) => [...this.sessions].find(([owner]) => owner !== userId)?.[1],
    keep: (userId: string, session: Extract<Credential, { kind: 'session' }>) => this.sessions.set(userId, session),
  };
}

/** One login from its attempt to its end, with all its ways to /continue and back. */
class Walk {
  /** Effects that post-login asked for so far. */
  private readonly asked: Effect[] = [];
  private asks = 0;
  private moved = false;
  private otherOrder = false;
  /** The tables when post-login was asked last, after whatever changed meanwhile. */
  private atAsk: Snapshot | undefined;
  private left: Snapshot;

  constructor(
    private readonly history: History,
    private readonly login: Login,
    private readonly order: Order,
    private readonly first: Snapshot,
    private readonly rehearsed: Rehearsed,
  ) {
    this.left = first;
  }

  /** Auth0's order writes the person first; where it has nothing to write, or nobody asks, both orders are one. */
  private get early(): boolean {
    const { outcome } = this.rehearsed;
    if (this.order === 'after_actions' || outcome.kind !== 'admitted') return false;
    const { account, admission } = outcome.admitted;
    return (
      account.kind === 'new' ||
      account.bind !== undefined ||
      admission.createMembership !== undefined ||
      admission.roles.length > 0
    );
  }

  private async answer(run: TriggerRun): Promise<ScriptedAnswer> {
    const { trigger } = run.program;
    if (trigger === 'organization-admission') return this.login.admission;
    if (trigger === 'pre-user-registration') return this.login.registration;
    const now = await snapshotTables(database.pool);
    if (this.atAsk === undefined) this.checkFirstAsk(now);
    else if (!this.moved) expect(withoutCounters(diffSnapshots(this.left, now)), 'written on the way back').toEqual({});
    const answer = this.login.postLogin[this.asks++] ?? { end: done, effects: [], meanwhile: 'nothing' };
    this.asked.push(...answer.effects);
    this.otherOrder ||= answer.meanwhile === 'other order';
    if (answer.meanwhile !== 'nothing') {
      await this.history.world.change(answer.meanwhile, this.login.who);
      this.moved = true;
    }
    this.atAsk = await snapshotTables(database.pool);
    return answer;
  }

  /** When the code is asked, nothing is written, or in Auth0's order the person and nothing that lets him in. */
  private checkFirstAsk(now: Snapshot): void {
    const written = withoutCounters(diffSnapshots(this.first, now));
    if (!this.early) {
      expect(written, 'written before the code was asked').toEqual({});
      return;
    }
    // A binding revokes the codes that were there before.
    for (const table of EVERYBODY_IN)
      expect(
        addedTo(table, this.first, now).filter((row) => !(row as Row).used_at),
        table,
      ).toEqual([]);
    const { password_credentials: passwords, ...person } = this.rehearsed.person;
    // A better hash of a password waits for the end; a password of a new account does not.
    const rehash = this.login.how === 'password';
    expect(personOf(this.first, now), 'the person').toEqual({
      ...person,
      ...(passwords && !rehash && { password_credentials: passwords }),
    });
    expect(linesOf(this.first, now)).toEqual(this.rehearsed.lines.filter((type) => type !== 's'));
    const agreed = this.rehearsed.user;
    // The id of an account with a password is a new one.
    const user = rowOf(now, agreed?.user_id) ?? (addedTo('users', this.first, now)[0] as Row);
    expect(user.user_metadata, 'nothing of what post-login asks for').toEqual(agreed?.user_metadata);
    expect(user.app_metadata, 'nothing of what post-login asks for').toEqual(agreed?.app_metadata);
    const before = rowOf(this.first, user.user_id);
    expect(user.logins_count, 'no login is counted').toBe(before?.logins_count ?? 0);
    for (const row of addedTo('members', this.first, now))
      expect(row).toMatchObject({ first_used_at: null, first_login_at: null, last_login_at: null });
  }

  async walk(attempt: Attempt): Promise<void> {
    const deps = depsOn(database.pool, actions);
    actions.answer = (run) => this.answer(run);
    let current = attempt;
    for (;;) {
      const outcome = await runLogin(current, deps);
      const after = await snapshotTables(database.pool);
      this.history.world.saw(`${this.order}: ${outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind}`);
      if (outcome.kind === 'admitted') return this.checkAdmitted(outcome, after, current);
      this.checkNotIn(outcome, after);
      this.left = after;
      // Back in the other order he is written first then, whatever the code says: that order has it so.
      if (outcome.kind !== 'redirect' || this.login.comesBack === 'never' || this.otherOrder) return;
      const back = await this.comeBack(current, outcome);
      if (back === undefined) return;
      current = back;
    }
  }

  /** Since the code was asked there is nothing but the one line; and before, what {@link checkFirstAsk} has seen. */
  private checkNotIn(outcome: LoginOutcome, after: Snapshot): void {
    const changed = withoutCounters(diffSnapshots(this.atAsk ?? this.left, after));
    const { logs, ...others } = changed;
    expect(others, `left by ${this.history.seen.at(-1)}`).toEqual({});
    expect(logs?.removed ?? []).toEqual([]);
    expect(logs?.added ?? [], 'lines of the log').toHaveLength(outcome.kind === 'refused' ? 1 : 0);
  }

  private async comeBack(
    attempt: Attempt,
    outcome: Extract<LoginOutcome, { kind: 'redirect' }>,
  ): Promise<Attempt | undefined> {
    // As through the browser's cookie.
    const { kept, request } = JSON.parse(JSON.stringify(outcome)) as typeof outcome;
    const came = { method: 'GET', query: { state: 's' }, body: {} };
    const { comesBack } = this.login;
    const userId = kept.agreement?.userId ?? '';
    let credential: Credential | undefined =
      kept.proof === undefined || kept.proof.kind === 'session' ? attempt.credential : kept.proof;
    if (comesBack === 'as somebody else') {
      credential = this.history.world.otherSession(userId);
      if (credential === undefined) return undefined;
    }
    if (comesBack === 'to other code') await this.history.world.change('redeploy', this.login.who);
    if (comesBack === 'no member any more') await this.history.world.change('remove', this.login.who);
    this.moved ||= comesBack !== 'himself';
    this.left = await snapshotTables(database.pool);
    this.atAsk = this.left;
    return { ...attempt, request, credential, kept, came };
  }

  private checkAdmitted(
    outcome: Extract<LoginOutcome, { kind: 'admitted' }>,
    after: Snapshot,
    { credential, came }: Attempt,
  ): void {
    const { grant } = outcome;
    const { comesBack } = this.login;
    if (this.asks > 1) {
      expect(['himself', 'no member any more'], 'let in by code that agreed to something else').toContain(comesBack);
    }
    const codes = addedTo('authorization_codes', this.first, after).filter((row) => (row as Row).used_at === null);
    expect(codes).toHaveLength(1);
    expect(addedTo('login_receipts', this.first, after)).toHaveLength(1);
    const user = rowOf(after, grant.userId);
    const member = rowOf(after, grant.userId, 'members');
    expect(user, 'not blocked').toMatchObject({ blocked: false });
    expect(member?.organization_id, 'a member').toBe('org_acme');
    // Part 7 of the linking rule: a credential that was shown in this very login uses the membership, and nothing else does.
    const shown =
      credential?.kind === 'password' ||
      credential?.kind === 'sign_up' ||
      (credential?.kind === 'identity' && credential.ownProof !== undefined);
    const wasUsed = Boolean(rowOf(this.first, grant.userId, 'members')?.first_used_at);
    expect(Boolean(member?.first_used_at), 'the seat is used').toBe(wasUsed || (shown && came === undefined));
    expect(member?.first_login_at, 'they have come in').toBeTruthy();
    expect(member?.last_login_at, 'as the account says').toEqual(user?.last_login_at);
    const claims = (token: string) =>
      mergeAll(
        undefined,
        this.asked.filter((one) => one.kind === 'claim' && one.token === token),
        'claim',
      );
    const code = codes[0] as { actions: null | { idClaims: JsonObject; accessClaims: JsonObject } };
    expect([code.actions?.idClaims ?? {}, code.actions?.accessClaims ?? {}], 'claims').toEqual([
      claims('id'),
      claims('access'),
    ]);
    const fresh = addedTo('sessions', this.first, after) as { metadata: JsonObject }[];
    if (this.login.how !== 'session') expect(fresh).toHaveLength(1);
    const authenticated = { authenticated_at: AT.toISOString().replace('.000Z', '+00:00') };
    for (const row of [...fresh, ...codes]) expect(row, 'proved in this login').toMatchObject(authenticated);
    for (const { metadata } of fresh) {
      const asked = mergeAll(undefined, this.asked, 'session_metadata');
      if (this.login.how === 'session') expect(metadata, 'metadata of the session').toMatchObject(asked);
      else expect(metadata, 'metadata of the session').toEqual(asked);
    }
    if (!this.moved) this.checkWhole(grant.userId, user, after);
    const { session } = grant.plan;
    this.history.world.keep(grant.userId, {
      kind: 'session',
      sessionHash: session.sessionHash,
      session: {
        userId: grant.userId,
        sessionId: session.sessionId,
        connectionId: grant.plan.connectionId,
        authenticatedAt: AT,
      },
    });
  }

  /**
   * The rehearsed lines. A sign-in by session that is like the last one is counted instead of having a line (`src/login/plan-fold.ts`), and one that
   * was sent elsewhere is not like its rehearsal: it has either, once.
   */
  private checkLines(after: Snapshot): void {
    const mayDiffer = this.login.how === 'session' && this.asks > 1;
    const compared = (lines: readonly string[]) => lines.filter((type) => !(mayDiffer && type === 's'));
    expect(compared(linesOf(this.first, after))).toEqual(compared(this.rehearsed.lines));
    if (!mayDiffer) return;
    const own = (addedTo('logs', this.first, after) as { type: string; details: object }[]).filter(
      ({ type, details }) => type === 's' && !('repeats' in details),
    );
    const counted = countRepeats(after) > countRepeats(this.first) ? 1 : 0;
    expect(own.length + counted, 'a line of its own, or counted').toBe(1);
  }

  /** On ground that did not move: the rehearsed login and what the code asked for, each once. */
  private checkWhole(userId: string, user: Row | undefined, after: Snapshot): void {
    const { password_credentials: passwords, ...person } = this.rehearsed.person;
    // A better hash needs the password, which does not travel with the person when he is sent elsewhere.
    const rehashed = this.login.how !== 'password' || this.asks <= 1;
    expect(personOf(this.first, after), 'the whole login').toEqual({
      ...person,
      ...(passwords && rehashed && { password_credentials: passwords }),
    });
    this.checkLines(after);
    const { user: agreed } = this.rehearsed;
    expect(user?.user_metadata).toEqual(mergeAll(agreed?.user_metadata, this.asked, 'user_metadata'));
    expect(user?.app_metadata).toEqual(mergeAll(agreed?.app_metadata, this.asked, 'app_metadata'));
    const before = rowOf(this.first, userId);
    expect(user?.logins_count, 'counted once').toBe(Number(before?.logins_count ?? 0) + 1);
  }
}

/** Sign-ins of all sessions that have no line of their own. */
const countRepeats = (picture: Snapshot): number =>
  (picture.sessions ?? [])
    .map((row) => (JSON.parse(row) as { repeats: { count: number } | null }).repeats?.count ?? 0)
    .reduce((sum, count) => sum + count, 0);

function withoutCounters(changed: ReturnType<typeof diffSnapshots>): ReturnType<typeof diffSnapshots> {
  return Object.fromEntries(Object.entries(changed).filter(([table]) => !(table in LEFT_BY_SECRETS)));
}

const seen = new Map<string, number>();

/** Histories that chance meets too rarely, always played: each end, a sign-up there and back, the last word on a name. */
const asks = (how: Login['how'], ...said: readonly Omit<Answer, 'meanwhile'>[]): Login => ({
  do: 'login',
  who: 'joe',
  how,
  byTicket: true,
  admission: { end: done, effects: [] },
  registration: { end: done, effects: [{ kind: 'user_metadata', name: 'b', value: 'x' }] },
  postLogin: said.map((one) => ({ ...one, meanwhile: 'nothing' })),
  comesBack: 'himself',
});
const again = (...said: readonly Omit<Answer, 'meanwhile'>[]): Login => ({
  ...asks('session', ...said),
  byTicket: false,
});
const word = (value: Json): readonly Effect[] => [
  { kind: 'claim', token: 'id', name: 'y', value },
  { kind: 'app_metadata', name: 'a', value },
  { kind: 'session_metadata', name: 'device', value },
];
const away: TriggerEnd = { kind: 'redirect', url: 'https://terms.example/', index: 0 };
const ALWAYS_PLAYED = (['after_actions', 'before_actions'] as const).flatMap((one): Step[][] => {
  const bound: readonly TriggerId[] = ['post-login', 'pre-user-registration'];
  const invited: Step[] = [
    { do: 'set', order: one, bound, auto: false },
    { do: 'invite', who: 'joe', over: 'any' },
  ];
  const ends: readonly TriggerEnd[] = [
    { kind: 'denied', reason: 'not on the list', code: undefined, userMessage: undefined },
    ...FAILURES.map((failure) => ({ kind: 'failed', failure, message: failure, detail: failure }) as const),
  ];
  return [
    [{ do: 'set', order: one, bound, auto: false }, asks('sso')],
    ...ends.flatMap((end) => [
      [...invited, asks('sso', { end, effects: word(1) })],
      [...invited, asks('sso', { end: away, effects: word(1) }, { end, effects: word(1) })],
    ]),
    [...invited, asks('sign_up', { end: done, effects: [] })],
    [...invited, asks('sign_up', { end: away, effects: word(1) }, { end: done, effects: word('x') })],
    [...invited, asks('sso', { end: done, effects: [...word(1), ...word('x')] })],
    [...invited, asks('sso', { end: done, effects: [...word('x'), ...word(null).slice(1)] })],
    // The rehearsal of the last one is like the sign-in before and only counted; the way there and back has a line.
    [...invited, asks('sso'), again(), again(), again({ end: away, effects: [] })],
  ];
});

test(
  `random logins with Actions in both orders, seed ${SEED}: nothing or everything, as each order has it`,
  async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        await reset();
        const run = new History();
        for (const step of history) await run.run(step);
        for (const one of run.seen) seen.set(one, (seen.get(one) ?? 0) + 1);
      }),
      {
        numRuns: ALWAYS_PLAYED.length + RUNS,
        seed: SEED,
        endOnFailure: false,
        examples: ALWAYS_PLAYED.map((one): [Step[]] => [one]),
      },
    );
    console.log(`logins with Actions, seed ${SEED}: ${JSON.stringify(Object.fromEntries([...seen].sort()))}`);
  },
  Math.max(240_000, RUNS * 1_000),
);

test('they reach every kind of end in both orders', () => {
  for (const order of ['after_actions', 'before_actions'])
    for (const one of [
      'admitted',
      'redirect',
      'act.denied',
      'act.failed',
      'act.busy',
      'act.not_available',
      'admit.not_a_member',
    ])
      expect(seen.get(`${order}: ${one}`) ?? 0, `${one} in ${JSON.stringify([...seen])}`).toBeGreaterThan(0);
});
