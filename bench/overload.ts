/**
 * Sends more logins than the server can do, and measures what people notice: first what it can do, then logins that
 * begin at a steady rate above it, whatever becomes of those before (an open loop). Each person has an address of
 * their own, and takes up to two seconds for the form of the identity provider. Then, below the capacity, one
 * identity provider that does not answer and one organization's Action that hangs, beside everybody else. Judges
 * nothing: docs/reliability.md has the figures.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { closedLoop, Jar, login, makeHttp } from './load-driver.mjs';
import { ssoScenario } from './logins.js';
import { listPostgres, note, type Target } from './measure.js';
import { firstLine, startProgram, stopProgram } from './processes.js';
import { MACHINE, providerOptions } from './setup.js';

const REST_MS = 2_000;
/** After this many seconds the server knows that it is no burst. */
const SETTLED_S = 5;

interface Outcome {
  readonly kind: 'done' | 'refused' | 'failed';
  /** Milliseconds without the person's own time. */
  readonly ms: number;
  /** Seconds after the begin of the run. */
  readonly atS: number;
  readonly why?: string;
}

type Answer = { readonly status: number; readonly path: string; readonly retryAfter?: string } | undefined;

const addressOf = (index: number) => `10.${(index >> 12) & 255}.${(index >> 4) & 255}.${((index & 15) << 4) | 1}`;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const percentile = (values: readonly number[], share: number) =>
  Math.round([...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0);

interface Kind {
  readonly prefix: string;
  readonly users?: number;
  readonly connection?: string;
}

/** Creates whole logins, of the organizations in turn, that measure the time of the servers alone. */
function createLogins(target: Target, organizations: readonly string[], options: Kind) {
  const rests = new Map<number, number>();
  const scenarios = organizations.map((organization) => ({
    ...ssoScenario(target, 'overload', organization, options),
    backendHeaders: { 'x-forwarded-for': '198.51.100.7' },
    headers: ({ i }: { i: number }) => ({ 'x-forwarded-for': addressOf(i) }),
    rest: ({ i }: { i: number }) => pause(rests.get(i) ?? 0),
  }));
  return async (index: number, restMs: number, beganAt: number): Promise<Outcome> => {
    const start = performance.now();
    rests.set(index, restMs);
    // A person keeps their organization.
    const scenario = scenarios[(index % (options.users ?? index + 1)) % scenarios.length] ?? {};
    const { ok, error } = await login(scenario, index);
    rests.delete(index);
    const atS = (start - beganAt) / 1_000;
    const { answer, message } = (error ?? {}) as { answer?: Answer; message?: string };
    const isRefused = answer?.status === 503 && answer.path === '/authorize' && answer.retryAfter !== undefined;
    const ms = performance.now() - start - (isRefused ? 0 : restMs);
    if (ok) return { kind: 'done', ms, atS };
    return isRefused ? { kind: 'refused', ms, atS } : { kind: 'failed', ms, atS, why: String(message).slice(0, 120) };
  };
}

type Login = ReturnType<typeof createLogins>;

/** Begins `rate` logins a second for `seconds`, and waits for all of them. */
async function openLoop(run: Login, rate: number, seconds: number, first: number): Promise<readonly Outcome[]> {
  const beganAt = performance.now();
  const own = monitorEventLoopDelay();
  own.enable();
  const all: Promise<Outcome>[] = [];
  for (let tick = 0; tick < seconds * 100; tick++) {
    const due = Math.floor(((tick + 1) * rate) / 100);
    while (all.length < due) all.push(run(first + all.length, Math.random() * REST_MS, beganAt));
    await pause(beganAt + (tick + 1) * 10 - performance.now());
  }
  const outcomes = await Promise.all(all);
  own.disable();
  note(`the senders' own delay: p99 ${Math.round(own.percentile(99) / 1e6)} ms`);
  return outcomes;
}

interface Probe {
  readonly ms: readonly number[];
  readonly failed: number;
}

/** Asks the server again and again until `work` is done: its health, and a list as the console does. */
async function whileAsking<T>(target: Target, work: () => Promise<T>) {
  const { origin } = target;
  const http = makeHttp(new Jar(), undefined, true, undefined, { 'x-forwarded-for': '192.0.2.1' });
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: MACHINE.id,
    client_secret: MACHINE.secret,
    audience: `${origin}/api/v2/`,
  });
  const { access_token } = (await http(`${origin}/oauth/token`, { method: 'POST', body })).json() as {
    access_token: string;
  };
  let isOver = false;
  const probe = async (path: string, everyMs: number, headers = {}): Promise<Probe> => {
    const ms: number[] = [];
    let failed = 0;
    while (!isOver) {
      const start = performance.now();
      const status = await http(`${origin}${path}`, { headers }).then(
        (answer) => answer.status,
        () => 0,
      );
      ms.push(performance.now() - start);
      if (status !== 200) failed += 1;
      await pause(everyMs);
    }
    return { ms, failed };
  };
  const probes = Promise.all([
    probe('/health/ready', 250),
    probe('/api/v2/organizations?per_page=10', 500, { authorization: `Bearer ${access_token}` }),
  ]);
  const result = await work().finally(() => {
    isOver = true;
  });
  const [health, console] = await probes;
  return { result, health, console };
}

