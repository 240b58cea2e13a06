/**
 * Plays story 36: Acme requires a second factor, Nora sets one up, loses it and comes back, and a stranger with Nora's
 * password gets nowhere. The pages are the real ones. Decides nothing about any login.
 */
import type { Server } from '../../src/compose/server.js';
import type { Addresses } from '../addresses.js';
import { compare, forgetAttempts, type LedgerRow, type Snapshot, snapshot } from '../ledger.js';
import type { Operator, Tenant } from '../operator.js';
import {
  judgeAccount,
  judgeEnrolled,
  judgePassed,
  judgeRecovered,
  judgeRequired,
  judgeStranger,
  type Left,
} from './judge.js';
import type { PhoneAndPaper } from './phone-and-paper.js';
import { isRequired, readLog, requireFactor, requireNone, restoreNora } from './requirement.js';
import type { SecondFactorState, SeenPage } from './state.js';
import { isInside, offersSetUp, Visitor } from './visitors.js';

export interface SecondFactorDeps {
  readonly server: Pick<Server, 'pool'>;
  readonly operator: Operator;
  readonly tenant: Tenant;
  readonly addresses: Addresses;
  readonly phone: PhoneAndPaper;
}

/** Where one step began. */
interface Mark {
  readonly before: Snapshot;
  readonly since: string | undefined;
}

async function mark({ server, operator }: SecondFactorDeps): Promise<Mark> {
  return { since: await operator.newestLogId(), before: await snapshot(server.pool) };
}

const differ = async ({ server }: SecondFactorDeps, { before }: Mark): Promise<readonly LedgerRow[]> =>
  compare(before, await snapshot(server.pool));

async function leftSince(deps: SecondFactorDeps, from: Mark, inside: boolean): Promise<Left> {
  return { ledger: await differ(deps, from), lines: await readLog(deps.operator, from.since), inside };
}

const visitorOf = ({ addresses, tenant, phone }: SecondFactorDeps, name: string, pages: SeenPage[]): Visitor =>
  new Visitor(name, { addresses, organizationId: tenant.acmeId }, phone, pages);

async function enrol(deps: SecondFactorDeps, nora: Visitor) {
  const from = await mark(deps);
  const page = await nora.typePassword();
  const asked = await differ(deps, from);
  const end = await nora.writeDown(await nora.typeCode(page, 'scans the picture and types the code'));
  return judgeEnrolled(asked, await leftSince(deps, from, isInside(end)));
}

async function signInAgain(deps: SecondFactorDeps, nora: Visitor) {
  const from = await mark(deps);
  const end = await nora.typeCode(await nora.typePassword());
  return judgePassed(await leftSince(deps, from, isInside(end)));
}

/** A stranger signs in with Nora's password, and guesses. Returns the checks; `pages` gets what the stranger saw. */
export async function tryAsStranger(deps: SecondFactorDeps, pages: SeenPage[]) {
  const from = await mark(deps);
  const stranger = visitorOf(deps, 'The stranger', pages);
  const page = await stranger.typePassword();
  const end = await stranger.guess(page);
  return judgeStranger(await leftSince(deps, from, isInside(end)), offersSetUp(page) || offersSetUp(end));
}

async function recover(deps: SecondFactorDeps, nora: Visitor) {
  const { phone } = deps;
  phone.losePhone();
  const from = await mark(deps);
  const used = phone.recoveryCode() ?? '';
  const end = await nora.writeDown(await nora.useRecoveryCode(await nora.typePassword(), used));
  const left = await leftSince(deps, from, isInside(end));
  return judgeRecovered(left, { used, next: phone.recoveryCode() ?? '' });
}

async function cleanUp(deps: SecondFactorDeps, nora: Visitor, others: readonly Visitor[]) {
  const from = await mark(deps);
  const page = await nora.openAccount();
  const lost = /name="action" value="(remove:totp[^"]*)"/.exec(page.text)?.[1];
  if (lost === undefined) throw new Error('the account page lets Nora remove no app');
  const alone = await nora.press(page, 'end-others', 'ends all other sessions');
  await nora.press(alone, lost, 'removes the app');
  const left = await leftSince(deps, from, await nora.isSignedIn());
  return judgeAccount(left, await Promise.all(others.map((other) => other.isSignedIn())));
}

/** Makes a new Nora, with a new phone and an empty paper. */
export async function beginAnew({ operator, tenant, server, phone }: SecondFactorDeps): Promise<void> {
  phone.forget();
  await requireNone(operator, tenant);
  await restoreNora(operator, tenant);
  await forgetAttempts(server.pool);
}

/** Plays the story from beginning to end; `state` has its progress. Passes on errors of the server. */
export async function playSecondFactor(deps: SecondFactorDeps, state: SecondFactorState): Promise<void> {
  const { operator, tenant } = deps;
  await beginAnew(deps);
  const visitor = () => visitorOf(deps, 'Nora', state.pages);
  const [first, second, third] = [visitor(), visitor(), visitor()];
  try {
    await state.step('require', async () => {
      const from = await mark(deps);
      await requireFactor(operator, tenant);
      return judgeRequired(await differ(deps, from), await isRequired(operator, tenant));
    });
    await state.step('enrol', () => enrol(deps, first));
    await state.step('again', () => signInAgain(deps, second));
    await state.step('stranger', () => tryAsStranger(deps, state.pages));
    await state.step('recover', () => recover(deps, third));
    await state.step('account', () => cleanUp(deps, third, [first, second]));
  } finally {
    // The people of the other stories have no factor.
    await requireNone(operator, tenant);
  }
}
