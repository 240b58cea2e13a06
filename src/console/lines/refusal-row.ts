/** A row of the table of refusals, for the operator: the reason, and the remedy. */

/** An action that the page itself offers. */
export type DeedName =
  | 'invite'
  | 'unblock_person'
  | 'lift_limits'
  | 'break_glass'
  | 'switch_on_connection'
  | 'unblock_organization';

/** The thing that an operator has to check or correct. */
export type Mend = 'person' | 'organization' | 'connection' | 'application' | 'apis' | 'actions' | 'settings';

export interface RefusalRow {
  /** Three or four words that follow "refused:". */
  readonly short: string;
  /** The reason of the refusal, as a sentence. */
  readonly why: string;
  /** The remedy, as a sentence; absent where nothing has to be done. */
  readonly next?: string;
  /** Remedies that the page offers as buttons, the most likely first. */
  readonly deeds?: readonly DeedName[];
  readonly mend?: Mend;
}
