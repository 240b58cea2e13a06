/**
 * The document around every page: one card with the organization's mark, a heading and the content of the view. The
 * style sheet and the script carry the nonce of the page's policy; nothing else may.
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
  /** Title of the browser's tab; the brand's name follows, unless the title contains it. */
  readonly tab: string;
  readonly heading: ComponentChildren;
  readonly sub?: ComponentChildren;
  readonly content?: ComponentChildren;
  readonly script: readonly ScriptPart[];
  /** True when neither heading nor text has the brand's name: then the name is shown beside the mark. */
  readonly unnamed?: boolean;
  /** True for an administrator's page, which is wider than a sign-in. */
  readonly wide?: boolean;
  /** True when something has to be corrected: the tab's title then begins with "Error". */
  readonly wrong?: boolean;
  /** Colors of further brand marks on the page. */
  readonly markedColors?: readonly (string | undefined)[];
}

/** The logo, or the initial in the organization's color. Decoration: the heading says the name. */
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

/** Longest heading in characters at full size; a longer one is set smaller, so that the form stays visible. */
const LONG_HEADING = 44;

/** The frame of every page: head, styles, card. `nonce` is that of the content security policy. */
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
