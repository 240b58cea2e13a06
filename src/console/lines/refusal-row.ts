/** A row of the table of refusals, as the operator needs it: what stood against the sign-in, and what helps. */

/** A deed that is offered on the page itself. */
export type DeedName =
  | 'invite'
  | 'unblock_person'
  | 'lift_limits'
  | 'break_glass'
  | 'switch_on_connection'
  | 'unblock_organization';

/** The thing to look at, or to fix. */
export type Mend = 'person' | 'organization' | 'connection' | 'application' | 'apis' | 'actions' | 'settings';

export interface RefusalRow {
  /** Three or four words, after "refused:". */
  readonly short: string;
  /** The thing that stood against it, as a sentence. */
  readonly why: string;
  /** A help, as a sentence; absent where nothing has to be done. */
  readonly next?: string;
  /** The first one is the likeliest. */
  readonly deeds?: readonly DeedName[];
  readonly mend?: Mend;
}
