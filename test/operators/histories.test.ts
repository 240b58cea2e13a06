/**
 * Random histories of operators: two of them and the public act at once, over the Management API with their own tokens and with browsers. After every
 * step the answers and tables are those that one act after the other gives, in some order; every token opens exactly what its owner may do now; an
 * owner is left who can sign in; each write is in the log with the operator's name.
 */

import { expect, test } from 'vitest';
import { OPERATORS, step } from '../model/operators/acts.js';
import { type Act, type Answer, canonical, holds, isDeed, outcomesOf, type State } from '../model/operators/model.js';
import { Tenant } from '../model/operators/real.js';
import { createOperatorRig } from '../support/operators.js';
import fc from '../support/random.js';
import { useStage } from '../support/stage.js';

/** `OPERATOR_RUNS=200` plays longer. */
const RUNS = Number(process.env.OPERATOR_RUNS ?? 4);
const SEED = process.env.OPERATOR_SEED === undefined ? {} : { seed: Number(process.env.OPERATOR_SEED) };
const stage = useStage({ clientFields: { organization_usage: 'require' } });

const member = (...roles: ('owner' | 'support' | 'viewer')[]) => ({ member: true, blocked: false, roles });
const BEGINNING: State = {
  operators: Object.fromEntries(
    OPERATORS.map((email, n) => [
      email,
      [member('owner'), member('support'), member('viewer'), member()][n] ?? member(),
    ]),
  ),
  acme: { 'dana@plain.example': member(), 'cora@plain.example': member() },
  invited: { operators: {}, acme: {} },
};

/** Whether the act means anything now: a guest is invited once, and each person who is named has an account. */
function fits(act: Act, state: State, earlier: readonly Act[]): boolean {
  if (act.do === 'read' || act.do === 'readLinks') return true;
  const place = 'place' in act ? act.place : 'operators';
  const [known, invited] = [state[place][act.email] !== undefined, state.invited[place][act.email] !== undefined];
  if (act.do === 'invite')
    return !known && !invited && !earlier.some((other) => 'email' in other && other.email === act.email);
  return act.do === 'withdraw' || act.do === 'accept' ? invited : known;
}

/** How many writes each operator is to have in the log. */
function writersOf(acts: readonly Act[], answers: readonly Answer[]): readonly string[] {
  return acts.flatMap((act, at) => {
    const answer = answers[at];
    const isWrite = isDeed(act) && !act.do.startsWith('read');
    return isWrite && typeof answer === 'number' && answer < 300 ? [act.by] : [];
  });
}

test('operators and the public at once come to what one after the other gives', { timeout: 3_600_000 }, async () => {
  const tenant = new Tenant(stage.instance, stage.cast, await createOperatorRig(stage.instance));
  await tenant.create();
  const seen: Record<string, number> = {};
  let [steps, together] = [0, 0];

  async function playStep(state: State, acts: readonly Act[], text: string): Promise<State> {
    const answers = await tenant.perform(acts);
    const after = canonical(await tenant.observe());
    const possible = outcomesOf(state, acts);
    const matches = ({ answers: told, state: left }: (typeof possible)[number]) =>
      JSON.stringify(told) === JSON.stringify(answers) && canonical(left) === after;
    const outcome = possible.find(matches);
    const others = possible.map((one) => `${JSON.stringify(one.answers)} ${canonical(one.state)}`).join('\n');
    expect(outcome, `${text}\nserver ${JSON.stringify(answers)} ${after}\nmodel\n${others}`).toBeDefined();
    const next = outcome?.state ?? state;
    const written = await tenant.takeWritten();
    const wanted = writersOf(acts, answers).map((email) => ({ subject: tenant.idOf(email), email }));
    expect(written, text).toHaveLength(wanted.length);
    expect(written, text).toEqual(expect.arrayContaining(wanted));
    for (const email of OPERATORS)
      expect(await tenant.probe(email), `${text}\n${email}`).toEqual(
        (['viewer', 'support', 'owner'] as const).map((role) => holds(next, email, role)),
      );
    expect(
      Object.values(next.operators).some((one) => one.member && !one.blocked && one.roles.includes('owner')),
      text,
    ).toBe(true);
    acts.forEach((act, at) => {
      const label = `${act.do} ${answers[at]}`;
      seen[label] = (seen[label] ?? 0) + 1;
    });
    return next;
  }

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 30 }), async (history) => {
      let state = BEGINNING;
      await tenant.begin(state);
      const told: string[] = [];
      for (const drawn of history) {
        const acts = drawn.filter((act, at) => fits(act, state, drawn.slice(0, at)));
        if (acts.length === 0) continue;
        told.push(JSON.stringify(acts));
        state = await playStep(state, acts, told.slice(-6).join('\n'));
        steps += 1;
        if (acts.length > 1) together += 1;
      }
    }),
    { numRuns: RUNS, endOnFailure: true, ...SEED },
  );
  console.log(
    `operators: ${steps} steps in ${RUNS} histories, ${together} of them of several acts; ${JSON.stringify(seen)}`,
  );
  // Histories in which nothing is refused, or nobody acts beside another one, would find nothing.
  expect(together).toBeGreaterThan(steps / 4);
  for (const label of ['invite 201', 'giveRole 204', 'addMember 403', 'enter in'])
    expect(seen[label] ?? 0, label).toBeGreaterThan(0);
});
