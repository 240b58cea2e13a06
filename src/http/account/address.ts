/**
 * A further address for codes by mail, for a signed-in person: a code is mailed there, and adds the address. The address
 * that is added is the one in the sealed text, never one of the form. Nothing tells of other accounts.
 */
import type { FastifyReply } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { parseEmail } from '../../domain/people/email.js';
import { finishEnrolment, type OwnResult, startAddress } from '../../management/my-account/changes.js';
import { findBarrier, mayHaveAddress } from '../../management/my-account/person.js';
import { readFields } from '../login/step.js';
import { ACCOUNT_PATH } from '../login/urls.js';
import { MESSAGES, type Said } from '../pages/speech.js';
import { sayRefused } from './refused.js';
import { confirm, goBack, show, textOf, type Visit } from './visit.js';

export const ADDRESS_PATH = `${ACCOUNT_PATH}/address`;

interface Step {
  readonly typed?: string;
  /** The sealed text, once a code was mailed. */
  readonly sealed?: string;
  /** After a wrong code: the tries that are left. */
  readonly triesLeft?: number | undefined;
  readonly error?: Said;
  readonly status?: number;
}

/** Shows the page: the field for the address, or the one for the code. A person with a factor first passes it. */
async function showStep(visit: Visit, step: Step = {}): Promise<FastifyReply> {
  const { typed = '', sealed, triesLeft, error, status = 400 } = step;
  const { reply, deps, person, at } = visit;
  const barrier = findBarrier(person, at);
  if (barrier === 'factor' || barrier === 'sign_in') return confirm(visit);
  if (barrier || !mayHaveAddress(person)) return show(visit, { error: sayRefused(barrier ?? 'kind') });
  const tenant = await deps.pipeline.reads.findTenant();
  const field = sealed === undefined ? 'email' : 'code';
  return deps.sendPage(
    reply,
    {
      ...{ page: 'account-address', brand: brandOf({ tenant }, deps.origin), action: ADDRESS_PATH },
      errors: error ? [{ field, message: error }] : [],
      ...{ email: person.user.email ?? '', accountUrl: ACCOUNT_PATH, typed, triesLeft },
      ...(sealed !== undefined && { mailedTo: typed, hidden: { enrolment: sealed, email: typed } }),
    },
    { tenant },
    error ? status : 200,
  );
}

export const showAddress = (visit: Visit): Promise<FastifyReply> => showStep(visit);

type Refused = Extract<OwnResult<object>, { readonly ok: false }>;

function refuse(visit: Visit, { why, triesLeft, lasts }: Refused, { typed, sealed }: Step): Promise<FastifyReply> {
  if (why === 'factor' || why === 'sign_in') return confirm(visit);
  if (why === 'exists') return showStep(visit, { typed: typed ?? '', error: textOf('addressKnown') });
  if (why === 'late') return showStep(visit, { typed: typed ?? '', error: textOf('changed') });
  const isLast = why === 'wrong' && triesLeft === 0;
  if (why === 'wrong' && sealed !== undefined && !isLast)
    return showStep(visit, { typed: typed ?? '', sealed, triesLeft, error: MESSAGES.mailedWrong });
  if (why === 'too_many' || isLast) {
    // At the account's limit another code would be refused, too.
    const said = lasts === 'hour' ? 'tooManyCodes' : 'tooMany';
    const error = sealed === undefined ? MESSAGES.codeUnsent : textOf(said);
    return showStep(visit, { typed: typed ?? '', error, status: 429 });
  }
  return show(visit, { error: sayRefused(why) });
}

/** Takes the address, or the code that was mailed to it. */
export async function submitAddress(visit: Visit): Promise<FastifyReply> {
  const { request, deps, asker } = visit;
  const { email = '', enrolment, code = '' } = readFields(request.body, 4_000);
  if (enrolment !== undefined) {
    const made = await finishEnrolment(deps.own, asker, enrolment, { code });
    if (made.ok) return goBack(visit, 'added');
    return refuse(visit, made, { typed: email, sealed: enrolment });
  }
  const address = parseEmail(email);
  if (address === undefined) return showStep(visit, { typed: email, error: MESSAGES.addressInvalid });
  const started = await startAddress(deps.own, asker, address);
  if (!started.ok) return refuse(visit, started, { typed: email });
  return showStep(visit, { typed: address, sealed: started.sealed });
}
