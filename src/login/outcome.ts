/** The outcomes of a login: admitted, refused, or a question to the person. */
import type { AuthorizationRequest } from '../domain/authorization-request.js';
import type { FactorQuestion } from './factor-stages.js';
import type { LoginGrant } from './plan.js';
import type { Refusal } from './refusals.js';
import type { AddressQuestion, Admitted, Identified, Kept, ProofQuestion } from './stages.js';
import type { Trace } from './trace.js';

/** A login that continues from `kept` once the person has answered a question or come back from a redirect. */
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
  /**
   * An Action sends the person to `url`; the login continues at /continue. `request`: the authorization request without
   * the parts that are used up.
   */
  | (Waiting & { readonly kind: 'redirect'; readonly url: string; readonly request: AuthorizationRequest })
  /** The person is asked whether they mean to sign in with the address that the company's sign-in returned. */
  | (Waiting & { readonly kind: 'confirm'; readonly question: AddressQuestion })
  | (Waiting & { readonly kind: 'ask'; readonly question: ProofQuestion })
  /** The person is asked for a second factor. */
  | (Waiting & { readonly kind: 'factor'; readonly question: FactorQuestion })
  /** The answer to that question was wrong: the login stays open, and the person may try again. */
  | { readonly kind: 'factor_again'; readonly triesLeft: number; readonly trace: Trace }
  /** The typed proof was wrong: the login stays open, and the person may try again. */
  | { readonly kind: 'again'; readonly triesLeft: number; readonly trace: Trace };
