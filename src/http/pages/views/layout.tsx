/**
 * The HTML document around every page: one card with the organization's logo or initial (its mark), a heading and the
 * content of the view. Only the style sheet and the script have the nonce of the page's content security policy.
 */
import type { ComponentChildren } from 'preact';
import { initialOf, parseLogoUrl } from '../../../domain/look/brand-mark.js';
import type { PageBrand } from '../models.js';
import { pageScript, type ScriptPart } from './script.js';
import { markClass, styleSheet } from './styles.js';
import type { Talk } from './talk.js';
import { keepWhole } from './whole-words.js';

/** The result of a view: everything that differs from page to page. */
export interface View {
  /** Title of the browser's tab. The brand's name is added unless the title contains it. */
  readonly tab: string;
  readonly heading: ComponentChildren;
  readonly sub?: ComponentChildren;
  readonly content?: ComponentChildren;
  readonly script: readonly ScriptPart[];
  /** True when neither heading nor text has the brand's name. Then the name is shown beside the logo. */
  readonly unnamed?: boolean;
  /** True for an administrator's page, which is wider than a sign-in. */
  readonly wide?: boolean;
  /** True when something has to be corrected: the tab's title then begins with "Error". */
  readonly wrong?: boolean;
  /** Colors of further initials on the page, such as those of other organizations. */
  readonly markedColors?: readonly (string | undefined)[];
}

/**
 * Renders the logo, or without one the initial in the organization's color. Screen readers skip it, because the heading
 * has the name.
 */
export function Mark({
  brand,
  lazy,
}: {
  brand: Pick<PageBrand, 'title' | 'logoUrl' | 'primaryColor'>;
  lazy?: boolean;
}) {
  const logo = parseLogoUrl(brand.logoUrl);
  const letter = (
    <span class={markClass(brand.primaryColor)} aria-hidden="true" hidden={logo !== undefined}>
      {initialOf(brand.title)}
    </span>
  );
  if (logo === undefined) return letter;
  return (
    <>
      <img class="logo" src={logo} alt="" height={lazy ? 32 : 40} loading={lazy ? 'lazy' : undefined} />
      {letter}
    </>
  );
}

/**
 * Maximum number of characters of a brand's title for a heading in full size. With a longer one the heading is smaller,
 * so that the form stays visible.
 */
const LONG_HEADING = 44;

/** Renders the whole document: head, styles, card. `nonce` is that of the content security policy. */
export function Document({ brand, view, nonce, talk }: { brand: PageBrand; view: View; nonce: string; talk: Talk }) {
  const icon = parseLogoUrl(brand.faviconUrl);
  const hasLogo = parseLogoUrl(brand.logoUrl) !== undefined;
  const script = pageScript(hasLogo ? [...view.script, 'logo'] : view.script);
  const title = talk.words.page.tab === '' ? view.tab : talk.words.page.tab;
  const tab = view.wrong ? talk.plain(talk.words.page.errorTab, { title }) : title;
  return (
    <html lang={talk.language} dir="ltr">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{tab.includes(brand.title) ? tab : `${tab} · ${brand.title}`}</title>
        {icon && <link rel="icon" href={icon} />}
        <style
          nonce={nonce}
          dangerouslySetInnerHTML={{ __html: styleSheet(brand, view.markedColors ?? [], view.wide ? 'wide' : 'card') }}
        />
      </head>
      <body>
        <main class={view.wide ? 'wide' : brand.title.length > LONG_HEADING ? 'long' : undefined}>
          {view.unnamed ? (
            <p class="place">
              <Mark brand={brand} />
              <bdi>{brand.title}</bdi>
            </p>
          ) : (
            <Mark brand={brand} />
          )}
          <h1>{keepWhole(view.heading)}</h1>
          {view.sub && <p class="sub">{view.sub}</p>}
          {view.content}
        </main>
        {script !== '' && <script nonce={nonce} dangerouslySetInnerHTML={{ __html: script }} />}
      </body>
    </html>
  );
}
