/**
 * The six steps of a login in sentences, with evidence that the operator can unfold. The rule that decided is marked,
 * also in words.
 */
import { Badge, Code, Text } from '@mantine/core';
import { Facts } from '../parts/Facts';
import classes from './Trace.module.css';
import type { ToldLine, ToldStep } from './tell-trace';

const MARKS: Readonly<Record<ToldLine['verdict'] | 'none', { readonly sign: string; readonly says: string }>> = {
  yes: { sign: '✓', says: 'yes' },
  no: { sign: '✕', says: 'no' },
  asks: { sign: '?', says: 'asked' },
  nothing: { sign: '–', says: 'not applicable' },
  none: { sign: '–', says: 'not checked' },
};

function Mark({ verdict }: { readonly verdict: keyof typeof MARKS }) {
  const { sign, says } = MARKS[verdict];
  return (
    <span className={classes.mark} data-verdict={verdict} role="img" aria-label={says}>
      {sign}
    </span>
  );
}

const tellValue = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function Saying({ line }: { readonly line: ToldLine }) {
  return (
    <>
      <Mark verdict={line.verdict} />
      <span dir="auto">
        {line.says}{' '}
        {line.decides && (
          <Badge size="sm" variant="default" tt="none" fw={600}>
            decisive
          </Badge>
        )}
      </span>
    </>
  );
}

function Rule({ line }: { readonly line: ToldLine }) {
  const evidence = Object.entries(line.evidence).filter(([, value]) => value !== null && value !== undefined);
  if (evidence.length === 0)
    return (
      <li className={classes.rule} data-decides={line.decides || undefined}>
        <div className={classes.said}>
          <Saying line={line} />
        </div>
      </li>
    );
  return (
    <li className={classes.rule} data-decides={line.decides || undefined}>
      <details>
        <summary className={classes.said}>
          <Saying line={line} />
          <span className={classes.more}>evidence</span>
        </summary>
        <div className={classes.evidence}>
          <Facts
            facts={[
              ['rule', <Code key="rule">{line.rule}</Code>],
              ...evidence.map(([name, value]) => [name.replaceAll('_', ' '), tellValue(value)] as const),
            ]}
          />
        </div>
      </details>
    </li>
  );
}

export function Trace({ steps }: { readonly steps: readonly ToldStep[] }) {
  return (
    <ol className={classes.steps}>
      {steps.map(({ key, name, verdict, note, lines }) => (
        <li key={key} className={classes.step} data-verdict={verdict}>
          <Text fw={600} {...(verdict === 'none' && { c: 'dimmed' })}>
            {name}
          </Text>
          {note !== '' && (
            <Text size="sm" c="dimmed">
              {note}
            </Text>
          )}
          {lines.length > 0 && (
            <ul className={classes.rules}>
              {lines.map((line, index) => (
                // The lines of a trace never move.
                // biome-ignore lint/suspicious/noArrayIndexKey: a rule may speak twice.
                <Rule key={index} line={line} />
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}
