/** The progress of story 38: its steps, and the requests of the page with their answers. Draws nothing, decides nothing. */
import type { LedgerRow } from '../ledger.js';
import { Steps, type StepWords } from '../stage/steps.js';

const STEPS = {
  open: {
    title: 'Ada opens Organization settings',
    says: 'She has the role admin at Acme, and nothing at the operator’s. Dana, an editor, tries the same.',
  },
  domain: {
    title: 'She proves the domain',
    says: 'Verified too early, then with the TXT record published. No operator says yes.',
  },
  connect: {
    title: 'She connects Acme’s identity provider',
    says: 'First with a typing error. Then it is connected, and nobody is sent there.',
  },
  try: {
    title: 'She uses it for the domain, and tries it',
    says: 'One sign-in through it, as herself. It has no button yet, so nobody else is led there.',
  },
  lead: {
    title: 'She leads everybody there, and her colleagues come',
    says: 'Dana, who had a password, comes in by Acme. Sam, whom nobody invited, tries the same.',
  },
  team: {
    title: 'She invites Ivy',
    says: 'With the role editor, which the operator lets customers give. Ivy accepts.',
  },
  directory: {
    title: 'She makes a token for the directory',
    says: 'Acme’s directory may now create and deactivate its people (SCIM). The token is shown once.',
  },
  saml: {
    title: 'She moves to SAML',
    says: 'The same provider by its metadata address: tried first, then it takes the place of the one before.',
  },
  off: { title: 'And back', says: 'Switched off with one press. People sign in as they did before.' },
} as const satisfies Record<string, StepWords>;

type StepName = keyof typeof STEPS;

/** A request of the page. */
export interface SeenAnswer {
  readonly name: string;
  /** The action behind the request; the text follows the name. */
  readonly did: string;
  readonly request: string;
  readonly says: string;
}

export class OwnSsoState extends Steps<StepName> {
  readonly answers: SeenAnswer[] = [];
  /** The rows that differ at the end. */
  ledger: readonly LedgerRow[] | undefined;

  constructor() {
    super(STEPS);
  }
}
