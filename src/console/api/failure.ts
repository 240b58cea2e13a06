/** An answer of the Management API that is not a success, in words for the person who reads it. */

export class ApiFailure extends Error {
  constructor(
    /** The status of the answer; 0 where there was none. */
    readonly status: number,
    /** The API's own sentence. */
    message: string,
    readonly errorCode: string | undefined,
  ) {
    super(message);
  }
}

interface Told {
  /** The heading. */
  readonly happened: string;
  /** The sentence of the API, or our own. */
  readonly why: string;
  readonly next: string;
}

const BY_STATUS: Readonly<Record<number, Pick<Told, 'happened' | 'next'>>> = {
  0: { happened: 'The server did not answer', next: 'Nothing here is lost. Try again when the connection is back.' },
  401: { happened: 'You are signed out', next: 'Sign in again; nothing here is lost.' },
  403: { happened: 'Your role does not permit this', next: 'Ask an owner of this server for a role that does.' },
  404: { happened: 'It is not there', next: 'It may have been deleted meanwhile. Go back to the list.' },
  409: { happened: 'It cannot be done as things are', next: 'Do first what the sentence names, then try again.' },
  412: { happened: 'Somebody changed it meanwhile', next: 'Reload the page to see it as it is now, then do it again.' },
  429: { happened: 'Too many requests', next: 'Wait a few seconds and try again.' },
};

/** The server's code for a write that named a version which is not the one of now. */
export const CHANGED = 'changed_meanwhile';

/** Auth0 answers 412 too where a limit is reached or a thing is in use. */
const rowOf = ({ status, errorCode }: ApiFailure) => BY_STATUS[status === 412 && errorCode !== CHANGED ? 409 : status];

/** The failure as heading, reason and next step. */
export function tellFailure(error: unknown): Told {
  if (!(error instanceof ApiFailure))
    return {
      happened: 'Something in the console went wrong',
      why: error instanceof Error ? error.message : String(error),
      next: 'Try again. If it happens again, reload the page.',
    };
  const known = rowOf(error);
  if (known) return { ...known, why: error.message };
  return error.status < 500
    ? {
        happened: 'The server did not take it',
        why: error.message,
        next: 'Change what the sentence names, and save again.',
      }
    : { happened: 'The server failed', why: error.message, next: 'Try again. The server’s log tells more.' };
}
