/**
 * The statement by which a worker of the server asks for work that is due, every few seconds, without regard to sign-ins. Tests that
 * watch or disturb the statements of a request leave it out.
 */
export const LOOKING_FOR_WORK = /^\s*update \w+ set next_attempt_at = /;
