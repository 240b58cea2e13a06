/** A time in words ("3 minutes ago"), with the exact time as a tooltip. Accepts ISO 8601. */
import { Text } from '@mantine/core';
import { now } from '../clock';

const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long' });

/** Describes a time relative to `from`, for example "3 minutes ago" or "in 2 days". */
export function sayWhen(at: string, from: Date = now()): string {
  const seconds = Math.round((Date.parse(at) - from.getTime()) / 1_000);
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

export function Moment({ at }: { readonly at: string | undefined }) {
  if (at === undefined || Number.isNaN(Date.parse(at)))
    return (
      <Text span inherit>
        never
      </Text>
    );
  return (
    <time dateTime={at} title={exact.format(new Date(at))}>
      {sayWhen(at)}
    </time>
  );
}
