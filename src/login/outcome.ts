/** How a login ends: admitted, refused, or with a question to the person. */
import type { AuthorizationRequest } from '../domain/authorization-request.js';
import type { LoginGrant } from './plan.js';
import type { Refusal } from './refusals.js';
import type { AddressQuestion, Admitted, Identified, Kept, ProofQuestion } from './stages.js';
import type { Trace } from './trace.js';

/** The login goes on with `kept` when the person has answered or is back. */
interface Waiting {
  readonly kept: Kept;
  readonly identified: Identified;
  readonly trace: Trace;
}

export type LoginOutcome =
  | { readonly kind: 'admitted'; readonly admitted: Admitted; readonly grant: LoginGrant; readonly trace: Trace }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      readonly reference: string;
      readonly identified: Identified | undefined;
      readonly trace: Trace;
    }
  /** An Action sends the person to `url`; the login goes on at /continue. `request` is what is left of the application's. */
  | (Waiting & { readonly kind: 'redirect'; readonly url: string; readonly request: AuthorizationRequest })
  /** The person is told who they are about to be. */
  | (Waiting & { readonly kind: 'confirm'; readonly question: AddressQuestion })
  | (Waiting & { readonly kind: 'ask'; readonly question: ProofQuestion })
  /** The proof that was typed does not fit: what waits in the browser goes on waiting. */
  | { readonly kind: 'again'; readonly triesLeft: number; readonly trace: Trace };
