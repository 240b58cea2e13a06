/**
 * Describes a failed answer of the Management API in words for the operator. The API's own text is written for
 * programs, so it is shown only among the technical details.
 */
import { tellRefusal } from '../failures/tell-refusal';

/** Identifies the failed request, so that it can be found in the server's log. */
export interface FailedCall {
  /** Method and path, for example `POST /api/v2/users`. */
  readonly request: string;
  readonly at: Date;
}

export class ApiFailure extends Error {
  constructor(
    /** HTTP status of the answer; 0 if no answer came. */
    readonly status: number,
    /** The API's own text; the console's if no answer came. */
    message: string,
    readonly errorCode: string | undefined,
    /** The failed request; undefined for an error that the console itself reports. */
    readonly call?: FailedCall,
  ) {
    super(message);
  }
}

interface Told {
  /** The heading, for example "Couldn’t save". */
  readonly happened: string;
  readonly why: string;
  readonly next: string;
  /** The property of the request that the API refused, if it named one. */
  readonly property?: string | undefined;
  /** Technical details: the API's own text, and the request's method, path and time. */
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

/** The API's error code for a conditional write that names an outdated version. */
export const CHANGED = 'changed_meanwhile';

/**
 * Finds the texts for a failure. 412 means "changed meanwhile" only together with {@link CHANGED}. The API also answers
 * 412 when a limit is reached or a thing is in use; then the texts of 409 fit.
 */
const rowOf = ({ status, errorCode }: ApiFailure) => BY_STATUS[status === 412 && errorCode !== CHANGED ? 409 : status];

const NO_WORDS = 'The server gave a reason that the console cannot explain. Open the technical details to read it.';

function detailsOf({ status, message, errorCode, call }: ApiFailure): readonly string[] {
  if (call === undefined) return [];
  return [`${call.request}, ${call.at.toISOString()}`, `${status}${errorCode ? ` ${errorCode}` : ''}`, message];
}

/** Says what failed: loading, deleting or saving. */
function sayNotDone({ call }: ApiFailure): string {
  if (call?.request.startsWith('GET ')) return 'Couldn’t load';
  return call?.request.startsWith('DELETE ') ? 'Couldn’t delete' : 'Couldn’t save';
}

/**
 * Returns the heading and the next step. `isField`: the operator can correct the refused value in a field of the form.
 */
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
