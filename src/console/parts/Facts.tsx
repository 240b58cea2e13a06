/** Names and values side by side; one below the other if there is no room. A missing value is shown as missing. */
import { Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import classes from './Facts.module.css';

export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <div className={classes.room}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd dir="auto">
              {value === undefined || value === '' ? (
                <Text c="dimmed" span>
                  none
                </Text>
              ) : (
                value
              )}
            </dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}
