/**
 * Random histories at the guard, with a model of who has a membership by somebody's will (an invitation that was used, an administrator): such
 * a membership goes away by the administrator alone, and nobody without one is ever let in. For the test, which `npm run soak:guard` runs for longer.
 */

import { applySweep } from '../../src/tenant-tools/guard/sweep-apply.js';
import { formatSweep, writeSweep } from '../../src/tenant-tools/guard/sweep-file.js';
import { openJournal } from '../../src/tenant-tools/guard/sweep-journal.js';
import { planSweep } from '../../src/tenant-tools/guard/sweep-plan.js';
import { connectTenant, type RemoteTenant } from '../../src/tenant-tools/remote/tenant.js';
import { bindActions } from '../support/actions.js';
import type { Invitation } from '../support/cast.js';
import type { GuardRig } from '../support/guard-rig.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';

const STEPS = [
  'login',
  'logins',
  'invite',
  'invite-with-role',
  'accept',
  'accept-and-login',
  'remove',
  'add',
  'add-with-role',
  'give-role',
  'sweep',
] as const;
type Step = (typeof STEPS)[number];

interface Person {
  readonly name: string;
  readonly email: string;
  readonly userId: string;
  /** Signed in once: on Auth0 the user exists from then on, refused or not. */
  exists: boolean;
  /** Has a membership by somebody's will. */
  seated: boolean;
  /** Surely let in: has a role, or was let in by an invitation. */
  marked: boolean;
  invitation: Invitation | undefined;
}

/** A small generator whose seed repeats a history (mulberry32). */
export function createDice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** Makes the installed Action impatient, so that a silent log costs a moment. All else of it stays as it was installed. */
export async function makeImpatient(rig: GuardRig): Promise<void> {
  const { api } = rig.stage.instance;
  const { actions } = await api<{ actions: { id: string; code: string }[] }>('GET', '/actions/actions');
  const [action] = actions;
  if (action === undefined || !action.code.includes('PATIENCE_MS = 11_000'))
    throw new Error('the guard is not installed');
  const code = action.code
    .replace('PATIENCE_MS = 11_000', 'PATIENCE_MS = 300')
    .replace('PAUSE_MS = 700', 'PAUSE_MS = 100');
  await api('PATCH', `/actions/actions/${action.id}`, { code });
  await api('POST', `/actions/actions/${action.id}/deploy`);
  await bindActions(rig.stage.instance, 'post-login', [action.id]);
}

export async function connect(rig: GuardRig): Promise<RemoteTenant> {
  const { origin } = rig.stage.instance;
  return connectTenant(
    { origin, clientId: MANAGEMENT_CLIENT.id, clientSecret: MANAGEMENT_CLIENT.secret },
    { tries: 3 },
  );
}

export class HistoryPlayer {
  readonly played: string[] = [];
  private readonly people: Person[];
  private sweeps = 0;

  constructor(
    private readonly rig: GuardRig,
    private readonly tenant: RemoteTenant,
    private readonly seed: number,
  ) {
    this.people = ['a', 'b', 'c'].map((letter) => {
      const name = `h${seed}${letter}`;
      const person = { exists: false, seated: false, marked: false, invitation: undefined };
      return { ...person, name, email: `${name}@acme.example`, userId: rig.employ(name) };
    });
  }

  private api(method: string, path: string, body?: unknown, expected?: number): Promise<unknown> {
    return this.rig.stage.instance.api(method, `/organizations/${this.rig.stage.cast.acme.id}${path}`, body, expected);
  }

  private fail(person: Person, what: string): never {
    throw new Error(`seed ${this.seed}: ${person.name} ${what}\n${this.played.join('\n')}`);
  }

  /** A login without an invitation's link. */
  private async login(person: Person): Promise<void> {
    const wasInvited = person.invitation !== undefined;
    const { seated, marked } = person;
    const answer = await this.rig.enter(person.name);
    person.exists = true;
    const isIn = answer.code !== undefined;
    if (isIn && !seated && !wasInvited) this.fail(person, 'is a stranger and was let in');
    if (!isIn && (marked || wasInvited)) this.fail(person, `may enter and was refused: ${answer.error_description}`);
    if (isIn && wasInvited) this.seat(person);
  }

  private seat(person: Person): void {
    Object.assign(person, { seated: true, marked: true, invitation: undefined });
  }

  private async accept(person: Person): Promise<void> {
    const { invitation } = person;
    if (invitation === undefined) return;
    const visitor = this.rig.stage.visitor();
    const visit = await visitor.signInAtIdp(await visitor.accept(invitation), person.name);
    person.exists = true;
    if (visit.url.searchParams.get('code') === null) this.fail(person, `could not accept: ${visit.url.href}`);
    this.seat(person);
  }

