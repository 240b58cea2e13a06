/** The progress of story 13: its steps, and the people with their marks. Draws nothing, decides nothing. */
import type { Mark } from '../../src/tenant-tools/rollout/journal.js';
import type { Plan } from '../../src/tenant-tools/rollout/plan-file.js';
import type { Arrival } from '../actions/walker.js';
import type { Employee } from '../company/employees.js';
import type { LedgerRow } from '../ledger.js';
import { Steps, type StepWords } from '../stage/steps.js';

const STEPS = {
  hire: {
    title: 'Fifty people with passwords',
    says: 'Globex’ people sign in with passwords. Auto-membership is on, so strangers of the company become members.',
  },
  plan: {
    title: 'Plan',
    says: 'Reads everybody and the company’s directory, and says for each person what would be done, and why.',
  },
  apply: {
    title: 'Apply, and the tool dies',
    says: 'Stopped where it hurts most: the server has prepared five people, and the journal does not know it yet.',
  },
  resume: {
    title: 'Run it again',
    says: 'The journal says what may have been done, the server says what was. Then the settings that shut doors.',
  },
  verify: {
    title: 'Verify',
    says: 'Asks the server for everybody, and for strangers, how a sign-in at the company would end.',
  },
  visit: {
    title: 'Three sign in, and a stranger',
    says: 'Real sign-ins: they type their address, are led to the company, and come back.',
  },
  rollback: {
    title: 'Roll back',
    says: 'The customer changes its mind. Identities and settings go back, also those of the three.',
  },
} as const satisfies Record<string, StepWords>;

/** A sign-in, with its end as the application showed it. */
export interface Visit extends Arrival {
  readonly person: Employee;
}

type StepName = keyof typeof STEPS;

export class RolloutState extends Steps<StepName> {
  /** The journal's latest mark for each person and setting. */
  readonly marks = new Map<string, Mark>();
  /** The sign-ins, by address. */
  readonly visits = new Map<string, Visit>();
  plan: Plan | undefined;
  /** The rows that differ at the end. */
  ledger: readonly LedgerRow[] | undefined;

  constructor() {
    super(STEPS);
  }
}