function toRow(name: string, outcomes: readonly Outcome[], seconds: number, health?: Probe, console?: Probe): string {
  const of = (kind: Outcome['kind']) => outcomes.filter((one) => one.kind === kind);
  const [done, refused, failed] = [of('done'), of('refused'), of('failed')];
  const settled = done.filter(({ atS }) => atS >= SETTLED_S);
  const times = (some: readonly Outcome[], share: number) =>
    percentile(
      some.map(({ ms }) => ms),
      share,
    );
  for (const why of new Set(failed.map((one) => one.why))) note(`${name}: failed: ${why}`);
  const probe = (one?: Probe) =>
    one === undefined ? '' : `${percentile(one.ms, 0.99)}${one.failed > 0 ? ` (${one.failed} failed)` : ''}`;
  return `| ${[
    name,
    Math.round(outcomes.length / seconds),
    Math.round(done.length / seconds),
    `${times(settled, 0.5)} / ${times(settled, 0.99)}`,
    times(done, 0.99),
    refused.length,
    refused.length === 0 ? '' : times(refused, 0.99),
    failed.length,
    probe(health),
    probe(console),
  ].join(' | ')} |`;
}

const TITLES =
  '| case | begun a s | done a s | p50 / p99 ms | p99 ms with the first 5 s | refused with 503 | p99 ms of these | failed later | health p99 ms | console API p99 ms |\n|---|---|---|---|---|---|---|---|---|---|';

/** Starts an identity provider that answers browsers, but not the server's requests for tokens. */
async function startDeadProvider(call: Call) {
  const idp: ChildProcess = startProgram(process.execPath, ['bench/fast-idp.mjs'], { IDP_SILENT: '1' });
  const issuer = await firstLine(idp);
  const connection = await call('/connections', {
    name: 'dead',
    strategy: 'oidc',
    options: providerOptions(issuer),
  });
  const organization = await call('/organizations', {
    name: 'of-the-dead',
    enabled_connections: [{ connection_id: connection.id, assign_membership_on_login: true }],
  });
  return { idp, organization: organization.id };
}

type Call = (path: string, body?: object) => Promise<{ readonly id: string }>;

