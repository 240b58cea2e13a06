/**
 * A warning about settings that promise a protection, are set, and have no effect on this server. They usually came with
 * a script or an export of an Auth0 tenant. Shows nothing without such a setting.
 */
import { Alert, Anchor, Code, List } from '@mantine/core';
import { findAsked } from '../../facts/without-effect';
import { toHelp } from '../help-pages';

interface Props {
  /** Path of the resource in the Management API. */
  readonly path: string;
  /** The resource as the API shows it. */
  readonly settings: object;
  /** Strategy of a connection. */
  readonly strategy?: string;
}

export function WithoutEffectNote({ path, settings, strategy }: Props) {
  const rows = findAsked(path, settings, strategy).filter(({ promises }) => promises);
  if (rows.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" title="Do not rely on these settings">
      They were set with the API and have no effect on this server:
      <List size="sm" my="xs">
        {rows.map(({ property, because }) => (
          <List.Item key={property}>
            <Code>{property}</Code>: {because}
          </List.Item>
        ))}
      </List>
      <Anchor size="sm" c="inherit" href={toHelp('compatibility/without-effect.md')} target="_blank" rel="noopener">
        All settings without effect
      </Anchor>
    </Alert>
  );
}
