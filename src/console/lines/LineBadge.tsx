/** The result of a log line as a word in a colour. The word alone says everything. */
import { Badge } from '@mantine/core';
import { type Tone, tellType } from './kinds';

const COLOURS: Readonly<Record<Tone, string>> = { refused: 'red', in: 'teal', neutral: 'gray' };

export function LineBadge({ type }: { readonly type: string }) {
  const { tone, label } = tellType(type);
  return (
    <Badge variant="light" color={COLOURS[tone]}>
      {label}
    </Badge>
  );
}
