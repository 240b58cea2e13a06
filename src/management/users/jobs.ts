/**
 * `/jobs`: bulk imports of users into a database connection, and the progress of every job. The request only queues the
 * job. A worker runs it, one user at a time (src/storage/jobs/run-user-imports.ts). The file is never logged and never
 * returned. Exports are in user-exports.ts.
 */
import { type Email, parseEmail } from '../../domain/people/email.js';
import { newId } from '../../kernel/ids.js';
import type { UserImportJob } from '../../ports/directory/user-imports.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, ManagementError, noJob } from '../api/errors.js';
import type { MultipartForm } from '../api/multipart.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, viewOf } from '../api/wire.js';
import { EXPORT, exportOperation, findExport } from './user-exports.js';
import { findVerification, VERIFICATION, verificationOperation } from './verification-job.js';

/** Maximum number of bytes of the whole request, as on Auth0. */
const LIMIT_BYTES = 512_000;
/** Maximum number of unfinished jobs of a tenant, as on Auth0. */
const MAX_ACTIVE = 2;

interface ImportBody {
  readonly connection_id: string;
  readonly upsert?: boolean;
  readonly external_id?: string;
  readonly send_completion_email?: boolean;
}

const FLAGS: ReadonlySet<string> = new Set(['upsert', 'send_completion_email']);
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/**
 * Returns the parts of the form as a body for Auth0's schema: flags are converted from strings, and the file is
 * represented by its size only.
 */
function toBody(form: MultipartForm): { body: unknown; file: Buffer } {
  const file = form.files.get('users');
  if (file === undefined) throw badBody("Must provide 'users' file as multipart part.");
  if (file.length === 0) throw badBody('Users file must not be empty.');
  if (!form.fields.has('connection_id')) throw badBody("Must provide 'connection_id' as multipart part.");
  const fields = [...form.fields].map(([name, value]) => [
    name,
    FLAGS.has(name) ? (BOOLEANS.get(value) ?? value) : value,
  ]);
  return { body: { users: `(a file of ${file.length} bytes)`, ...Object.fromEntries(fields) }, file };
}

/**
 * Returns the address to which the mail about a finished job is sent. Auth0 writes to all owners of the tenant; a
 * tenant here has one address, its `support_email`. Without it, no mail is sent, and the answer says so.
 */
async function findNotified(call: Call, body: ImportBody): Promise<Email | undefined> {
  if (body.send_completion_email === false) return undefined;
  return parseEmail((await call.directory.tenant.getSettings()).extra.support_email);
}

async function start(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ImportBody;
  const connection = await call.directory.connections.find(body.connection_id);
  if (connection === undefined) throw badBody('The connection does not exist.');
  if (connection.strategy !== 'auth0') throw badBody('Connection must be a database connection.');
  const job = {
    id: newId(deps.entropy, 'job'),
    connectionId: connection.id,
    upsert: body.upsert ?? false,
    externalId: body.external_id,
    notify: await findNotified(call, body),
    clientId: call.caller.clientId,
    createdAt: call.now,
  };
  if (!(await call.directory.imports.create({ ...job, file: call.file ?? Buffer.alloc(0) }, MAX_ACTIVE))) {
    throw new ManagementError(
      429,
      `There are ${MAX_ACTIVE} active import users jobs, please wait until some of them are finished and try again`,
    );
  }
  return {
    body: QUEUED.show({ ...job, status: 'pending', connection: connection.name }),
    log: { connectionId: connection.id },
    after: () => deps.onImportQueued(),
  };
}

type QueuedImport = Pick<
  UserImportJob,
  'id' | 'status' | 'createdAt' | 'connectionId' | 'upsert' | 'externalId' | 'notify'
>;

const IMPORT = viewOf<QueuedImport>({
  id: ['string', ({ id }) => id],
  type: ['string', () => 'users_import'],
  status: ['string', ({ status }) => status],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  connection_id: ['string', ({ connectionId }) => connectionId],
  upsert: ['boolean', ({ upsert }) => upsert],
  'external_id?': ['string', ({ externalId }) => externalId],
  send_completion_email: ['boolean', ({ notify }) => notify !== undefined],
});
const QUEUED = viewOf<QueuedImport & { readonly connection: string }>({
  ...IMPORT.rows,
  connection: ['string', ({ connection }) => connection],
});
const FAILED = viewOf<UserImportJob>({
  ...IMPORT.rows,
  'status_details?': ['string', ({ statusDetails }) => statusDetails],
});

