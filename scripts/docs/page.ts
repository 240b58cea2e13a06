/** A page of the site before it is built. */
export interface Page {
  /** Path in the site, such as `guides/console.md`. */
  readonly path: string;
  readonly title: string;
  /** Markdown, with an id in each heading. */
  readonly text: string;
}
