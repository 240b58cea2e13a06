/**
 * Starts the demo on loopback: Vestibule with its tenant, two identity providers, an application, the stage and the
 * mailbox. Runs until Ctrl-C. The published package contains nothing of it.
 */
import { randomBytes } from 'node:crypto';
import { openLog } from '../src/compose/log.js';
import { type Server, startServer } from '../src/compose/server.js';
import { parseConfig } from '../src/config/config.js';
import { findHelp } from '../src/http/console-help.js';
import { StartError } from '../src/kernel/errors.js';
import { toPrintable } from '../src/kernel/terminal-text.js';
import { type Addresses, chooseAddresses, portOf } from './addresses.js';
import { startApplication } from './application.js';
import { findAtIdp, GLOBEX } from './company/employees.js';
import { allowStage } from './framing.js';
import { serveHelp } from './help.js';
import { startIdp } from './idp/start.js';
import { type NameServer, startNameServer } from './name-server.js';
import { Operator, type OperatorClient, type Tenant } from './operator.js';
import { DOMAIN } from './organization-settings/acme.js';
import { ADA, ADMIN } from './organization-settings/tenant.js';
import { CAST } from './people.js';
import { describeDemo, describeMoves } from './printed.js';
import { PhoneAndPaper } from './second-factor/phone-and-paper.js';
import { IDP_CLIENT_ID, seed } from './seed.js';
import { Player } from './stage/player.js';
import { startStage } from './stage/server.js';
import { Visits } from './visits.js';

interface Part {
  stop(): Promise<void>;
}

const OPERATOR_ID = 'demo-operator';
/** Loopback, where the demo's own identity providers listen. */
const LOOPBACK = '127.0.0.0/8,::1';

const newSecret = (): string => randomBytes(24).toString('base64url');

/**
 * Returns the environment of Vestibule: the demo's own settings, and the reader's variables that the demo does not set.
 */
function toConfig(env: NodeJS.ProcessEnv, addresses: Addresses, operator: OperatorClient, names: NameServer) {
  return parseConfig({
    DATABASE_URL: env.DATABASE_URL,
    VESTIBULE_DATA_DIR: env.VESTIBULE_DATA_DIR,
    VESTIBULE_SECRET_KEY: env.VESTIBULE_SECRET_KEY,
    VESTIBULE_LOG_LEVEL: env.VESTIBULE_LOG_LEVEL || 'warn',
    VESTIBULE_DNS_SERVERS: names.address,
    VESTIBULE_OUTBOUND_ALLOW: env.VESTIBULE_OUTBOUND_ALLOW || LOOPBACK,
    VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS: env.VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS || LOOPBACK,
    HOST: '127.0.0.1',
    PORT: String(portOf(addresses.vestibule)),
    VESTIBULE_URL: addresses.vestibule,
    VESTIBULE_MANAGEMENT_CLIENT_ID: operator.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: operator.secret,
  });
}

async function startIdps(addresses: Addresses, secret: string): Promise<Part[]> {
  const callback = `${addresses.vestibule}/login/callback`;
  const client = { id: IDP_CLIENT_ID, secret, callback };
  const { stage } = addresses;
  const people = [ADA, ...Object.values(CAST)]
    .filter((person) => person.atIdp)
    .map(({ key, name, email }) => ({ login: key, name, email }));
  const { mallory } = CAST;
  return [
    await startIdp({
      issuer: addresses.acmeIdp,
      company: 'Acme',
      accounts: people,
      assertsAnything: false,
      client,
      stage,
    }),
    await startIdp({
      issuer: addresses.evilIdp,
      company: 'Evil Corp',
      accounts: [{ login: mallory.key, name: mallory.name, email: mallory.email }],
      assertsAnything: true,
      client,
      stage,
    }),
    await startIdp({
      issuer: addresses.globexIdp,
      company: GLOBEX.title,
      accounts: [],
      findMore: findAtIdp,
      assertsAnything: false,
      client,
      stage,
    }),
  ];
}

