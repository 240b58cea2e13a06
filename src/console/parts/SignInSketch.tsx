/**
 * A preview of the sign-in page with the chosen colours and logo. The server's page also makes text readable if the
 * chosen colours do not.
 */
import { Box, Text } from '@mantine/core';
import { contrastOnWhite, isColor, READABLE } from './contrast';
import classes from './SignInSketch.module.css';

/** Two colours, and the direction from the first to the second in degrees. */
export interface Gradient {
  readonly start: string;
  readonly end: string;
  readonly angle: number;
}

export interface SignInSketchProps {
  /** Name of the organization or the tenant on the page. */
  readonly name: string;
  readonly logoUrl?: string | undefined;
  /** Colour of the button and of the initial in place of a logo, as `#0f766e`. The background has the same form. */
  readonly primary?: string | undefined;
  readonly background?: string | Gradient | undefined;
}

const PRIMARY = '#2558c4';

function toBackground(background: string | Gradient): string | undefined {
  if (typeof background === 'string') return isColor(background) ? background : undefined;
  const { start, end, angle } = background;
  return isColor(start) && isColor(end) ? `linear-gradient(${angle}deg, ${start}, ${end})` : undefined;
}

export function SignInSketch({ name, logoUrl, primary = '', background = '' }: SignInSketchProps) {
  const accent = isColor(primary) ? primary : PRIMARY;
  const label = (contrastOnWhite(accent) ?? 21) >= READABLE ? '#ffffff' : '#000000';
  return (
    <Box className={classes.page} style={{ background: toBackground(background) }} aria-hidden>
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
