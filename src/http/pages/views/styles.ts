/**
 * The style sheet of the pages: six colors as custom properties, for light and dark, and distances in steps of 8 px.
 * Uses no font and no image of its own, and fetches nothing. Never includes text from outside: the only inserted values
 * are checked colors (parseColor), numbers (theme.ts), and the encoded address of a theme's picture.
 */

import { parseLogoUrl } from '../../../domain/look/brand-mark.js';
import { accentFor, parseColor } from '../../../domain/look/color.js';
import type { PageBrand } from '../models.js';
import { DARK, LIGHT, markColors, type Scheme } from './contrast.js';
import { themeRules, toBackground } from './theme.js';

function toProperties(scheme: Scheme): string {
  return Object.entries(scheme)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** Removes comments, indentation and line breaks from CSS. Runs once, when this module is loaded. */
function minify(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/;}/g, '}')
    .replace(/([a-z-]): /g, '$1:')
    .trim();
}

const SHEET = minify(`
:root { color-scheme: light dark; ${toProperties(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${toProperties(DARK)} } }
* { box-sizing: border-box; margin: 0 }
[hidden] { display: none !important }
html { font: 16px/24px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; -webkit-text-size-adjust: 100% }
body {
  min-height: 100vh; min-height: 100dvh; padding: 40px 16px; display: grid; grid-template-rows: 2fr auto 3fr;
  justify-items: center; background: var(--surface); color: var(--text); overflow-wrap: anywhere;
}
main {
  grid-row: 2; width: 100%; max-width: 400px; padding: 40px; background: var(--surface); border-radius: 12px;
  border: 1px solid color-mix(in srgb, var(--line) 40%, var(--surface));
  box-shadow: 0 1px 2px #0000000a, 0 8px 32px #0000000d;
}
@media (min-width: 481px) { body { background: color-mix(in srgb, var(--line) 9%, var(--surface)) } }
@media (max-width: 480px) {
  body { padding: 0; grid-template-rows: auto }
  main { grid-row: 1; max-width: none; padding: 32px 24px; border: 0; border-radius: 0; box-shadow: none }
}

.mark {
  display: flex; align-items: center; justify-content: center; flex: none; width: 40px; height: 40px; border-radius: 9px;
  background: var(--accent); color: var(--surface); font-size: 20px; font-weight: 600; line-height: 1; user-select: none;
}
.logo { display: block; height: 40px; width: auto; max-width: 160px; object-fit: contain; object-position: left }
@media (prefers-color-scheme: dark) { .logo { padding: 4px; border-radius: 6px; background: #fff } }
.place { display: flex; align-items: center; gap: 12px; font-weight: 600 }
.place > * { flex: none }
.place > bdi { flex: 1; min-width: 0; overflow-wrap: anywhere; text-align: left }
h1 { margin-top: 24px; font-size: 24px; line-height: 32px; font-weight: 600; letter-spacing: -.011em; text-wrap: balance }
.long h1 { font-size: 20px; line-height: 28px }
h1 .word { white-space: nowrap }
p { text-wrap: pretty }
.sub { margin-top: 4px; color: var(--muted) }
.body { margin-top: 16px }
.body + .body { margin-top: 12px }
.hint, .small { color: var(--muted); font-size: 14px; line-height: 20px }

a, .link { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px }
a:hover, .link:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px }

form { margin-top: 24px }
.offer { padding: 12px 16px 16px; border: 1px solid var(--line); border-radius: 8px }
.field { position: relative; margin-top: 16px }
.field:first-child, input[hidden] + .field { margin-top: 0 }
main > .field { margin-top: 24px !important }
label { display: block; font-weight: 500 }
.hint { margin-top: 2px }
.field > .hint { margin-bottom: 8px }
input:not([type=hidden]) {
  display: block; width: 100%; height: 44px; margin-top: 6px; padding: 0 12px; font: inherit; color: var(--text);
  background: var(--surface); border: 1px solid var(--line); border-radius: 8px; appearance: none;
}
input:focus-visible { border-color: var(--accent); outline-offset: 2px; border-radius: 8px }
input[aria-invalid] { border-color: var(--danger); border-width: 2px; padding: 0 11px; outline-color: var(--danger) }
input[type=search]::-webkit-search-cancel-button { appearance: none }
.reveal { position: relative }
.reveal input { padding-inline-end: 72px !important }
.reveal button {
  position: absolute; top: 0; inset-inline-end: 0; height: 44px; padding: 0 14px; border: 0; border-radius: 8px;
  background: none; color: var(--accent); font: inherit; font-size: 14px; cursor: pointer;
}
.reveal button:focus-visible { outline-offset: -4px }
.check { display: flex; align-items: center; gap: 12px; min-height: 44px; margin-top: 16px; font-weight: 400; cursor: pointer }
.check input:not([type=hidden]) { flex: none; width: 20px; height: 44px; margin: 0; padding: 0; appearance: auto; accent-color: var(--accent) }
.qr { display: block; width: 200px; height: 200px; margin: 16px auto 0; border-radius: 8px }
.code { font-size: 22px !important; letter-spacing: .22em; font-variant-numeric: tabular-nums }

.error { display: flex; gap: 6px; margin-top: 6px; color: var(--danger); font-size: 14px; line-height: 20px }
.error::before { content: "!"; flex: none; width: 16px; height: 16px; margin-top: 2px; border-radius: 50%;
  background: var(--danger); color: var(--surface); font: 700 12px/16px system-ui, sans-serif; text-align: center }
.errors {
  margin-top: 24px; padding: 12px 16px; border: 1px solid var(--danger); border-inline-start-width: 4px; border-radius: 8px;
}
.errors:focus { outline: 2px solid var(--danger); outline-offset: 2px }
.errors ul { padding: 0; list-style: none }
.errors li { color: var(--danger) }

.button {
  display: flex; align-items: center; justify-content: center; gap: 8px; width: 100%; min-height: 44px; margin-top: 24px;
  padding: 10px 16px; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--surface);
  font: inherit; font-weight: 600; line-height: 22px; text-align: center; text-decoration: none; cursor: pointer;
}
.button:hover { background: color-mix(in srgb, var(--accent) 90%, var(--text)) }
.button:focus-visible { border-radius: 8px }
.button.plain { margin-top: 8px; border-color: var(--line); background: none; color: var(--text); font-weight: 500 }
.button.plain:hover { border-color: var(--text) }
.or + .button.plain { margin-top: 0 }
.or { display: flex; align-items: center; gap: 12px; margin: 16px 0; color: var(--muted); font-size: 14px; line-height: 20px }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid color-mix(in srgb, var(--line) 50%, var(--surface)) }
.quiet { margin-top: 8px; margin-bottom: -12px; text-align: center }
.quiet.row { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 24px }
.quiet a, .link {
  display: inline-flex; align-items: center; justify-content: center; min-height: 44px; padding: 0 4px; border: 0;
  background: none; font: inherit; color: var(--accent); text-decoration-line: underline; cursor: pointer;
}
[aria-busy] .button:not(.plain) { opacity: .75; cursor: progress }
.busy::before {
  content: ""; width: 16px; height: 16px; border: 2px solid; border-inline-end-color: transparent; border-radius: 50%;
  animation: turn .8s linear infinite;
}
@keyframes turn { to { transform: rotate(1turn) } }
@media (prefers-reduced-motion: reduce) { .busy::before { animation: none } }

.who, .reference {
  display: flex; align-items: center; justify-content: space-between; gap: 8px; min-height: 48px; margin-top: 24px;
  border-radius: 8px; background: color-mix(in srgb, var(--line) 12%, var(--surface));
}
.who { padding: 2px 4px 2px 16px }
.who > :first-child { min-width: 0; padding: 10px 0 }
.who a { flex: none; color: var(--text); display: inline-flex; align-items: center; min-height: 44px; padding: 0 12px; font-size: 14px }
.small { display: block }

.facts { margin-top: 16px; border-top: 1px solid color-mix(in srgb, var(--line) 40%, var(--surface)) }
.facts > div { padding: 10px 0; border-bottom: 1px solid color-mix(in srgb, var(--line) 40%, var(--surface)) }
.facts dt { color: var(--muted); font-size: 14px; line-height: 20px }
.facts dd { margin: 0 }
.note {
  margin-top: 24px; padding: 12px 16px; border-radius: 8px; background: color-mix(in srgb, var(--accent) 8%, var(--surface));
}
.reference { min-height: 60px; padding: 6px 8px 6px 16px }
.reference code { display: block; font-size: 16px; font-weight: 600; user-select: all }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 14px; overflow-wrap: anywhere }
.reference .button { width: auto; margin: 0; flex: none }
.technical { margin-top: 16px; color: var(--muted); font-size: 14px; line-height: 20px }
.technical summary { display: inline-flex; align-items: center; min-height: 44px; cursor: pointer }
.technical summary::before { content: "›"; width: 16px }
.technical[open] summary::before { transform: rotate(90deg) }

.list { padding: 0; list-style: none }
.list button {
  display: flex; align-items: center; gap: 12px; width: 100%; min-height: 48px; margin-top: 8px; padding: 8px 12px;
  border: 1px solid var(--line); border-radius: 8px; background: none; color: var(--text); font: inherit; text-align: start;
  cursor: pointer;
}
.list button:hover { border-color: var(--text) }
.list button::after { content: "›"; margin-inline-start: auto; color: var(--muted); font-size: 20px }
.list .mark { width: 32px; height: 32px; border-radius: 7px; font-size: 16px }
.list .logo { width: 32px; height: 32px; object-position: center }
`);

