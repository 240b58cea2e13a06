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
  0: {
    happened: 'The server did not answer',
    next: 'Nothing you entered is lost. Try again when the connection is back.',
  },
  401: { happened: 'You are signed out', next: 'Sign in again. Nothing you entered is lost.' },
  403: { happened: 'Your role does not allow this', next: 'Ask an owner of this server for a role that allows it.' },
  404: { happened: 'Not found', next: 'Somebody may have deleted it. Go back to the list.' },
  409: { happened: 'Something else prevents this', next: 'Fix the reason above, then try again.' },
  412: {
    happened: 'Somebody else changed this',
    next: 'Reload the page to see the current state, then make your change again.',
  },
  429: { happened: 'Too many requests', next: 'Wait a few seconds and try again.' },
};

/** Error code of a conditional write that names an outdated version. */
export const CHANGED = 'changed_meanwhile';

/**
 * Finds the texts for a status. 412 means "changed meanwhile" only with the error code {@link CHANGED}. Auth0 also
 * answers 412 when a limit is reached or a thing is in use; the texts for these are those of 409.
 */
const rowOf = ({ status, errorCode }: ApiFailure) => BY_STATUS[status === 412 && errorCode !== CHANGED ? 409 : status];

const NO_WORDS = 'The server gave a reason that the console cannot explain. Open the technical details to read it.';

function detailsOf({ status, message, errorCode, call }: ApiFailure): readonly string[] {
  if (call === undefined) return [];
  return [`${call.request}, ${call.at.toISOString()}`, `${status}${errorCode ? ` ${errorCode}` : ''}`, message];
}

/** Names what failed: loading, deleting, or saving. */
function sayNotDone({ call }: ApiFailure): string {
  if (call?.request.startsWith('GET ')) return 'Couldn’t load';
  return call?.request.startsWith('DELETE ') ? 'Couldn’t delete' : 'Couldn’t save';
}

/** Chooses the heading; `isField` if a field of the form caused the refusal. */
function headingOf(failure: ApiFailure, isField: boolean): Pick<Told, 'happened' | 'next'> {
  if (isField) return { happened: sayNotDone(failure), next: 'Correct the value, then try again.' };
  const known = rowOf(failure);
  if (known) return known;
  if (failure.status >= 500)
    return { happened: 'The server reported an error', next: 'Try again. The server’s own log has the details.' };
  return { happened: sayNotDone(failure), next: 'Correct this, then try again.' };
}

/** Describes a failure: heading, reason and next step. */
export function tellFailure(error: unknown): Told {
  if (!(error instanceof ApiFailure))
    return {
      happened: 'Something went wrong in the console',
      why: 'The page could not continue because of an unexpected error.',
      next: 'Try again. If it happens again, reload the page.',
      details: [error instanceof Error ? error.message : String(error)],
    };
  if (error.call === undefined) return { ...headingOf(error, false), why: error.message };
  const refusal = tellRefusal(error.message);
  const heading = headingOf(error, refusal?.property !== undefined);
  return { ...heading, why: refusal?.says ?? NO_WORDS, property: refusal?.property, details: detailsOf(error) };
}