  /** Both at once: the one by the link may find the invitation used by the other one, which is in for sure. */
  private async acceptAndLogin(person: Person): Promise<void> {
    const { invitation } = person;
    if (invitation === undefined) return;
    const visitor = this.rig.stage.visitor();
    const accepting = visitor
      .accept(invitation)
      .then((page) => (page.status === 0 ? page : visitor.signInAtIdp(page, person.name)));
    const [accepted, entered] = await Promise.all([accepting, this.rig.enter(person.name)]);
    const said = accepted.url.searchParams;
    this.played.push(
      `    accept: ${said.get('error_description') ?? 'in'}; login: ${entered.error_description ?? 'in'}`,
    );
    person.exists = true;
    if (entered.code === undefined) this.fail(person, `may enter and was refused: ${entered.error_description}`);
    if (!said.has('code') && said.get('error') !== 'invalid_request') this.fail(person, 'could not accept');
    this.seat(person);
  }

  /** Three at once, of an invited person too: whichever uses the invitation, the others find them in. */
  private async logins(person: Person): Promise<void> {
    const { invitation } = person;
    if (invitation === undefined) {
      await Promise.all([this.login(person), this.login(person), this.login(person)]);
      return;
    }
    const answers = await Promise.all([1, 2, 3].map(() => this.rig.enter(person.name)));
    person.exists = true;
    for (const answer of answers) {
      if (answer.code === undefined) this.fail(person, `may enter and was refused: ${answer.error_description}`);
    }
    this.seat(person);
  }

  private async sweep(): Promise<void> {
    const { acme } = this.rig.stage.cast;
    const organization = { id: acme.id, name: acme.name };
    const now = () => new Date();
    const made = await planSweep(this.tenant, organization, {
      now: now(),
      minAgeMs: 0,
      includeUnexplained: false,
      progress: () => undefined,
    });
    const { text, plan } = formatSweep(made.head, made.people);
    this.sweeps += 1;
    const file = `${this.rig.folder}/history-${this.seed}-${this.sweeps}.jsonl`;
    await writeSweep(file, text);
    const journal = await openJournal(file, plan.digest);
    await applySweep({ tenant: this.tenant, plan, journal, now, deleteUsers: false, progress: () => undefined });
    await journal.close();
  }

  private async administer(person: Person, step: Step): Promise<void> {
    const seat = `/members/${encodeURIComponent(person.userId)}/roles`;
    const { roleId } = this.rig.stage.cast;
    if (step === 'remove') {
      if (!person.exists) return;
      await this.api('DELETE', '/members', { members: [person.userId] });
      Object.assign(person, { seated: false, marked: false });
      return;
    }
    if (step === 'give-role') {
      if (!person.seated) return;
      await this.api('POST', seat, { roles: [roleId] });
      person.marked = true;
      return;
    }
    if (!person.exists || person.invitation !== undefined) return;
    await this.api('POST', '/members', { members: [person.userId] });
    person.seated = true;
    if (step === 'add-with-role') {
      await this.api('POST', seat, { roles: [roleId] });
      person.marked = true;
    }
  }

  private async invite(person: Person, roles: string[]): Promise<void> {
    if (person.seated || person.invitation !== undefined) return;
    // A stranger whose membership was left cannot be invited before a sweep, as on Auth0.
    if (await this.rig.isMember(person.userId)) return;
    person.invitation = await this.rig.stage.cast.invite(person.email, { roles });
  }

  private async play(person: Person, step: Step): Promise<void> {
    if (step === 'login') return this.login(person);
    if (step === 'logins') return this.logins(person);
    if (step === 'invite') return this.invite(person, []);
    if (step === 'invite-with-role') return this.invite(person, [this.rig.stage.cast.roleId]);
    if (step === 'accept') return this.accept(person);
    if (step === 'accept-and-login') return this.acceptAndLogin(person);
    if (step === 'sweep') return this.sweep();
    return this.administer(person, step);
  }

  /** Plays a history of this length. Throws with the steps when somebody lost a membership, or got in without one. */
  async run(length: number): Promise<void> {
    const dice = createDice(this.seed);
    for (let count = 0; count < length; count += 1) {
      const person = this.people[dice(this.people.length)];
      const step = STEPS[dice(STEPS.length)];
      if (person === undefined || step === undefined) throw new Error('the dice have more sides than the tables');
      this.played.push(`  ${step} ${person.name}`);
      await this.play(person, step);
      // The guide says it of Auth0: a removal takes some seconds, and an administrator who adds somebody within them may lose it to that.
      await this.rig.untilRemoved();
      const members = await this.listMembers();
      for (const one of this.people) {
        if (one.seated && !members.has(one.userId)) this.fail(one, 'lost a seat that nobody took away');
      }
    }
    await this.clear();
  }

  /** From the table: asked after every step, the API would take longer than the steps. */
  private async listMembers(): Promise<ReadonlySet<string>> {
    const { pool } = this.rig.stage.instance.database;
    const { rows } = await pool.query<{ user_id: string }>('select user_id from members where organization_id = $1', [
      this.rig.stage.cast.acme.id,
    ]);
    return new Set(rows.map((row) => row.user_id));
  }

  /** Leaves nothing: a sweep that finds too many invitations, or too many writes in the log, removes nobody, and would check nothing. */
  private async clear(): Promise<void> {
    const { pool } = this.rig.stage.instance.database;
    const ids = this.people.map(({ userId }) => userId);
    await pool.query('delete from users where user_id = any($1)', [ids]);
    for (const table of ['invitations', 'logs', 'outbox', 'attempt_counters']) await pool.query(`delete from ${table}`);
  }
}
