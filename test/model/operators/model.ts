/**
 * The operators of a tenant as a pure model: who they are, what each may do at this moment, and what the public can reach. Written from ADR 0062
 * alone. Several acts of one step happen at once; {@link outcomesOf} says all that may come of them.
 */
import type { OperatorRole } from '../../../src/domain/operator-role.js';

export type Place = 'operators' | 'acme';

interface Person {
  readonly member: boolean;
  readonly blocked: boolean;
  readonly roles: readonly OperatorRole[];
}

export interface State {
  /** Accounts where operators have theirs, by address. */
  readonly operators: Readonly<Record<string, Person>>;
  /** Accounts of a customer's people, by address. */
  readonly acme: Readonly<Record<string, Person>>;
  /** Invitations that wait, by place and address. */
  readonly invited: Readonly<Record<Place, Readonly<Record<string, OperatorRole>>>>;
}

/** An operator's write or question, by their address. */
export type Deed = { readonly by: string } & (
  | { readonly do: 'read' }
  | { readonly do: 'readLinks' }
  | { readonly do: 'invite'; readonly place: Place; readonly email: string; readonly role: OperatorRole }
  | { readonly do: 'withdraw'; readonly place: Place; readonly email: string }
  | { readonly do: 'block' | 'unblock'; readonly place: Place; readonly email: string }
  | { readonly do: 'addMember' | 'removeMember'; readonly place: Place; readonly email: string }
  | { readonly do: 'giveRole' | 'takeRole'; readonly email: string; readonly role: OperatorRole }
);

/** Somebody at a browser. */
export type Visit =
  | { readonly do: 'enter'; readonly place: Place; readonly email: string }
  | { readonly do: 'accept'; readonly place: Place; readonly email: string };

export type Act = Deed | Visit;

export const isDeed = (act: Act): act is Deed => 'by' in act;

/** Status of an answer, or whether a browser got in. */
export type Answer = number | 'in' | 'out';

export interface Outcome {
  readonly answers: readonly Answer[];
  readonly state: State;
}

const NOBODY: Person = { member: false, blocked: false, roles: [] };

/** `owner` does everything, `support` invites and blocks where no operator is concerned, `viewer` reads. */
export function holds({ operators }: State, email: string, least: OperatorRole): boolean {
  const { member, blocked, roles } = operators[email] ?? NOBODY;
  const enough: readonly OperatorRole[] =
    least === 'owner' ? ['owner'] : least === 'support' ? ['owner', 'support'] : ['owner', 'support', 'viewer'];
  return member && !blocked && roles.some((role) => enough.includes(role));
}

function needed(deed: Deed): OperatorRole {
  switch (deed.do) {
    case 'read':
      return 'viewer';
    case 'readLinks':
      return 'support';
    case 'invite':
    case 'withdraw':
    case 'block':
    case 'unblock':
      return deed.place === 'acme' ? 'support' : 'owner';
    default:
      return 'owner';
  }
}

const ownersOf = ({ operators }: State) =>
  Object.values(operators).filter(({ member, roles }) => member && roles.includes('owner'));

/** An owner is left, and one who can sign in, if there was one. */
function keepsOwner(before: State, after: State): boolean {
  const [had, has] = [ownersOf(before), ownersOf(after)];
  const able = (list: readonly Person[]) => list.some(({ blocked }) => !blocked);
  return (had.length === 0 || has.length > 0) && (!able(had) || able(has));
}

function change(state: State, place: Place, email: string, changes: Partial<Person>): State {
  const { [email]: person = NOBODY, ...others } = state[place];
  return { ...state, [place]: { ...others, [email]: { ...person, ...changes } } };
}

function invitation(state: State, place: Place, email: string, role: OperatorRole | undefined): State {
  const { [email]: _gone, ...others } = state.invited[place];
  return {
    ...state,
    invited: { ...state.invited, [place]: role === undefined ? others : { ...others, [email]: role } },
  };
}

type Done = { readonly answer: Answer; readonly state: State };

