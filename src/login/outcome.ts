/** How a login ends: admitted, refused, or with a question to the person. */

import type { AuthorizationRequest } from '../domain/authorization-request.js';
import type { LoginGrant } from './plan.js';
import type { Refusal } from './refusals.js';
import type { ActionResume, AddressQuestion, Admitted, Identified, KeptCredential, ProofQuestion } from './stages.js';
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
  /** An Action sends the person to `url`; the login goes on at /continue with what is kept here. */
  | {
      readonly kind: 'redirect';
      readonly url: string;
      readonly resume: ActionResume;
      readonly credential: KeptCredential;
      readonly request: AuthorizationRequest;
      readonly identified: Identified;
      readonly trace: Trace;
    }
  /** The person is told who they are about to be; the login goes on when they say so. */
  | {
      readonly kind: 'confirm';
      readonly question: AddressQuestion;
      readonly identified: Identified;
      readonly trace: Trace;
    }
  | { readonly kind: 'ask'; readonly question: ProofQuestion; readonly identified: Identified; readonly trace: Trace };
