/**
 * Asks Patroni's REST API about the members of the cluster, and for a switch-over. Decides nothing: Patroni does. Calls
 * loopback addresses only.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Member {
  readonly name: string;
  readonly port: number;
  readonly apiPort: number;
}

interface MemberState {
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

/** Roles by name: `leader`, `sync_standby`, `replica`. Only members that run or stream. */
export type Roles = Readonly<Record<string, string>>;

const ASK_MS = 1_500;

async function ask({ apiPort }: Member): Promise<readonly MemberState[]> {
  const signal = AbortSignal.timeout(ASK_MS);
  const answer = await fetch(`http://127.0.0.1:${apiPort}/cluster`, { signal });
  return ((await answer.json()) as { members: MemberState[] }).members;
}

/** True where this member itself says that it is the primary and holds the lock. */
async function isPrimary({ apiPort }: Member): Promise<boolean> {
  const signal = AbortSignal.timeout(ASK_MS);
  const answer = await fetch(`http://127.0.0.1:${apiPort}/primary`, { signal }).catch(() => undefined);
  return answer?.status === 200;
}

/** Returns the member that is the primary now, by its own word; undefined if there is none. */
export async function findPrimary(members: readonly Member[]): Promise<Member | undefined> {
  const answers = await Promise.all(members.map(isPrimary));
  return members[answers.indexOf(true)];
}

/** Returns the roles as the first member that answers knows them; empty if none answers. */
export async function readRoles(members: readonly Member[]): Promise<Roles> {
  const answers = await Promise.allSettled(members.map(ask));
  const states = answers.find((answer) => answer.status === 'fulfilled')?.value ?? [];
  const running = states.filter(({ state }) => state === 'running' || state === 'streaming');
  return Object.fromEntries(running.map(({ name, role }) => [name, role]));
}

/** Returns the member with a role. Throws if no member has it. */
export async function getByRole(members: readonly Member[], role: string): Promise<Member> {
  const roles = await readRoles(members);
  const found = members.find(({ name }) => roles[name] === role);
  if (!found) throw new Error(`no member is ${role}: ${JSON.stringify(roles)}`);
  return found;
}

/** True if the cluster is whole: a primary, a synchronous standby, another standby that streams. */
async function isWhole(members: readonly Member[]): Promise<boolean> {
  const roles = Object.values(await readRoles(members)).sort();
  return roles.join() === 'leader,replica,sync_standby';
}

/** Waits until the cluster is whole. Returns false if it is not after `seconds`. */
export async function waitUntilWhole(members: readonly Member[], seconds: number): Promise<boolean> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    if (await isWhole(members)) return true;
    await sleep(250);
  }
  return false;
}

/** Waits until another member than `former` is the primary. Returns false if there is none after `seconds`. */
export async function waitForOther(members: readonly Member[], former: Member, seconds: number): Promise<boolean> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const primary = await findPrimary(members.filter(({ name }) => name !== former.name));
    if (primary) return true;
    await sleep(200);
  }
  return false;
}

/** Makes the synchronous standby the primary, politely. Throws with Patroni's words if it refuses. */
export async function switchOver(members: readonly Member[], password: string): Promise<void> {
  const leader = await getByRole(members, 'leader');
  const candidate = await getByRole(members, 'sync_standby');
  const answer = await fetch(`http://127.0.0.1:${leader.apiPort}/switchover`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`patroni:${password}`).toString('base64')}` },
    body: JSON.stringify({ leader: leader.name, candidate: candidate.name }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`switch-over: ${answer.status} ${await answer.text()}`);
}
