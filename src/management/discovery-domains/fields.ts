/** The settings of a discovery domain. */
import { type BodyOf, flag, oneOf, type RecordOf } from '../api/fields.js';

export const DOMAIN_FIELDS = {
  status: oneOf('status', ['pending', 'verified']),
  useForDiscovery: flag('use_for_organization_discovery', true),
} as const;

export type DomainSettings = RecordOf<typeof DOMAIN_FIELDS>;

/** The settings of a domain in requests. */
export type DomainSettingsBody = BodyOf<typeof DOMAIN_FIELDS>;
