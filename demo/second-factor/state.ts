/** The progress of story 36: its steps, and the pages that its people saw. Draws nothing, decides nothing. */
import { Steps, type StepWords } from '../stage/steps.js';

const STEPS = {
  require: {
    title: 'The operator requires a second factor',
    says: 'One click: the settings of Acme. Nora, a member with a password, is in no other way affected yet.',
  },
  enrol: {
    title: 'Nora sets up the app in the same sign-in',
    says: 'After the password Nora scans a picture with the phone, types its code and writes down the recovery code.',
  },
  again: {
    title: 'Nora signs in on a second computer',
    says: 'The password, then a new code of the app. Each code works once.',
  },
  stranger: {
    title: 'A stranger knows the password',
    says: 'Five guesses at the code, and the sign-in is over. A new factor cannot be set up where one exists.',
  },
  recover: {
    title: 'The phone is lost',
    says: 'The recovery code from the paper lets Nora in once. A new one takes its place.',
  },
  account: {
    title: 'Nora cleans up on the account page',
    says: 'Ends all other sessions. The last factor stays as long as Acme requires one.',
  },
} as const satisfies Record<string, StepWords>;

export type StepName = keyof typeof STEPS;

/** A page that somebody saw. */
export interface SeenPage {
  readonly name: string;
  readonly did: string;
  readonly says: string;
}

export class SecondFactorState extends Steps<StepName> {
  readonly pages: SeenPage[] = [];

  constructor() {
    super(STEPS);
  }
}
