/** Errors of the My Account API: the answer to each refused change. Never repeats a secret of the request. */
import type { OwnRefusal } from '../../management/my-account/changes.js';
import { invalid, noToken, Problem } from '../problem.js';

export const noMethod = () =>
  new Problem(404, 'A0E-404-0001', 'Not Found', 'The authentication method does not exist.');
const forbidden = (detail: string) => new Problem(403, 'A0E-403-0001', 'Forbidden', detail);

const staleSession = () =>
  invalid(
    'invalid_auth_session: it has expired, or the authentication methods have changed. Start the enrolment again.',
  );

/** The answer to each refused change. */
const REFUSED: Readonly<Record<OwnRefusal, () => Problem>> = {
  nobody: () => noToken('The account of this token does not exist, or is blocked.'),
  no_session: () => forbidden('The session of this token has ended. Sign in again.'),
  company: () =>
    forbidden(
      'The person signed in through their company. Such a sign-in may not change the other ways to sign in to the account.',
    ),
  factor: () =>
    forbidden(
      'A second factor that was passed in the last 15 minutes is needed. Sign in again with acr_values=http://schemas.openid.net/pape/policies/2007/06/multi-factor and prompt=login.',
    ),
  sign_in: () => forbidden('A sign-in of the last 15 minutes is needed. Sign in again with prompt=login.'),
  gone: noMethod,
  late: staleSession,
  changed: staleSession,
  wrong: () => invalid('invalid_code: the code or the answer is wrong.'),
  kind: () =>
    invalid(
      'type: this type cannot be enrolled. The tenant does not accept it, the account has one, or it lacks the one beside which it counts: totp or webauthn-roaming for an email.',
    ),
  last: () =>
    new Problem(
      ...([409, 'A0E-409-0001', 'Conflict'] as const),
      'A second factor is required, so the last one cannot be deleted. Enrol another one first.',
    ),
  too_many: () =>
    new Problem(
      ...([429, 'A0E-429-0003', 'Too Many Requests'] as const),
      'Too many codes were mailed or tried. Wait, and start the enrolment again.',
    ),
  exists: () =>
    new Problem(...([409, 'A0E-409-0003', 'Duplicate Resource'] as const), 'The authentication method exists already.'),
  full: () =>
    new Problem(
      ...([409, 'A0E-409-0004', 'Limit Reached'] as const),
      'The account has as many authentication methods of this type as it may have. Delete one first.',
    ),
};

export const toProblem = (why: OwnRefusal): Problem => REFUSED[why]();
