/**
 * The progress of story 15: its steps, and the pages that Initech's administrator saw. Draws nothing, decides nothing.
 */
import type { LedgerRow } from '../ledger.js';
import { Steps, type StepWords } from '../stage/steps.js';

const STEPS = {
  ticket: {
    title: 'The operator makes a link',
    says: 'One call of the Management API. The link opens the set-up of Initech’s sign-in, and nothing else.',
  },
  connect: {
    title: 'Ann chooses the provider and types its values',
    says: 'First with a typing error: the page asks the provider at once, and says what to change.',
  },
  try: {
    title: 'A sign-in that writes nothing',
    says: 'Zoe, who is no member, signs in at Initech, then Ann. The page says to each whether they may sign in; nobody is signed in.',
  },
  pilot: {
    title: 'On for a pilot group',
    says: 'Ann alone. Her address leads to Initech; Bob’s to the page for his password, as before.',
  },
  all: { title: 'On for everybody', says: 'Bob comes in by Initech, and Zoe tries to.' },
  off: { title: 'And back', says: 'Switched off with one press. People sign in as they did before.' },
} as const satisfies Record<string, StepWords>;

type StepName = keyof typeof STEPS;

/** A page that the administrator saw. */
export interface SeenPage {
  /** The action that led to the page; the text follows “Ann”. */
  readonly did: string;
  readonly says: string;
}

export class SetUpState extends Steps<StepName> {
  readonly pages: SeenPage[] = [];
  /** The rows that differ at the end. */
  ledger: readonly LedgerRow[] | undefined;

  constructor() {
    super(STEPS);
  }
}
