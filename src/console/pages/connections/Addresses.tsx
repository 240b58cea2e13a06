/**
 * The addresses of this server that an administrator enters at the identity provider, each with a copy button. None of
 * them is secret.
 */
import { Anchor } from '@mantine/core';
import { isSaml } from '../../../facts/strategies.js';
import { CopyText } from '../../parts/CopyText';
import { Facts } from '../../parts/Facts';

export interface AddressesProps {
  readonly strategy: string;
  /** Name of the connection, which is a part of SAML addresses. Undefined before the connection has a name. */
  readonly name: string | undefined;
  /** The SAML entity id that the connection's options set for this server, if they do. */
  readonly entityId?: string | undefined;
}

export function Addresses({ strategy, name, entityId }: AddressesProps) {
  const { origin, hostname } = window.location;
  if (!isSaml(strategy))
    return (
      <Facts
        facts={[['Redirect address', <CopyText key="redirect" text={`${origin}/login/callback`} name="the address" />]]}
      />
    );
  if (name === undefined || name === '')
    return <p>Enter the connection’s name first, because the SAML addresses contain it.</p>;
  const query = `?connection=${encodeURIComponent(name)}`;
  const metadata = `${origin}/samlp/metadata${query}`;
  return (
    <Facts
      facts={[
        [
          'Sign-on address (ACS URL)',
          <CopyText key="acs" text={`${origin}/login/callback${query}`} name="the sign-on address" />,
        ],
        [
          'Entity ID (audience)',
          <CopyText key="entity" text={entityId ?? `urn:auth0:${hostname}:${name}`} name="the entity ID" />,
        ],
        [
          'Metadata (contains both)',
          <span key="metadata">
            <CopyText text={metadata} name="the metadata’s address" />
            <Anchor href={metadata} size="sm" target="_blank" rel="noreferrer">
              Open metadata
            </Anchor>
          </span>,
        ],
      ]}
    />
  );
}
