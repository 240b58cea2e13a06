/** Faults in `vestibule doctor` and in the address that answers it. */
import { type Mutant, mutantsOf } from './mutant.js';

const SEEN = 'test/attacks/health-seen.test.ts';
const OUTSIDE = 'test/doctor/outside.test.ts';
const OTHERS = 'test/doctor/other-servers.test.ts';
const INSTALLATION = 'test/doctor/installation.test.ts';

export const DOCTOR_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/http/seen.ts', [
    'strangers learn which proxies are trusted',
    'if (!isSeenQuestion(box, token, clock.now())) return',
    'if (token === undefined) return',
    SEEN,
  ]),
  ...mutantsOf('src/ports/seen-question.ts', [
    'the question of the doctor is good for ever',
    'until !== undefined && addSeconds(new Date(until), TOLERANCE_SECONDS) > now',
    'until !== undefined',
    SEEN,
  ]),
  ...mutantsOf('src/cli/doctor/outside.ts', [
    'addresses that anybody can choose are well',
    'if (forged.client !== madeUp) return [];',
    'if (madeUp) return [];',
    OUTSIDE,
  ]),
  ...mutantsOf('src/cli/doctor.ts', [
    'a password that a mail server repeats is printed',
    'toPrintable(hideSecrets(text, secrets))',
    'toPrintable(hideSecrets(text, []))',
    OTHERS,
  ]),
  ...mutantsOf('src/compose/doctor/mail.ts', [
    "the password of the tenant's mail server is printed",
    'hideSecrets(toMessage(error), [password])',
    'hideSecrets(toMessage(error), [])',
    OTHERS,
  ]),
  ...mutantsOf('src/compose/doctor/connections.ts', [
    'a connection without the secret that it sends is well',
    '(await directory.findClientSecret(record.id)) === undefined',
    '(await directory.findClientSecret(record.id)) === null',
    OTHERS,
  ]),
  ...mutantsOf('src/domain/companies/idp-destination.ts', [
    'a connection that shows a key is asked for a secret',
    "return options.token_endpoint_auth_method !== 'private_key_jwt' && options.type",
    'return options.type',
    OTHERS,
  ]),
  ...mutantsOf('src/storage/database/condition.ts', [
    'a pooler in transaction mode is not found',
    'const pooler = await findObstacle(() => checkPooler(pool, options));',
    'const pooler = await findObstacle(async () => {});',
    INSTALLATION,
  ]),
];
