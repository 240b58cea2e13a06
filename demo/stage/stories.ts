/**
 * The types of the stage's stories. A story has a subject, a state of the tenant before it, acts, and a promise. An act
 * is one walk of a browser from a start address to an end, judged by the rows that the database gained.
 */

import type { Order } from '../actions/deploy.js';
import type { LedgerRow } from '../ledger.js';
import type { LogLine, Operator, Tenant } from '../operator.js';
import type { Person } from '../people.js';

/** The answer that the application got, as far as it shows it. */
export interface Told {
  readonly error: string | undefined;
  readonly reference: string | undefined;
}

export interface Check {
  readonly says: string;
  readonly ok: boolean;
  /**
   * Set if the check shows a disadvantage of Auth0's order and not a promise of this server. The page marks it as a
   * lesson.
   */
  readonly lesson?: true;
}

/** The facts by which the end of an act is judged. */
export interface Seen {
  /** Rows gained and lost since the act began. */
  readonly ledger: readonly LedgerRow[];
  /** Kind of the page at which the browser ended. */
  readonly end: PageKind;
  /** The text of that page about the answer. */
  readonly told: Told;
  readonly operator: Operator;
  readonly tenant: Tenant;
  /** Values that the preparation of the act stored, such as the user id from before. */
  readonly remembered: Readonly<Record<string, string>>;
  /** The tenant's order of membership and Actions, in which the act was played. */
  readonly order: Order;
  /** The line of the login log. */
  readonly login: LogLine | undefined;
}

export type PageKind =
  | 'home'
  | 'inside'
  | 'not-in'
  | 'identifier'
  | 'password'
  | 'invitation'
  | 'proof'
  | 'refusal'
  | 'idp'
  | 'mail'
  | 'other';

/** A move of the autopilot on a page: fill in fields by name, then press the element that the selector finds. */
export interface Move {
  readonly says: string;
  readonly fill?: Readonly<Record<string, string>>;
  readonly press?: string;
}

export interface Act {
  /** Title above the frames, if the story has several acts. */
  readonly title: string;
  readonly person: Person;
  /** Changes the tenant. Returns the start address (default: the application) and the values to remember. */
  prepare?(
    operator: Operator,
    tenant: Tenant,
  ): Promise<{ mailTo?: string; remembered?: Readonly<Record<string, string>> } | undefined>;
  /** Moves that differ from the usual ones, by kind of page. */
  readonly moves?: Partial<Record<PageKind, Move>>;
  /** Kinds of pages that end the act, besides the application's own. */
  readonly endsAt?: readonly PageKind[];
  /** The person whose code the autopilot guesses, wrongly each time, on the page that asks for a proof. */
  readonly guesses?: Person;
  /** Judges the stored rows at the moment when the page asks for a proof. */
  asked?(ledger: readonly LedgerRow[]): readonly Check[];
  judge(seen: Seen): Promise<readonly Check[]> | readonly Check[];
}

export interface Story {
  readonly id: string;
  readonly title: string;
  readonly person: Person;
  /** The person's experience, in one sentence. */
  readonly lives: string;
  /** The same case on Auth0, in one sentence. */
  readonly elsewhere: string;
  /** Set if the story has Actions, so that the tenant's order makes a difference. */
  readonly withActions?: boolean;
  /** Restores the tenant, whatever an earlier play left. */
  restore(operator: Operator, tenant: Tenant): Promise<unknown>;
  readonly acts: readonly Act[];
  /** Restores settings that would surprise readers who click by hand afterwards. `found` is the order from before. */
  leave?(operator: Operator, tenant: Tenant, found: Order): Promise<void>;
}
