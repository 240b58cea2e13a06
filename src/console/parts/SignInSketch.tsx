/** A sketch of the sign-in page with a look that is being chosen. It shows colours and the logo; the server's page also keeps text readable. */
import { Box, Text } from '@mantine/core';
import classes from './SignInSketch.module.css';

export interface SignInSketchProps {
  /** The organization, or the tenant. */
  readonly name: string;
  readonly logoUrl?: string | undefined;
  /** Colours as CSS has them (`#0f766e`). */
  readonly primary?: string | undefined;
  readonly background?: string | undefined;
}

const HEX = /^#[0-9a-f]{6}$/i;
const PRIMARY = '#2558c4';

/** Brightness of a colour as WCAG 2 has it, 0 to 1. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Contrast of white on this colour (1 to 21); undefined for a text that is no colour. */
export function contrastOnWhite(hex: string): number | undefined {
  return HEX.test(hex) ? 1.05 / (luminance(hex) + 0.05) : undefined;
}

export function SignInSketch({ name, logoUrl, primary = '', background = '' }: SignInSketchProps) {
  const accent = HEX.test(primary) ? primary : PRIMARY;
  const label = (contrastOnWhite(accent) ?? 21) >= 4.5 ? '#ffffff' : '#000000';
  return (
    <Box className={classes.page} style={{ background: HEX.test(background) ? background : undefined }} aria-hidden>
      <div className={classes.card}>
        {logoUrl?.startsWith('https://') ? (
          <img src={logoUrl} alt="" className={classes.logo} />
        ) : (
          <span className={classes.initial} style={{ background: accent, color: label }}>
            {[...name][0] ?? 'V'}
          </span>
        )}
        <Text fw={650} size="lg" dir="auto" c="black">
          Sign in to {name}
        </Text>
        <span className={classes.field}>Email address</span>
        <span className={classes.button} style={{ background: accent, color: label }}>
          Continue
        </span>
      </div>
    </Box>
  );
}
