/** `/branding/themes`: the tenant's single theme, always written as a whole. */
import type { ManagementDeps } from '../api/deps.js';
import { conflict, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { replyOf, wordOf } from '../api/wire.js';
import type { StoredTheme, ThemeBody } from './fields.js';

const named = (type: string, ...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, type]));
const CORNERS = wordOf('pill', 'rounded', 'sharp');
const SIDE = wordOf('left', 'center', 'right');
const FONT = replyOf({ bold: 'boolean', size: 'number' });
const BORDERS = replyOf({
  ...named('number', 'button_border_radius', 'button_border_weight', 'input_border_radius', 'input_border_weight'),
  ...named('number', 'widget_border_weight', 'widget_corner_radius'),
  buttons_style: CORNERS,
  inputs_style: CORNERS,
  show_widget_shadow: 'boolean',
});
const FONTS = replyOf({
  ...{ body_text: FONT, buttons_text: FONT, input_labels: FONT, links: FONT, subtitle: FONT, title: FONT },
  font_url: 'string',
  links_style: wordOf('normal', 'underlined'),
  reference_text_size: 'number',
});
const IDENTIFIERS = replyOf({
  login_display: wordOf('separate', 'unified'),
  otp_autocomplete: 'boolean',
  phone_display: replyOf({ formatting: 'string', masking: 'string' }),
});
const THEME_REPLY = replyOf(
  {
    themeId: 'string',
    displayName: 'string',
    borders: BORDERS,
    colors: { type: 'object', additionalProperties: { type: 'string' } },
    fonts: FONTS,
    page_background: replyOf({ background_color: 'string', background_image_url: 'string', page_layout: SIDE }),
    widget: replyOf({
      header_text_alignment: SIDE,
      logo_height: 'number',
      logo_position: wordOf('left', 'center', 'right', 'none'),
      logo_url: 'string',
      social_buttons_layout: wordOf('bottom', 'top'),
    }),
  },
  // Auth0 shows them in tenants with a feature of its own. Others refuse them, so an export from here must not add them.
  { identifiers: IDENTIFIERS },
);

const UNNAMED = 'Unnamed Theme';

const noTheme = (doing: string) => notFound(`There was an error ${doing} branding settings: invalid theme ID`);

async function create(deps: Pick<ManagementDeps, 'entropy'>, call: Call): Promise<Reply> {
  if ((await call.directory.branding.findThemeForUpdate()) !== undefined)
    throw conflict('There was an error updating branding settings: The theme already exists');
  const body = call.body as ThemeBody;
  const theme: StoredTheme = { displayName: UNNAMED, ...body, themeId: deps.entropy.bytes(12).toString('hex') };
  await call.directory.branding.replaceTheme(theme);
  return { body: theme };
}

async function get(call: Call): Promise<Reply> {
  const theme = await call.directory.branding.findTheme();
  const { themeId } = call.params;
  if (theme === undefined || (themeId !== undefined && themeId !== theme.themeId)) throw noTheme('retrieving');
  return { body: theme };
}

async function getForUpdate(call: Call, doing: string): Promise<StoredTheme> {
  const theme = await call.directory.branding.findThemeForUpdate();
  if (theme === undefined || theme.themeId !== call.params.themeId) throw noTheme(doing);
  return theme;
}

async function update(call: Call): Promise<Reply> {
  const { themeId, displayName } = await getForUpdate(call, 'updating');
  const theme: StoredTheme = { displayName, ...(call.body as ThemeBody), themeId };
  await call.directory.branding.replaceTheme(theme);
  return { body: theme };
}

async function remove(call: Call): Promise<Reply> {
  await getForUpdate(call, 'deleting');
  await call.directory.branding.replaceTheme(undefined);
  return {};
}

/** Returns the operations on `/branding/themes`. */
export function themeOperations(deps: ManagementDeps): Operation[] {
  const reply = THEME_REPLY;
  const path = '/branding/themes/{themeId}';
  const declared = { status: 200, reply, refusals: [404] } as const;
  return [
    {
      method: 'post',
      path: '/branding/themes',
      summary: 'Create the theme of the tenant',
      reply,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    { ...declared, method: 'get', path: '/branding/themes/default', summary: 'Get the default theme', run: get },
    { ...declared, method: 'get', path, summary: 'Get a theme', run: get },
    { ...declared, method: 'patch', path, summary: 'Update a theme', run: update },
    { method: 'delete', path, summary: 'Delete a theme', status: 204, refusals: [404], run: remove },
  ];
}
