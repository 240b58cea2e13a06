/**
 * The stories that the stage plays: what each is about, how the tenant has to be before it, which acts it has, and what it
 * promises. An act is one walk of a browser from a start address to an end; it is judged by what the database gained.
 */

import type { Order } from '../actions/deploy.js';
import type { LedgerRow } from '../ledger.js';
import type { LogLine, Operator, Tenant } from '../operator.js';
import type { Person } from '../people.js';

/** What the application showed of the answer that it got. */
export interface Told {
  readonly error: string | undefined;
  readonly reference: string | undefined;
}

export interface Check {
  readonly says: string;
  readonly ok: boolean;
  /** Not this server's promise but what Auth0's order leaves: shown as the lesson that it is. */
  readonly lesson?: true;
}

/** What the end of an act is judged by. */
export interface Seen {
  /** Rows gained and lost since the act began. */
  readonly ledger: readonly LedgerRow[];
  /** Where the browser ended. */
  readonly end: PageKind;
  /** What the page there says of the answer. */
  readonly told: Told;
  readonly operator: Operator;
  readonly tenant: Tenant;
  /** What the act's preparation remembered, such as the user id from before. */
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

/** What the autopilot does on a page: fill in fields by name, then press what the selector finds. */
export interface Move {
  readonly says: string;
  readonly fill?: Readonly<Record<string, string>>;
  readonly press?: string;
}

export interface Act {
  /** Shown above its frames where a story has several. */
  readonly title: string;
  readonly person: Person;
  /** Changes the tenant, and returns where the browser starts (default: the application) and what to remember. */
  prepare?(
    operator: Operator,
    tenant: Tenant,
  ): Promise<{ mailTo?: string; remembered?: Readonly<Record<string, string>> } | undefined>;
  /** Differs from the ordinary walk on these pages. */
  readonly moves?: Partial<Record<PageKind, Move>>;
  /** Pages on which the act ends, besides the application's own. */
  readonly endsAt?: readonly PageKind[];
  /** On the page that asks for a proof, this person's code is guessed, wrongly each time. */
  readonly guesses?: Person;
  /** Judges what is stored at the moment at which a proof is asked for. */
  asked?(ledger: readonly LedgerRow[]): readonly Check[];
  judge(seen: Seen): Promise<readonly Check[]> | readonly Check[];
}

export interface Story {
  readonly id: string;
  readonly title: string;
  readonly person: Person;
  /** What the person experiences, in one sentence. */
  readonly lives: string;
  /** What would happen on Auth0, in one sentence. */
  readonly elsewhere: string;
  /** Has Actions in it: the order of the switch makes a difference. */
  readonly withActions?: boolean;
  /** Puts the tenant back, whatever an earlier play left. */
  restore(operator: Operator, tenant: Tenant): Promise<unknown>;
  readonly acts: readonly Act[];
  /** Takes back settings that would surprise everybody who walks by hand afterwards. `found` is the order from before. */
  leave?(operator: Operator, tenant: Tenant, found: Order): Promise<void>;
}
