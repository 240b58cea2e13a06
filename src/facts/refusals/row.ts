/** The columns of a refusal. Data alone. */

export interface RefusalRow {
  /** HTTP status of the page, for refusals that are shown here. */
  readonly status: number;
  /** Error code of OAuth 2.0 (RFC 6749 section 4.1.2.1) or OpenID Connect (section 3.1.2.6). */
  readonly oauthError: string;
  /** `error_description` for the application. */
  readonly description: string;
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
  /**
   * Shows the refusal on a page here, because the person can act on it. Absent: the application gets it, as on Auth0.
   * `without_way_back`: the application's address is no longer trusted, so the page does not lead there (open
   * redirect).
   */
  readonly shown?: 'with_way_back' | 'without_way_back';
  /** True when the login in this browser cannot continue: the page has no link for it. */
  readonly over?: true;
}
