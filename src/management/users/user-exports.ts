/**
 * `/jobs/users-exports`: all users, or those of one connection, as a file. The job stores only the request. It is
 * complete as soon as its status is read, since the file is generated during its download (user-export-file.ts). Shows
 * the link only to callers who may read users.
 */
import { newId } from '../../kernel/ids.js';
import type { UserExportField, UserExportFormat, UserExportJob } from '../../ports/directory/user-exports.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, viewOf } from '../api/wire.js';
import { toExportLink } from './user-export-link.js';

interface ExportBody {
  readonly connection_id?: string;
  readonly format?: UserExportFormat;
  readonly limit?: number;
  readonly fields?: readonly { readonly name: string; readonly export_as?: string }[];
}

/**
 * Maximum number of fields in a file. For CSV, the number is Auth0's. A JSON field can be a whole object, so hardly
 * more are needed.
 */
const MAX_FIELDS: Readonly<Record<UserExportFormat, number>> = { csv: 30, json: 100 };
/** Largest `limit` that is stored. A larger one exports everybody. */
const MAX_PEOPLE = 2_147_483_647;

function toFields(format: UserExportFormat, fields: ExportBody['fields']): readonly UserExportField[] | undefined {
  if (fields !== undefined && fields.length > MAX_FIELDS[format])
    throw badBody(`An export as ${format} has at most ${MAX_FIELDS[format]} fields.`);
  return fields?.map(({ name, export_as }) => ({ name, ...(export_as !== undefined && { exportAs: export_as }) }));
}

interface ShownExport extends UserExportJob {
  readonly status: 'pending' | 'completed';
  readonly connection: string | undefined;
}

const FIELD = viewOf<UserExportField>({
  name: ['string', ({ name }) => name],
  'export_as?': ['string', ({ exportAs }) => exportAs],
});
/** An export in answers. */
export const EXPORT = viewOf<ShownExport>({
  id: ['string', ({ id }) => id],
  type: ['string', () => 'users_export'],
  status: ['string', ({ status }) => status],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  'connection_id?': ['string', ({ connectionId }) => connectionId],
  // Empty if the export has no connection: Auth0's schema requires the property.
  connection: ['string', ({ connection }) => connection ?? ''],
  format: ['string', ({ format }) => format],
  'limit?': ['integer', ({ limit }) => limit],
  'fields?': [listOf(FIELD.schema), ({ fields }) => fields?.map(FIELD.show)],
});

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const { connection_id: connectionId, format = 'json', limit, fields } = call.body as ExportBody;
  const connection = connectionId === undefined ? undefined : await call.directory.connections.find(connectionId);
  if (connectionId !== undefined && connection === undefined) throw badBody('The connection does not exist.');
  const job: UserExportJob = {
    id: newId(deps.entropy, 'job'),
    connectionId,
    format,
    limit: limit === undefined ? undefined : Math.min(limit, MAX_PEOPLE),
    fields: toFields(format, fields),
    clientId: call.caller.clientId,
    createdAt: call.now,
  };
  await call.directory.exports.create(job);
  return {
    body: EXPORT.show({ ...job, status: 'pending', connection: connection?.name }),
    ...(connectionId !== undefined && { log: { connectionId } }),
  };
}

/**
 * Returns the job in the path, if it is an export. Attack: a caller who may only create users reads another caller's
 * job, and with its link everybody's data. So such a caller gets no link.
 */
export async function findExport(deps: ManagementDeps, call: Call): Promise<Wire | undefined> {
  const job = await call.directory.exports.find(call.params.id ?? '', call.now);
  if (job === undefined) return undefined;
  const connection =
    job.connectionId === undefined ? undefined : await call.directory.connections.find(job.connectionId);
  const shown = EXPORT.show({ ...job, status: 'completed', connection: connection?.name });
  if (!call.caller.scopes.has('read:users')) return shown;
  return { ...shown, location: toExportLink(deps, job, call.now) };
}

/** Returns the operation that creates an export. */
export function exportOperation(deps: ManagementDeps): Operation {
  return {
    method: 'post',
    path: '/jobs/users-exports',
    summary: 'Create export users job',
    reply: EXPORT.schema,
    run: (call) => create(deps, call),
  };
}