/** Styles for administrators' pages only, so that sign-in pages stay small. */
const WIDE = minify(`
.wide { max-width: 640px }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.steps { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 16px 0 0; padding: 0; list-style: none; font-size: 14px; line-height: 20px }
.steps a { display: inline-flex; align-items: center; min-height: 44px; color: var(--muted); text-decoration: none }
.steps .done a::before { content: "✓"; margin-inline-end: 4px; color: var(--accent) }
.steps [aria-current] { color: var(--text); font-weight: 600; box-shadow: inset 0 -2px var(--accent) }
.todo { margin-top: 24px; padding-inline-start: 24px }
.todo li { margin-top: 8px }
ul.plain { padding-inline-start: 20px; list-style: disc }
ul.plain li { margin-top: 4px }
.part { margin-top: 32px; padding-top: 24px; border-top: 1px solid color-mix(in srgb, var(--line) 40%, var(--surface)) }
.part h2 { font-size: 18px; line-height: 24px; font-weight: 600 }
.part form { margin-top: 16px }
.state { margin-inline-start: 8px; padding: 2px 8px; white-space: nowrap; border-radius: 10px; font-size: 14px; font-weight: 500; line-height: 16px;
  background: color-mix(in srgb, var(--line) 20%, var(--surface)) }
.state.proved, .state.vouched { background: color-mix(in srgb, var(--accent) 12%, var(--surface)) }
.choices { border: 0; padding: 0; min-width: 0 }
.choice { display: flex; align-items: center; gap: 12px; margin-top: 8px; padding: 4px 12px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer }
.choice:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent) }
.choice input:not([type=hidden]) { flex: none; width: 20px; height: 44px; margin: 0; padding: 0; appearance: auto; accent-color: var(--accent) }
.choice label { flex: 1; cursor: pointer }
.choice .small { font-weight: 400 }
.provider { display: flex; align-items: center; gap: 12px }
.mark { flex: none }
.group { margin-top: 24px }
.group legend { padding: 0; font-weight: 600 }
.rows { margin-top: 16px; padding: 0; list-style: none }
.rows li { display: flex; align-items: center; justify-content: space-between; gap: 16px; padding: 8px 0; border-bottom: 1px solid color-mix(in srgb, var(--line) 40%, var(--surface)) }
.part .rows form { flex: none; margin-top: 0 }
.rows form { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px }
.rows .button { width: auto; margin-top: 0 }
@media (max-width: 480px) { .rows form { flex-direction: column } }
.part h2 label { font-weight: inherit }
select {
  display: block; width: 100%; height: 44px; margin-top: 6px; padding: 0 12px; font: inherit; color: var(--text);
  background: var(--surface); border: 1px solid var(--line); border-radius: 8px;
}
textarea {
  display: block; width: 100%; margin-top: 6px; padding: 8px 12px; color: var(--text); background: var(--surface);
  border: 1px solid var(--line); border-radius: 8px; resize: vertical;
  font: 14px/20px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
textarea:focus-visible { border-color: var(--accent) }
textarea[aria-invalid] { border-color: var(--danger) }
`);

