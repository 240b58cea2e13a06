/**
 * The form field for a background: none, one color, or two colors with a direction. Switching between one and two
 * colors keeps the first color.
 */
import { ColorInput, NumberInput, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { type Ground, isGradient } from './ground';

const PICKER = {
  popoverProps: { withinPortal: false },
  eyeDropperButtonProps: { 'aria-label': 'Pick a colour from the screen' },
};
const KINDS = [
  { value: 'none', label: 'Default' },
  { value: 'color', label: 'One colour' },
  { value: 'gradient', label: 'Two colours' },
];
const START = '#f0fdfa';
const END = '#e2e8f0';
const ANGLE = 35;

const kindOf = (ground: Ground) => (isGradient(ground) ? 'gradient' : ground === '' ? 'none' : 'color');

function turnInto(kind: string, ground: Ground): Ground {
  const first = isGradient(ground) ? ground.start : ground || START;
  if (kind === 'none') return '';
  return kind === 'color' ? first : { start: first, end: END, angle: ANGLE };
}

export interface GroundFieldProps {
  readonly label: string;
  readonly value: Ground;
  readonly disabled?: boolean;
  onChange(ground: Ground): void;
}

export function GroundField({ label, value, disabled = false, onChange }: GroundFieldProps) {
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <SegmentedControl
        aria-label={label}
        data={KINDS}
        value={kindOf(value)}
        onChange={(kind) => onChange(turnInto(kind, value))}
        disabled={disabled}
      />
      {typeof value === 'string' && value !== '' && (
        <ColorInput label="Colour" value={value} onChange={onChange} disabled={disabled} {...PICKER} />
      )}
      {isGradient(value) && (
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <ColorInput
            label="Start colour"
            value={value.start}
            onChange={(start) => onChange({ ...value, start })}
            disabled={disabled}
            {...PICKER}
          />
          <ColorInput
            label="End colour"
            value={value.end}
            onChange={(end) => onChange({ ...value, end })}
            disabled={disabled}
            {...PICKER}
          />
          <NumberInput
            label="Direction"
            suffix="°"
            min={0}
            max={360}
            value={value.angle}
            onChange={(angle) => onChange({ ...value, angle: Number(angle) })}
            disabled={disabled}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}
