/**
 * Plays story 15: Initech's administrator connects their own identity provider with nothing but a link. The pages of
 * the set-up and of the sign-ins are the real ones. Decides nothing about any login.
 */
import type { Server } from '../../src/compose/server.js';
import { signInAt } from '../actions/walker.js';
import type { Addresses } from '../addresses.js';
import { compare, forgetAttempts, snapshot } from '../ledger.js';
import type { Operator, Tenant } from '../operator.js';
import type { Person } from '../people.js';
import { Administrator, ledTo } from './administrator.js';
import { ANN, BOB, foundInitech, type Initech, makeTicket, type Provider, startProvider, ZOE } from './company.js';
import { isRefused, isSame, judgeOff, judgeTicket, judgeTried, judgeTyped } from './judge.js';
import type { SetUpState } from './state.js';

export interface SetUpDeps {
  readonly server: Pick<Server, 'pool'>;
  readonly operator: Operator;
  readonly tenant: Tenant;
  readonly addresses: Addresses;
}

/** Data that the steps of one play pass on. */
interface Stage {
  readonly deps: SetUpDeps;
  readonly state: SetUpState;
  readonly initech: Initech;
  readonly provider: Provider;
  readonly admin: Administrator;
}

/** Returns the rows that were added, removed or changed while `work` ran. */
async function during<T>({ server: { pool } }: SetUpDeps, work: () => Promise<T>) {
  const before = await snapshot(pool);
  const found = await work();
  return { found, ledger: compare(before, await snapshot(pool)) };
}

async function isLedThere({ deps, initech, provider }: Stage, person: Person): Promise<boolean> {
  return (await ledTo(deps.addresses, initech.organizationId, person)) === provider.issuer;
}

function visit({ deps, initech, provider }: Stage, person: Person) {
  return signInAt(deps.addresses, { organizationId: initech.organizationId, idp: provider.issuer }, person);
}

async function connect(stage: Stage, link: string) {
  const { admin, provider, deps } = stage;
  const { issuer, clientId: client_id, clientSecret: client_secret } = provider;
  const { found, ledger } = await during(deps, async () => {
    await admin.open(link);
    await admin.send('chooses OpenID Connect', 'provider', { provider: 'oidc' });
    const wrong = await admin.send('types a wrong address', 'connection', {
      discovery_url: `${issuer}/typo`,
      client_id,
      client_secret,
    });
    await admin.send('types the right one', 'connection', { discovery_url: issuer, client_id, client_secret });
    return wrong.status === 400 && wrong.text.includes('no description of an OpenID Connect provider');
  });
  return judgeTyped(ledger, found, await isLedThere(stage, BOB));
}

async function trySignIn({ admin, deps }: Stage) {
  const { found, ledger } = await during(deps, async () => {
    const zoe = await admin.tryAs(ZOE);
    return { zoe: zoe.text, ann: (await admin.tryAs(ANN)).text };
  });
  return judgeTried(ledger, found.ann, found.zoe);
}

async function pilot(stage: Stage) {
  const { admin, initech } = stage;
  await admin.send('switches on for herself', 'switch', { to: 'pilot', pilot: ANN.email });
  const [ann, bob] = [await isLedThere(stage, ANN), await isLedThere(stage, BOB)];
  return [
    { says: 'Ann’s address leads to Initech, Bob’s to the page for his password.', ok: ann && !bob },
    isSame('Ann', await visit(stage, ANN), initech.userIds.ann),
  ];
}

async function everybody(stage: Stage) {
  const { admin, initech, deps } = stage;
  await admin.send('switches on for all', 'switch', { to: 'all', pilot: '' });
  const bob = isSame('Bob', await visit(stage, BOB), initech.userIds.bob);
  const { found, ledger } = await during(deps, () => visit(stage, ZOE));
  return [bob, isRefused(ledger, found)];
}

async function playWith(deps: SetUpDeps, state: SetUpState, provider: Provider): Promise<void> {
  const { pool } = deps.server;
  const initech = await foundInitech(deps.operator, deps.tenant);
  const stage = { deps, state, initech, provider, admin: new Administrator(deps.addresses, state) };
  const before = await snapshot(pool);
  const link = await state.step<string>('ticket', async (keep) => {
    const { found, ledger } = await during(deps, () => makeTicket(deps.operator, deps.tenant, initech));
    keep(found);
    return judgeTicket(ledger);
  });
  await state.step('connect', () => connect(stage, link));
  await state.step('try', () => trySignIn(stage));
  await state.step('pilot', () => pilot(stage));
  await state.step('all', () => everybody(stage));
  await state.step('off', async () => {
    await stage.admin.send('switches off', 'switch', { to: 'off', pilot: '' });
    const led = await isLedThere(stage, BOB);
    state.ledger = compare(before, await snapshot(pool));
    return judgeOff(state.ledger, led);
  });
}

/** Plays the story from beginning to end; `state` has its progress. Passes on errors of the server. */
export async function playSetUp(deps: SetUpDeps, state: SetUpState): Promise<void> {
  await forgetAttempts(deps.server.pool);
  const { provider, idp } = await startProvider(deps.addresses);
  try {
    await playWith(deps, state, provider);
  } finally {
    await idp.stop();
  }
}