function startNotebook(addresses: Addresses, operator: Operator, tenant: Tenant, visits: Visits): Promise<Part> {
  return startApplication({
    addresses,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    settingsClientId: tenant.settingsClientId,
    adminRole: ADMIN,
    secret: newSecret(),
    organizations: [
      { id: tenant.acmeId, title: 'Acme' },
      { id: tenant.evilId, title: 'Evil Corp' },
      { id: tenant.globexId, title: GLOBEX.title },
    ],
    findRoles: async (organizationId, userId) => {
      const roles = await operator.sdk.organizations.members.roles.list(organizationId, userId);
      return roles.data.map((role) => String(role.name));
    },
    visits,
  });
}

/** Starts every part. Adds each one to `parts` when it runs, so that a later failure can stop it. */
async function startAll(env: NodeJS.ProcessEnv, parts: Part[]): Promise<void> {
  // Checks the environment, PORT included, before it looks for ports or starts anything.
  const { managementClient: own } = parseConfig(env);
  // Uses the reader's own client, so that their commands and scripts can call the demo as well.
  const client = own ?? { id: OPERATOR_ID, secret: newSecret() };
  const { addresses, moves } = await chooseAddresses(env.PORT);
  const idpSecret = newSecret();
  const names = await startNameServer([DOMAIN]);
  parts.push(names);
  const config = toConfig(env, addresses, client, names);
  logger.level = config.logLevel;
  const visits = new Visits();
  const phone = new PhoneAndPaper();
  const server: Server = await startServer(config, {
    logger,
    // One click: the operators of the demo have a password alone, and the console says so.
    operatorMfa: 'none',
    onApp: (app) => {
      visits.watch(app, addresses.stage);
      allowStage(addresses.stage)(app);
      serveHelp(findHelp())(app);
      phone.watch(app);
    },
  });
  parts.push({ stop: () => server.close() });
  parts.push(...(await startIdps(addresses, idpSecret)));
  const operator = new Operator(addresses.vestibule, client);
  const tenant = await seed(operator, addresses, idpSecret);
  parts.push(await startNotebook(addresses, operator, tenant, visits));
  const provider = { clientId: IDP_CLIENT_ID, clientSecret: idpSecret };
  const deps = { server, operator, tenant, addresses, visits, phone, names, provider, dataDir: config.dataDir };
  parts.push(await startStage(deps, new Player(deps)));
  const colour = process.stdout.isTTY === true && !env.NO_COLOR;
  const where = config.databaseUrl === undefined ? config.dataDir : 'DATABASE_URL';
  for (const line of [...describeMoves(moves), ...describeDemo(addresses, where, colour)]) console.log(line);
}

/** Stops all parts, in the opposite order of their start. */
async function stopAll(parts: Part[]): Promise<void> {
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) await part.stop();
}

/** Ctrl-C reaches every process of `npm start`, and some pass it on. Signals within this time count as one. */
const SAME_SIGNAL_MS = 1000;

const logger = openLog({ logLevel: 'info' });
const parts: Part[] = [];
let askedAt: number | undefined;
let ready: Promise<void> = Promise.resolve();

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (askedAt !== undefined) {
    // A second Ctrl-C means that the reader does not want to wait.
    if (performance.now() - askedAt > SAME_SIGNAL_MS) process.exit(130);
    return;
  }
  askedAt = performance.now();
  // Closed connections are expected from here on, so they are not logged.
  logger.level = 'error';
  console.log(`\n${signal}: stopping …`);
  await ready.catch(() => undefined);
  await stopAll(parts);
  console.log('Stopped. What happened is kept for the next start.');
  process.exit(0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));

ready = startAll(process.env, parts);
try {
  await ready;
} catch (error) {
  await stopAll(parts);
  if (!(error instanceof StartError)) throw error;
  console.error(toPrintable(error.message));
  process.exit(1);
}