interface ShownImport extends UserImportJob {
  readonly connection: string | undefined;
  /** Address of the errors of single users; undefined before the job has finished its file. */
  readonly location: string | undefined;
  readonly now: Date;
}

function percentageOf({ status, total, position }: UserImportJob): number | undefined {
  if (status === 'completed') return 100;
  if (status !== 'processing') return undefined;
  return total === 0 ? 0 : Math.floor((100 * position) / total);
}

function secondsLeftOf({ status, total, position, startedAt, now }: ShownImport): number | undefined {
  if (status === 'completed') return 0;
  if (status !== 'processing') return undefined;
  const elapsedMs = now.getTime() - (startedAt ?? now).getTime();
  const left = position === 0 ? 0 : ((total - position) * elapsedMs) / position;
  return Math.max(0, Math.ceil(left / 1000));
}

const SUMMARY = viewOf<UserImportJob>({
  failed: ['integer', ({ failed }) => failed],
  updated: ['integer', ({ updated }) => updated],
  inserted: ['integer', ({ inserted }) => inserted],
  total: ['integer', ({ total }) => total],
});
const SHOWN = viewOf<ShownImport>({
  ...FAILED.rows,
  'connection?': ['string', ({ connection }) => connection],
  'percentage_done?': ['integer', percentageOf],
  'time_left_seconds?': ['integer', secondsLeftOf],
  'location?': ['string', ({ location }) => location],
  'summary?': [SUMMARY.schema, (job) => (job.finishedAt === undefined ? undefined : SUMMARY.show(job))],
});

async function getJob(call: Call): Promise<UserImportJob> {
  const job = await call.directory.imports.find(call.params.id ?? '', call.now);
  if (job === undefined) throw noJob();
  return job;
}

async function show(deps: ManagementDeps, call: Call): Promise<Reply> {
  const mailed = await findVerification(call);
  if (mailed !== undefined) return { body: mailed };
  const exported = await findExport(deps, call);
  if (exported !== undefined) return { body: exported };
  const job = await getJob(call);
  const connection = await call.directory.connections.find(job.connectionId);
  const location = job.status === 'completed' ? `${deps.origin}/api/v2/jobs/${job.id}/errors` : undefined;
  return { body: SHOWN.show({ ...job, connection: connection?.name, location, now: call.now }) };
}

async function listErrors(deps: ManagementDeps, call: Call): Promise<Reply> {
  if ((await findVerification(call)) !== undefined) return { empty: true };
  if ((await findExport(deps, call)) !== undefined) return { empty: true };
  const job = await getJob(call);
  if (job.status === 'failed') return { body: FAILED.show(job) };
  const failures = await call.directory.imports.listFailures(job.id);
  return failures.length === 0 ? { empty: true } : { body: failures };
}

/** A job of any type. Every one has what a queued mail has, and each type has properties of its own. */
const JOB_REPLY = {
  ...VERIFICATION.schema,
  properties: { ...SHOWN.schema.properties, ...EXPORT.schema.properties, ...VERIFICATION.schema.properties },
};
const FAILURE = {
  type: 'object',
  required: ['user', 'errors'],
  properties: {
    user: ANY_OBJECT,
    errors: listOf(replyOf({ code: 'string', message: 'string' }, { path: 'string' })),
  },
};

/** Returns the operations on `/jobs`. */
export function jobOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'post',
      path: '/jobs/users-imports',
      summary: 'Create import users job',
      status: 202,
      reply: QUEUED.schema,
      refusals: [429],
      form: { limitBytes: LIMIT_BYTES, toBody },
      run: (call) => start(deps, call),
    },
    exportOperation(deps),
    verificationOperation(deps),
    {
      method: 'get',
      path: '/jobs/{id}',
      summary: 'Get a job',
      reply: JOB_REPLY,
      refusals: [404],
      run: (call) => show(deps, call),
    },
    {
      method: 'get',
      path: '/jobs/{id}/errors',
      summary: 'List what was wrong with single users of an import',
      reply: { oneOf: [{ type: 'array', items: FAILURE }, JOB_REPLY] },
      mayBeEmpty: true,
      refusals: [404],
      run: (call) => listErrors(deps, call),
    },
  ];
}
