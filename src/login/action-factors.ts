/**
 * The second factors that Actions ask for: at the end of the login (`api.multifactor.enable`), and between two Actions
 * (`challengeWith`, `enrollWith`). Pure rules. A factor that the tenant does not accept is never asked for, and a command
 * without a usable factor refuses the login, as on Auth0.
 */
import type { Effect, FactorCommand, MultifactorWish } from '../domain/actions/action.js';
import {
  type Factor,
  type FactorKind,
  factorsAcceptedBy,
  type SupportedFactor,
  settingOf,
} from '../domain/factors/factor.js';
import { findActionFactor } from '../facts/factors.js';
import type { FactorNeed, KeptFactor } from './factor-stages.js';
import { type Refusal, refuse } from './refusals.js';
import { factorsOfAccount, passedFactors } from './second-factor.js';
import type { Admitted, Kept } from './stages.js';

/** The last wish of the Actions counts, as on Auth0. */
export function findMultifactorWish(effects: readonly Effect[]): MultifactorWish | undefined {
  return effects.findLast((effect) => effect.kind === 'multifactor');
}

/** Returns why the Actions need a factor at the end of the login. A factor of the session does not suffice, as on Auth0. */
export function wishNeed({ tenant, organization }: Admitted, effects: readonly Effect[]): FactorNeed | undefined {
  const wish = findMultifactorWish(effects);
  if (wish === undefined || wish.provider === 'none') return undefined;
  const accepts = factorsAcceptedBy(tenant, organization);
  return { reason: 'action', accepts, isFresh: !wish.remembers };
}

/**
 * Returns the need of the first command that the person has not fulfilled; undefined when there is none. A new recovery
 * code, which the person has to write down, comes first.
 */
export function commandNeed(admitted: Admitted, { agreement, factor }: Kept): FactorNeed | undefined {
  const commands = agreement?.pausedAt?.commands;
  if (commands === undefined) return undefined;
  const [command] = commands;
  const isUnseen = factor?.recoveryCode !== undefined && !factor.isCodeSeen;
  if (command === undefined && !isUnseen) return undefined;
  const accepts = factorsAcceptedBy(admitted.tenant, admitted.organization);
  return { reason: 'action', accepts, isFresh: true, ...(command && { command }) };
}

/** Removes the first command, which the person has fulfilled. */
export function withoutCommand(kept: Kept): Kept {
  const { agreement } = kept;
  if (agreement?.pausedAt?.commands === undefined) return kept;
  const { pausedAt } = agreement;
  return {
    ...kept,
    agreement: { ...agreement, pausedAt: { ...pausedAt, commands: pausedAt.commands?.slice(1) ?? [] } },
  };
}

/**
 * Checks that the factors that the Actions asked for still prove something. Attack: the person passes a factor, the
 * account's factors are reset or another account becomes the primary one, and the login goes on by the old answer.
 */
export function checkCommanded(admitted: Admitted, kept: Kept): Refusal | undefined {
  const { agreement } = kept;
  if (!agreement?.effects.some(({ kind }) => kind === 'factor_command')) return undefined;
  return factorsOfAccount(admitted, kept).length === passedFactors(kept).length
    ? undefined
    : refuse('commit.conflict', 'the factors of the account have changed since an Action asked for one');
}

/** The account's factors that an answer may use, and those that the person passed or set up in this login. */
interface CommandGround {
  readonly own: readonly Factor[];
  readonly passed: readonly KeptFactor[];
  readonly accepts: readonly SupportedFactor[];
}

export type Obeyed =
  /** The person has fulfilled the command already. */
  | { readonly ask: 'nothing' }
  /** `ignored`: the words of the command that are not usable, for the log. */
  | { readonly ask: 'challenge'; readonly usable: readonly Factor[]; readonly ignored: readonly string[] }
  | { readonly ask: 'enrol'; readonly kinds: readonly FactorKind[]; readonly ignored: readonly string[] };

/** Auth0's own sentences; applications and operators search for them. */
const CHALLENGE =
  'An MFA challenge is used in a PostLogin action but the requested factors are not properly set up. To perform MFA, enable the requested factors and ensure the user is enrolled with them.';
const ENROL =
  'An MFA enrollment is used in a PostLogin action but the requested factors are not properly set up. To perform MFA, enable the requested factors and ensure the user is not enrolled with them.';
const ENROL_FIRST =
  'An MFA enrollment is used in a PostLogin action for a user who has enrolled factors. Challenge the user with one of them first.';

/** The kind that a person sets up, for each factor that a login can set up. */
const ENROLLABLE: Partial<Record<SupportedFactor, FactorKind>> = {
  otp: 'otp',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'passkey',
};

const refuseCommand = (message: string, { types }: FactorCommand): Refusal =>
  refuse('act.factors', `factors: ${types.join(', ')}`, { message });

function obeyChallenge(command: FactorCommand, { own, passed, accepts }: CommandGround): Obeyed | Refusal {
  const done = new Set(passed.map(({ kind }) => kind && settingOf(kind)));
  const found = command.types.map((type) => {
    const setting = findActionFactor(type);
    const isEnabled = setting !== undefined && accepts.includes(setting);
    const isDone = isEnabled && done.has(setting);
    const usable = isEnabled && !isDone ? own.filter(({ kind }) => settingOf(kind) === setting) : [];
    return { type, isDone, usable };
  });
  const usable = found.flatMap((item) => item.usable);
  const ignored = found.filter((item) => !item.isDone && item.usable.length === 0).map(({ type }) => type);
  if (usable.length > 0) return { ask: 'challenge', usable, ignored };
  return found.some(({ isDone }) => isDone) ? { ask: 'nothing' } : refuseCommand(CHALLENGE, command);
}

function obeyEnrol(command: FactorCommand, { own, passed, accepts }: CommandGround): Obeyed | Refusal {
  const has = new Set([...own, ...passed].map(({ kind }) => kind && settingOf(kind)));
  const found = command.types.map((type) => {
    const setting = findActionFactor(type);
    const kind = setting !== undefined && accepts.includes(setting) ? ENROLLABLE[setting] : undefined;
    return { type, kind, isNew: kind !== undefined && !has.has(setting) };
  });
  const kinds = found.flatMap(({ kind, isNew }) => (kind !== undefined && isNew ? [kind] : []));
  const ignored = found.filter(({ kind }) => kind === undefined).map(({ type }) => type);
  if (kinds.length === 0) return ignored.length < found.length ? { ask: 'nothing' } : refuseCommand(ENROL, command);
  // Attack: a stranger with the password alone adds a factor of their own to those of the account.
  // A code by mail does not suffice: the mailbox may have set the password.
  if (own.length > 0 && passed.every(({ kind }) => kind === 'email')) return refuseCommand(ENROL_FIRST, command);
  return { ask: 'enrol', kinds, ignored };
}

/**
 * Says what a command asks of the person. Factors that the tenant does not accept, that the person does not have (to be
 * challenged) or has (to be set up), or that they passed in this login are ignored; if none is left, the login is
 * refused (Auth0, "Post-login API object").
 */
export function obey(command: FactorCommand, ground: CommandGround): Obeyed | Refusal {
  return command.does === 'challenge' ? obeyChallenge(command, ground) : obeyEnrol(command, ground);
}
