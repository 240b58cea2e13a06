/** How a login ends: admitted, refused, or with a question to the person. */
import type { LoginGrant } from './plan.js';
import type { Refusal } from './refusals.js';
import type { Admitted, Identified, ProofQuestion } from './stages.js';
import type { Trace } from './trace.js';

export type LoginOutcome =
  | { readonly kind: 'admitted'; readonly admitted: Admitted; readonly grant: LoginGrant; readonly trace: Trace }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      readonly reference: string;
      readonly identified: Identified | undefined;
      readonly trace: Trace;
    }
  | { readonly kind: 'ask'; readonly question: ProofQuestion; readonly identified: Identified; readonly trace: Trace };