/** Calls the Management API: `POST` with a body, `GET` without. */
async function createCall({ origin }: Target): Promise<Call> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: MACHINE.id,
    client_secret: MACHINE.secret,
    audience: `${origin}/api/v2/`,
  });
  const response = await fetch(`${origin}/oauth/token`, { method: 'POST', body });
  const { access_token } = (await response.json()) as { access_token: string };
  return async (path, body) => {
    const answer = await fetch(`${origin}/api/v2${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const found = (await answer.json()) as { id: string } | readonly { id: string }[];
    return 'id' in found ? found : (found[0] ?? { id: '' });
  };
}

/** Organizations of the same connection: one alone would wait for its own share of the database. */
async function createOrganizations(target: Target, call: Call, count: number): Promise<readonly string[]> {
  const connection = await call(`/connections?name=${target.tenant.connection}`);
  const enabled = [{ connection_id: connection.id, assign_membership_on_login: true }];
  const made: string[] = [];
  for (let n = 1; n <= count; n++)
    made.push((await call('/organizations', { name: `load-${n}`, enabled_connections: enabled })).id);
  return made;
}

/** Everybody else at 60 % of the capacity, while some people of one organization cannot get on. */
async function measureBesideTrouble(
  target: Target,
  call: Call,
  everybody: Login,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<string[]> {
  const rows: string[] = [];
  let first = 1_000_000;
  const beside = async (name: string, trouble?: Login) => {
    first += 100_000;
    const others = trouble && openLoop(trouble, 10, seconds, first + 50_000);
    const outcomes = await openLoop(everybody, rate, seconds, first);
    rows.push(toRow(name, outcomes, seconds));
    const stuck = (await others) ?? [];
    if (trouble)
      note(`${name}: ${stuck.filter(({ kind }) => kind === 'done').length} of ${stuck.length} in trouble got in`);
  };
  await beside('60 %, nobody in trouble');
  const dead = await startDeadProvider(call);
  await beside(
    '60 %, one identity provider is dead',
    createLogins(target, [dead.organization], { prefix: 'dead', connection: 'dead' }),
  );
  await stopProgram(dead.idp);
  const { hangingOrganization: hanging } = target.tenant;
  await target.tenant.bindAction(
    `exports.onExecutePostLogin = async (event, api) => {
      if (event.organization.id === ${JSON.stringify(hanging)}) await new Promise((resolve) => setTimeout(resolve, 1e8));
    };`,
  );
  await beside('60 %, an Action is bound');
  await beside('60 %, it hangs for one organization', createLogins(target, [hanging], { prefix: 'stuck' }));
  await target.tenant.bindAction(undefined);
  return rows;
}

/**
 * Gives the server and the database one processor, and this program the others. Otherwise the senders would be slower
 * than the server, and their own delay would count as its.
 */
function separate({ serverPid }: Target): void {
  const pin = (pid: number, processors: string) => spawnSync('taskset', ['-acp', processors, String(pid)]).status === 0;
  const isDone = [serverPid, ...listPostgres()].every((pid) => pin(pid, '0')) && pin(process.pid, '1-1023');
  note(
    isDone
      ? 'server and database: processor 0; senders: the others'
      : 'taskset is missing: the senders disturb the server',
  );
}

/** Measures the capacity, then the load above it. Prints a table. */
export async function measureOverload(target: Target, quick: boolean): Promise<void> {
  separate(target);
  const seconds = quick ? 12 : 60;
  const call = await createCall(target);
  // The provider gives people with this prefix addresses in a domain that nobody has proved.
  const run = createLogins(target, await createOrganizations(target, call, 8), { prefix: 'stuckl', users: 4_000 });
  const closed = (n: number, first: number) =>
    closedLoop(async (index) => ({ ok: (await run(index, 0, performance.now())).kind === 'done' }), {
      n,
      c: 16,
      first,
    });
  await closed(quick ? 500 : 5_000, 1);
  const capacity = await closed(quick ? 1_000 : 3_000, 1);
  note(`capacity: ${capacity.rate} logins a second, p50 ${capacity.p50} ms, p99 ${capacity.p99} ms`);
  const rows: string[] = [];
  let first = 100_000;
  for (const factor of [0.6, 1.5, 3]) {
    const work = () => openLoop(run, capacity.rate * factor, seconds, first);
    const { result, health, console } = await whileAsking(target, work);
    rows.push(toRow(`${factor} times the capacity`, result, seconds, health, console));
    note(rows.at(-1) ?? '');
    first += 100_000;
    await pause(6_000);
  }
  rows.push(...(await measureBesideTrouble(target, call, run, { rate: capacity.rate * 0.6, seconds: quick ? 8 : 30 })));
  console.log([TITLES, ...rows].join('\n'));
}
