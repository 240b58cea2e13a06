/** Names and values beside each other, or above each other where there is no room. A value that is absent says so. */
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
