/** The two kinds of tenant behind one interface: reading people, preparing identities, and taking them back. */
import type { RemoteTenant } from '../remote/tenant.js';
import type { TenantKind } from './classify.js';
import type { Journal } from './journal.js';
import type { Person } from './person.js';
import type { PlanPerson } from './plan-file.js';
import type { Place } from './settings.js';

export interface Target extends Place {
  readonly connectionName: string;
  readonly strategy: string;
}

/** A person of the plan who is to be changed, as they are now. */
export interface Subject {
  readonly plan: PlanPerson & { readonly user_id: string };
  readonly now: Person;
}

/** People who used their new identity are decided by the operator: their identity stays, or is taken away with the rest. */
export type UsedDecision = 'keep' | 'undo' | undefined;

/** Not what the plan prepared, so it is not the plan's to take away. */
export const OTHER_IDENTITY = 'has another identity at the connection by now: it was left';

export interface RolloutTenant {
  readonly kind: TenantKind;
  readonly remote: RemoteTenant;
  /** Members of the organization, a page at a time, in a stable order; with `wanted` only these, and never those in `except`. */
  people(wanted?: ReadonlySet<string>, except?: ReadonlySet<string>): AsyncGenerator<readonly Person[]>;
  /** People of one call of {@link prepare}, at most. */
  readonly batch: number;
  /** Runs before the first and after the last {@link prepare}: what only the work itself needs. */
  open(journal: Journal): Promise<void>;
  close(journal: Journal): Promise<void>;
  /** Prepares the identities, and marks each person in the journal. */
  prepare(subjects: readonly Subject[], journal: Journal): Promise<void>;
  /** True when the identity of the plan stands at the person already. */
  isPrepared(subject: Subject): boolean;
  /** Takes the identities back, and marks each person; people who used theirs stay unmarked while `used` is undefined. */
  undo(
    people: readonly (PlanPerson & { readonly user_id: string })[],
    journal: Journal,
    used: UsedDecision,
  ): Promise<void>;
  /**
   * True when the person linked their identity at the connection themselves, by a sign-in; undefined where the tenant does not tell that
   * apart from the work of an operator.
   */
  isOwnLink(userId: string): Promise<boolean | undefined>;
  /**
   * The same as `undo` for people whom the plan prepared nothing for, and who linked their identity themselves. Takes away none of which
   * {@link isOwnLink} is not sure.
   */
  undoLinked(
    people: readonly (PlanPerson & { readonly user_id: string })[],
    journal: Journal,
    used: UsedDecision,
  ): Promise<void>;
}
