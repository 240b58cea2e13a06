/**
 * `npm run -s people -- --count 500 --directory people.csv`: hires people of Globex into the running demo, and writes
 * the company's directory. On another tenant, such as the Auth0 double, it first creates the company; `--idp` is the
 * address of the company's identity provider, which the demo runs. Calls the tenant of `VESTIBULE_URL` with the machine
 * client `VESTIBULE_MANAGEMENT_CLIENT_ID`, as the commands of `vestibule` do.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseConfig } from '../../src/config/config.js';
import { StartError, toMessage } from '../../src/kernel/errors.js';
import { toPrintable } from '../../src/kernel/terminal-text.js';
import { Operator } from '../operator.js';
import { seedGlobex } from '../seed.js';
import { GLOBEX, MOST_PEOPLE, toDirectory } from './employees.js';
import { hirePeople, listMembers } from './hire.js';

const USAGE = 'npm run -s people -- --count 500 --directory people.csv';

function readOptions(): { count: number; directory: string; idp: string } {
  const options = {
    count: { type: 'string', default: '50' },
    directory: { type: 'string', default: 'people.csv' },
    idp: { type: 'string', default: 'http://localhost:3005' },
  } as const;
  const { values } = parseArgs({ options });
  const count = Number(values.count);
  if (Number.isInteger(count) && count > 0 && count <= MOST_PEOPLE) return { ...values, count };
  throw new StartError(`--count takes a whole number from 1 to ${MOST_PEOPLE}. Write: ${USAGE}`);
}

function openTenant(): Operator {
  const { origin, managementClient } = parseConfig(process.env);
  if (managementClient !== undefined) return new Operator(origin, managementClient);
  throw new StartError(
    'Set VESTIBULE_MANAGEMENT_CLIENT_ID and VESTIBULE_MANAGEMENT_CLIENT_SECRET, to the values that the demo was started with.',
  );
}

try {
  const { count, directory, idp } = readOptions();
  const operator = openTenant();
  const place = await seedGlobex(operator, idp);
  await hirePeople(operator, place, count);
  writeFileSync(directory, toDirectory(count));
  const members = await listMembers(operator, place.organizationId);
  console.log(`${GLOBEX.title} has ${members.length} members with a password each. Its directory is in ${directory}.`);
  console.log(
    `Next: npm run -s vestibule -- rollout plan --organization ${GLOBEX.name} --connection ${GLOBEX.connection} --directory ${directory}`,
  );
} catch (error) {
  console.error(toPrintable(toMessage(error)));
  process.exitCode = 2;
}
