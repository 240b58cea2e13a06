/**
 * Faults in the SAML connector outside of the verification: to which login an answer belongs, who the person is, and
 * whose metadata count.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const CONNECTOR = 'test/connectors/saml/connector.test.ts';
const STORY = 'test/scenarios/saml.test.ts';

export const SAML_CONNECTOR_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/connectors/saml/connector.ts',
    ['an answer to another login', 'if (foreign) return foreign;', '', CONNECTOR],
    ['an upstream parameter in the place of the RelayState', '!OWN.has(name.toLowerCase())', 'true', CONNECTOR],
  ),
  ...mutantsOf(
    'src/connectors/saml/identity.ts',
    ['an address vouched for by a SAML IdP', 'emailVerified: false', 'emailVerified: true', CONNECTOR],
    ['a transient name', 'nameIdFormat === TRANSIENT', 'false', CONNECTOR],
    ['one of several values', 'values?.length === 1 &&', 'values !== undefined &&', CONNECTOR],
  ),
  ...mutantsOf('src/connectors/saml/idp-metadata.ts', [
    'metadata of another identity provider',
    "entities.filter((one) => attributeOf(one, 'entityID') === entityId)",
    'entities',
    CONNECTOR,
  ]),
  ...mutantsOf('src/connectors/saml/idp.ts', [
    'metadata fetched for each unknown certificate',
    'clock.monotonicMs() - known.loadedAtMs < MIN_AGE_MS',
    'false',
    CONNECTOR,
  ]),
  ...mutantsOf('src/connectors/saml/idp-initiated.ts', [
    'an unsolicited answer where none is taken',
    'if (option.enabled !== true)',
    'if (false)',
    STORY,
  ]),
];
