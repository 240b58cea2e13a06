/** The columns of the tables of refusals (act.ts, admit.ts …). Only types. */

/** A remedy that a page of the console offers as a button. */
export type Remedy =
  | 'invite'
  | 'unblock_person'
  | 'lift_limits'
  | 'break_glass'
  | 'switch_on_connection'
  | 'unblock_organization';

/** The thing that an operator has to check or correct. */
export type Fix = 'person' | 'organization' | 'connection' | 'application' | 'apis' | 'actions' | 'settings';

/**
 * The words for the operator. `{organization}`, `{connection}` and `{application}` are replaced by the names in the log
 * line.
 */
export interface OperatorWords {
  /** Three or four words that follow "refused:". */
  readonly short: string;
  /** The reason, in whole sentences. */
  readonly when: string;
  /** The remedy, in whole sentences. */
  readonly do: string;
  /** Remedies that the console offers as buttons, the most likely first. */
  readonly remedies?: readonly Remedy[];
  /** The page of the console that the refusal links to. */
  readonly fix?: Fix;
}

export interface RefusalRow extends OperatorWords {
  /** HTTP status of the page, for refusals that are shown here. */
  readonly status: number;
  /** Error code of OAuth 2.0 (RFC 6749 section 4.1.2.1) or OpenID Connect (section 3.1.2.6). */
  readonly oauthError: string;
  /** `error_description` for the application. */
  readonly description: string;
  /** True when the description quotes the request. Anybody can write a link, so no page of this server shows it. */
  readonly quotesRequest?: true;
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
  /**
   * Set if the refusal is always shown on a page of this server, because the person can act on it. Absent: the
   * application gets it, as on Auth0, and a page comes first only with the application's setting `refusals: page`. `without_way_back`: the application's address is not trusted (open redirect), so the page has
   * no link to it.
   */
  readonly shown?: 'with_way_back' | 'without_way_back';
  /** True when the login in this browser cannot continue: the page has no link for it. */
  readonly over?: true;
  /** Follows `when` in docs/errors.md: fields and numbers that only the API shows. Markdown, as is `doMore`. */
  readonly whenMore?: string;
  /** Follows `do` in docs/errors.md: the call or the parameter. */
  readonly doMore?: string;
}
