/**
 * A preview of the sign-in page in a theme. Where a text color is unreadable on its background, the preview uses black
 * or white; the real page darkens or lightens the color instead.
 */
import { Box } from '@mantine/core';
import type { CSSProperties } from 'react';
import { readableOn } from '../../parts/contrast';
import type { ThemeValues } from './theme-fields';

const LEAST_PX = 14;
const MOST_PX = 36;
const PILL = 999;

/** Returns functions that read values of a theme by path, such as `colors.header`. */
function readerOf(values: ThemeValues) {
  const text = (path: string) => String(values[path] ?? '');
  const number = (path: string) => Number(values[path] ?? 0);
  const size = (part: string) =>
    Math.min(MOST_PX, Math.max(LEAST_PX, (number('fonts.reference_text_size') * number(`fonts.${part}.size`)) / 100));
  const weight = (part: string) => (values[`fonts.${part}.bold`] === true ? 650 : 400);
  const radius = (style: string, path: string) =>
    text(style) === 'pill' ? PILL : text(style) === 'sharp' ? 0 : number(path);
  return { text, number, size, weight, radius };
}

type Read = ReturnType<typeof readerOf>;

function toCard({ text, number }: Read, hasShadow: boolean): CSSProperties {
  return {
    display: 'flex',
    flexDirection: 'column',
    gap: 12,
    width: 'min(18rem, 100%)',
    padding: 24,
    background: text('colors.widget_background'),
    border: `${number('borders.widget_border_weight')}px solid ${text('colors.widget_border')}`,
    borderRadius: number('borders.widget_corner_radius'),
    boxShadow: hasShadow ? '0 4px 16px rgb(0 0 0 / 20%)' : 'none',
  };
}

const PLACES: Readonly<Record<string, string>> = { left: 'start', right: 'end' };
const placeOf = (side: string) => PLACES[side] ?? 'center';

function Logo({ read }: { readonly read: Read }) {
  const url = read.text('widget.logo_url');
  const position = read.text('widget.logo_position');
  if (position === 'none') return null;
  const [height, alignSelf] = [read.number('widget.logo_height'), placeOf(position)];
  if (url.startsWith('https://')) return <img src={url} alt="" style={{ height, maxWidth: '100%', alignSelf }} />;
  const background = read.text('colors.primary_button');
  return <span style={{ width: height, height, borderRadius: 8, background, alignSelf }} />;
}

function Content({ read }: { readonly read: Read }) {
  const { text, number, size, weight, radius } = read;
  const style = (color: string, part: string, ground = 'widget_background') => ({
    color: readableOn(text(`colors.${ground}`), text(`colors.${color}`)),
    fontSize: size(part),
    fontWeight: weight(part),
  });
  const aligned = { textAlign: text('widget.header_text_alignment') as 'left' };
  return (
    <>
      <Logo read={read} />
      <span style={{ ...style('header', 'title'), ...aligned }}>Sign in to Acme</span>
      <span style={{ ...style('body_text', 'subtitle'), ...aligned }}>With your company’s address</span>
      <span style={style('input_labels_placeholders', 'input_labels')}>Email address</span>
      <span
        style={{
          ...style('input_filled_text', 'body_text', 'input_background'),
          padding: '8px 12px',
          background: text('colors.input_background'),
          border: `${number('borders.input_border_weight')}px solid ${text('colors.input_border')}`,
          borderRadius: radius('borders.inputs_style', 'borders.input_border_radius'),
        }}
      >
        nora@acme.example
      </span>
      <span style={style('error', 'body_text')}>An error looks like this.</span>
      <span
        style={{
          ...style('primary_button_label', 'buttons_text', 'primary_button'),
          padding: 10,
          textAlign: 'center',
          background: text('colors.primary_button'),
          border: `${number('borders.button_border_weight')}px solid ${text('colors.primary_button')}`,
          borderRadius: radius('borders.buttons_style', 'borders.button_border_radius'),
        }}
      >
        Continue
      </span>
      <span
        style={{
          ...style('links_focused_components', 'links'),
          textDecoration: text('fonts.links_style') === 'underlined' ? 'underline' : 'none',
        }}
      >
        Forgot your password?
      </span>
    </>
  );
}

export function ThemeSketch({ values }: { readonly values: ThemeValues }) {
  const read = readerOf(values);
  const picture = read.text('page_background.background_image_url');
  return (
    <Box
      aria-hidden
      style={{
        display: 'flex',
        justifyContent: placeOf(read.text('page_background.page_layout')),
        padding: 24,
        borderRadius: 8,
        background: read.text('page_background.background_color'),
        ...(picture.startsWith('https://') && {
          backgroundImage: `url(${JSON.stringify(picture)})`,
          backgroundSize: 'cover',
        }),
      }}
    >
      <div style={toCard(read, values['borders.show_widget_shadow'] === true)}>
        <Content read={read} />
      </div>
    </Box>
  );
}