/**
 * Returns the rules for the brand: those of its theme; without a theme, its accent color and its background. Empty when
 * it has neither.
 */
function brandRules(brand: PageBrand): string {
  if (brand.theme) return themeRules(brand.theme, findBackgroundImage(brand));
  const rules: string[] = [];
  if (parseColor(brand.primaryColor)) {
    const [light, dark] = [accentFor(LIGHT, brand.primaryColor), accentFor(DARK, brand.primaryColor)];
    rules.push(`:root{--accent:${light}}@media (prefers-color-scheme:dark){:root{--accent:${dark}}}`);
  }
  const ground = toBackground(brand.pageBackground);
  // No text is on the background, because the card is in front of it. The dark scheme keeps its own background.
  if (ground) rules.push(`@media (min-width:481px) and (prefers-color-scheme:light){body{background:${ground}}}`);
  return rules.join('');
}

/** Returns the address of the picture behind the card, if it may be shown. */
export function findBackgroundImage({ theme }: PageBrand): string | undefined {
  const url = parseLogoUrl(theme?.groundImageUrl);
  // `URL` does not encode these characters in a query, and in a style sheet they would end the address.
  return url?.replace(/["'()\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/**
 * Returns the CSS class of a square in this color. Each color has its own class, because the page's policy forbids
 * style attributes.
 */
export function markClass(primaryColor: string | undefined): string {
  const colors = markColors(primaryColor);
  return colors ? `mark c${colors.ground.slice(1)}` : 'mark';
}

/** Returns the whole style sheet of a page. `markedColors` are the colors for which the page uses {@link markClass}. */
export function styleSheet(
  brand: PageBrand,
  markedColors: readonly (string | undefined)[],
  width: 'card' | 'wide' = 'card',
): string {
  const marks = new Map<string, string>();
  for (const color of [brand.primaryColor, ...markedColors]) {
    const colors = markColors(color);
    if (colors)
      marks.set(colors.ground, `.c${colors.ground.slice(1)}{background:${colors.ground};color:${colors.ink}}`);
  }
  return SHEET + (width === 'wide' ? WIDE : '') + brandRules(brand) + [...marks.values()].join('');
}