/** Writes for somebody who may write it. */
function write(state: State, deed: Deed): Done {
  const done = (answer: number, after: State): Done =>
    keepsOwner(state, after) ? { answer, state: after } : { answer: 409, state };
  switch (deed.do) {
    case 'read':
    case 'readLinks':
      return { answer: 200, state };
    case 'invite':
      return { answer: 201, state: invitation(state, deed.place, deed.email, deed.role) };
    case 'withdraw':
      return state.invited[deed.place][deed.email] === undefined
        ? { answer: 404, state }
        : { answer: 204, state: invitation(state, deed.place, deed.email, undefined) };
    case 'block':
    case 'unblock':
      return done(200, change(state, deed.place, deed.email, { blocked: deed.do === 'block' }));
    case 'addMember':
      return { answer: 204, state: change(state, deed.place, deed.email, { member: true }) };
    case 'removeMember':
      return done(204, change(state, deed.place, deed.email, { member: false, roles: [] }));
    case 'giveRole':
    case 'takeRole': {
      const { member, roles } = state.operators[deed.email] ?? NOBODY;
      if (!member) return { answer: 404, state };
      const others = roles.filter((role) => role !== deed.role);
      const after = deed.do === 'giveRole' ? [...others, deed.role].sort() : others;
      return done(204, change(state, 'operators', deed.email, { roles: after }));
    }
  }
}

function visit(state: State, act: Visit): Done {
  const { place, email } = act;
  const person = state[place][email] ?? NOBODY;
  if (act.do === 'enter') return { answer: person.member && !person.blocked ? 'in' : 'out', state };
  const role = state.invited[place][email];
  if (role === undefined) return { answer: 'out', state };
  const joined = change(state, place, email, { member: true, roles: place === 'operators' ? [role] : [] });
  return { answer: 'in', state: invitation(joined, place, email, undefined) };
}

/** Answer and state of one act, alone. */
export function apply(state: State, act: Act): Done {
  if (!isDeed(act)) return visit(state, act);
  return holds(state, act.by, needed(act)) ? write(state, act) : { answer: 403, state };
}

const TAKINGS: readonly Act['do'][] = ['block', 'removeMember', 'takeRole'];

/** Another act of the step may take something from the operator: a request that was under way is refused then, whichever right it needed. */
function mayBeCut(act: Act, acts: readonly Act[]): boolean {
  return (
    isDeed(act) &&
    acts.some(
      (other) =>
        other !== act && isDeed(other) && TAKINGS.includes(other.do) && 'email' in other && other.email === act.by,
    )
  );
}

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((first, at) =>
    orders([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [first, ...rest]),
  );
}

/** Everything that acts which happen at once may come to: as if they had been done one after the other, in some order. */
export function outcomesOf(before: State, acts: readonly Act[]): readonly Outcome[] {
  return orders(acts.map((_, at) => at)).flatMap((order) => {
    let ends: readonly { readonly answers: readonly Answer[]; readonly state: State }[] = [
      { answers: [], state: before },
    ];
    for (const at of order) {
      const act = acts[at] as Act;
      ends = ends.flatMap(({ answers, state }) => {
        const put = ({ answer, state: after }: Done) => {
          const all = [...answers];
          all[at] = answer;
          return { answers: all, state: after };
        };
        const done = put(apply(state, act));
        return mayBeCut(act, acts) ? [done, put({ answer: 403, state })] : [done];
      });
    }
    return ends;
  });
}

/** The same state however it came about: entries in order, and none of somebody about whom nothing is to be said. */
export function canonical(state: State): string {
  const people = (place: Place) =>
    Object.entries(state[place])
      .map(([email, { member, blocked, roles }]) => `${email} ${member} ${blocked} ${[...roles].sort()}`)
      .filter((line) => !line.endsWith(' false false '))
      .sort();
  const invited = (place: Place) => Object.keys(state.invited[place]).sort();
  return JSON.stringify([people('operators'), people('acme'), invited('operators'), invited('acme')]);
}
