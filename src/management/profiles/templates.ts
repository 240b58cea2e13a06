/**
 * The templates that `/connection-profiles/templates` and `/user-attribute-profiles/templates` show: bodies from which
 * an operator makes a profile. Only data, in the JSON of Auth0's document; nothing else reads it.
 */
import type { Wire } from '../api/operation.js';
import { USUAL_USER_ID } from '../my-organization/attributes.js';

export interface Template {
  readonly id: string;
  readonly display_name: string;
  readonly template: Wire;
}

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

/** Membership at login is left to customers: it counts for people of domains that they proved. */
export const CONNECTION_TEMPLATES: readonly Template[] = [
  {
    id: 'auth0-generic',
    display_name: 'Identity providers of customers',
    template: {
      name: 'Identity providers of customers',
      organization: { show_as_button: 'optional', assign_membership_on_login: 'optional' },
      connection_name_prefix_template: 'con-{org_id}-',
      enabled_features: ['scim'],
      connection_config: {},
    },
  },
];

const attribute = (
  label: string,
  field: string,
  saml: readonly string[] | undefined,
  scim: string,
  more: Wire = {},
): Wire => ({
  label,
  description: label,
  profile_required: field === 'email',
  auth0_mapping: field,
  oidc_mapping: { mapping: `\${context.tokenset.${field}}`, display_name: field },
  ...(saml && { saml_mapping: saml }),
  scim_mapping: scim,
  ...more,
});

export const ATTRIBUTE_TEMPLATES: readonly Template[] = [
  {
    id: 'auth0-generic',
    display_name: 'Usual attributes of people',
    template: {
      name: 'Usual attributes of people',
      user_id: {
        ...USUAL_USER_ID,
        strategy_overrides: { waad: { oidc_mapping: 'oid' }, samlp: { scim_mapping: 'userName' } },
      },
      user_attributes: {
        email: attribute(
          'Email',
          'email',
          [`${CLAIMS}/emailaddress`, 'email', 'mail'],
          'emails[primary eq true].value',
          {
            strategy_overrides: { waad: { scim_mapping: 'emails[type eq "work"].value' } },
          },
        ),
        given_name: attribute(
          'First name',
          'given_name',
          [`${CLAIMS}/givenname`, 'givenName', 'firstName'],
          'name.givenName',
        ),
        family_name: attribute(
          'Last name',
          'family_name',
          [`${CLAIMS}/surname`, 'familyName', 'lastName'],
          'name.familyName',
        ),
        // No SAML attribute: many providers send the address as `name`.
        name: attribute('Full name', 'name', undefined, 'displayName'),
        nickname: attribute('Nickname', 'nickname', ['nickname'], 'nickName'),
        preferred_username: attribute('Username', 'preferred_username', [`${CLAIMS}/upn`], 'userName'),
      },
    },
  },
];
