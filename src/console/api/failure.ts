/**
 * A failed answer of the Management API, in words for the operator. The API's own text is meant for programs, so it is
 * shown only as a technical detail.
 */
import { tellRefusal } from '../failures/tell-refusal';

/** Identifies the failed call, so that it can be found in the server's log. */
export interface FailedCall {
  /** Method and path, for example `POST /api/v2/users`. */
  readonly request: string;
  readonly at: Date;
}

export class ApiFailure extends Error {
  constructor(
    /** HTTP status of the answer; 0 if there was none. */
    readonly status: number,
    /** The API's own sentence, or the console's if there was no answer. */
    message: string,
    readonly errorCode: string | undefined,
    /** The failed call; undefined for a message of the console. */
    readonly call?: FailedCall,
  ) {
    super(message);
  }
}

interface Told {
  /** The heading: what happened. */
  readonly happened: string;
  readonly why: string;
  readonly next: string;
  /** The property of the request that the API refused. */
  readonly property?: string | undefined;
  /** The API's own text, and what identifies the call in the log. */
  readonly details?: readonly string[];
}

const BY_STATUS: Readonly<Record<number, Pick<Told, 'happened' | 'next'>>> = {
  0: { happened: 'The server did not answer', next: 'Nothing here is lost. Try again when the connection is back.' },
  401: { happened: 'You are signed out', next: 'Sign in again; nothing here is lost.' },
  403: { happened: 'Your role does not permit this', next: 'Ask an owner of this server for a role that does.' },
  404: { happened: 'It is not there', next: 'It may have been deleted meanwhile. Go back to the list.' },
  409: { happened: 'It cannot be done as things are', next: 'Change what is named here, then try again.' },
  412: { happened: 'Somebody changed it meanwhile', next: 'Reload the page to see it as it is now, then do it again.' },
  429: { happened: 'Too many requests', next: 'Wait a few seconds and try again.' },
};

/** Error code of a conditional write that names an outdated version. */
export const CHANGED = 'changed_meanwhile';

/**
 * Finds the texts for a status. 412 means "changed meanwhile" only with the error code {@link CHANGED}. Auth0 also
 * answers 412 when a limit is reached or a thing is in use; the texts for these are those of 409.
 */
const rowOf = ({ status, errorCode }: ApiFailure) => BY_STATUS[status === 412 && errorCode !== CHANGED ? 409 : status];

const NO_WORDS = 'The console has no words for the reason that the server gave. It is among the technical details.';

function detailsOf({ status, message, errorCode, call }: ApiFailure): readonly string[] {
  if (call === undefined) return [];
  return [`${call.request}, ${call.at.toISOString()}`, `${status}${errorCode ? ` ${errorCode}` : ''}`, message];
}

const NOT_TAKEN = 'The server did not take it';

/** Chooses the heading; `isField` if a field of the form caused the refusal. */
function headingOf(failure: ApiFailure, isField: boolean): Pick<Told, 'happened' | 'next'> {
  if (isField) return { happened: NOT_TAKEN, next: 'Change it, and send it again.' };
  const known = rowOf(failure);
  if (known) return known;
  if (failure.status >= 500) return { happened: 'The server failed', next: 'Try again. The server’s log tells more.' };
  return { happened: NOT_TAKEN, next: 'Change what is named here, and send it again.' };
}

/** Describes a failure: heading, reason and next step. */
export function tellFailure(error: unknown): Told {
  if (!(error instanceof ApiFailure))
    return {
      happened: 'Something in the console went wrong',
      why: 'The page met a state that it was not made for.',
      next: 'Try again. If it happens again, reload the page.',
      details: [error instanceof Error ? error.message : String(error)],
    };
  if (error.call === undefined) return { ...headingOf(error, false), why: error.message };
  const refusal = tellRefusal(error.message);
  const heading = headingOf(error, refusal?.property !== undefined);
  return { ...heading, why: refusal?.says ?? NO_WORDS, property: refusal?.property, details: detailsOf(error) };
}
