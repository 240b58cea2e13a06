/**
 * The sign-in with a passkey, without a typed address. The challenge is in this browser's sealed transaction; the form has
 * only the answer. The pages never tell whether a credential or an account is known.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { passkeysOf } from '../../../domain/factors/passkeys.js';
import { passkeyDatabases } from '../../../login/passkey.js';
import { runLogin } from '../../../login/pipeline.js';
import type { LoginTransaction } from '../../browser/transactions.js';
import type { IdentifierPage } from '../../pages/models.js';
import type { LoginRoutesDeps } from '../deps.js';
import { goTo, picksOrganizationLater } from '../flow.js';
import { newAttempt, sendOutcome } from '../outcome.js';
import { pickOrganization } from '../picker.js';
import { registerStep, type Step } from '../step.js';
import { PASSKEY_PATH, pageUrl } from '../urls.js';

const IDENTIFIER_PATH = '/u/login/identifier';

/** Returns how the address page asks for a passkey: as the first database connection with passkeys says. */
function findUi({ identified, transaction }: Step) {
  const [first] = passkeyDatabases(identified, transaction);
  const found = identified.connections.find(({ connection }) => connection.id === first);
  return found && passkeysOf(found.connection)?.ui;
}

/**
 * Returns the part of the address page that asks for a passkey, and keeps its challenge in the transaction. Undefined where
 * no database connection has passkeys, or the browser has no room for the challenge. The empty list of credentials names
 * nobody. Attack: account enumeration.
 */
export async function askForPasskey(step: Step): Promise<IdentifierPage['passkey']> {
  const { request, reply, deps, transaction } = step;
  const ui = findUi(step);
  if (ui === undefined) return undefined;
  const made = deps.pipeline.factorChecks.requestOptions({
    kind: 'passkey',
    allowed: [],
    keyVerification: 'required',
  });
  // The same challenge until it was answered: the page may be open twice, and the other one has to work too.
  const { passkeyChallenge: challenge = made.challenge } = transaction;
  if (challenge === made.challenge) {
    const saved = await deps.transactions.save(request, reply, { ...transaction, passkeyChallenge: challenge });
    if (!saved) return undefined;
  }
  return {
    action: pageUrl(PASSKEY_PATH, transaction.id),
    options: JSON.stringify({ ...made, challenge }),
    ui,
  };
}

const withoutChallenge = ({ passkeyChallenge: _used, ...rest }: LoginTransaction): LoginTransaction => rest;

async function submit(
  step: Step,
  showWrong: (step: Step) => Promise<FastifyReply> | FastifyReply,
): Promise<FastifyReply> {
  const { request, reply, deps, identified, fields } = step;
  const { passkeyChallenge: challenge } = step.transaction;
  // An answer counts once: the next page has another challenge.
  const transaction = withoutChallenge(step.transaction);
  const changed = { ...step, transaction };
  if (challenge === undefined || findUi(step) === undefined)
    return goTo(request, reply, deps, { transaction, identified, path: IDENTIFIER_PATH });
  const attempt = newAttempt(request, deps, transaction, {
    kind: 'passkey',
    response: fields.answer ?? '',
    challenge,
  });
  if (picksOrganizationLater(identified)) {
    const picked = await pickOrganization(changed, attempt);
    return picked.kind === 'sent' ? reply : showWrong(changed);
  }
  const outcome = await runLogin(attempt, deps.pipeline);
  if (outcome.kind === 'refused' && outcome.refusal.code === 'authenticate.passkey_failed') return showWrong(changed);
  return sendOutcome(request, reply, deps, transaction, outcome);
}

/** Registers {@link PASSKEY_PATH}. `showWrong`: the address page, with the same message for every wrong answer. */
export function registerPasskey(
  app: FastifyInstance,
  deps: LoginRoutesDeps,
  showWrong: (step: Step) => Promise<FastifyReply> | FastifyReply,
): void {
  registerStep(app, deps, PASSKEY_PATH, {
    show: (step) => goTo(step.request, step.reply, step.deps, { ...step, path: IDENTIFIER_PATH }),
    submit: (step) => submit(step, showWrong),
  });
}
