/** One interface to both kinds of tenant: reads people, prepares identities, and takes them back. */
import type { FactorRule } from '../../domain/factors/factor-effect.js';
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

/** A person whom the plan changes, with their current state. */
export interface Subject {
  readonly plan: PlanPerson & { readonly user_id: string };
  readonly now: Person;
}

/** The operator's decision about people who used their new identity: keep it, or take it away. */
export type UsedDecision = 'keep' | 'undo' | undefined;

/** Note about an identity that the plan did not prepare, and so must not remove. */
export const OTHER_IDENTITY = 'has another identity at the connection by now: it was left';

export interface RolloutTenant {
  readonly kind: TenantKind;
  readonly remote: RemoteTenant;
  /**
   * Yields members of the organization, a page at a time, in a stable order. With `wanted` only these people; never
   * those in `except`.
   */
  people(wanted?: ReadonlySet<string>, except?: ReadonlySet<string>): AsyncGenerator<readonly Person[]>;
  /** Returns whom the settings ask for a second factor; undefined where the tenant does not tell. */
  readFactorRule(): Promise<FactorRule | undefined>;
  /** Maximum number of people in one call of {@link prepare}. */
  readonly batch: number;
  /**
   * Creates, before the first {@link prepare}, access that only the work itself needs; `close` removes it after the
   * last.
   */
  open(journal: Journal): Promise<void>;
  close(journal: Journal): Promise<void>;
  /** Prepares the identities, and marks each person in the journal. */
  prepare(subjects: readonly Subject[], journal: Journal): Promise<void>;
  /** True when the person already has the plan's identity. */
  isPrepared(subject: Subject): boolean;
  /**
   * Removes the prepared identities, and marks each person in the journal. People who used their identity stay unmarked
   * while `used` is undefined.
   */
  undo(
    people: readonly (PlanPerson & { readonly user_id: string })[],
    journal: Journal,
    used: UsedDecision,
  ): Promise<void>;
  /**
   * True when the person linked their identity at the connection by their own sign-in; undefined where the tenant
   * cannot tell that from an operator's link.
   */
  isOwnLink(userId: string): Promise<boolean | undefined>;
  /**
   * Like `undo`, for people who linked their identity themselves and for whom the plan prepared nothing. Removes no
   * identity of which {@link isOwnLink} is not sure.
   */
  undoLinked(
    people: readonly (PlanPerson & { readonly user_id: string })[],
    journal: Journal,
    used: UsedDecision,
  ): Promise<void>;
}
