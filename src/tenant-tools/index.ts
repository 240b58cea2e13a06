/**
 * The exports of the tools for a tenant, Vestibule or Auth0: `vestibule rollout`, `vestibule guard`, and the client
 * that asks a tenant. The package has them as `vestibule/tenant-tools`. Loads nothing of the server.
 */
export { addGuard } from './commands/guard.js';
export { addRollout } from './commands/rollout.js';
export { getTenantAccess, type TenantOptions } from './commands/tenant-access.js';
export { RemoteError } from './remote/exchange.js';
export { connectTenant, type Endpoint } from './remote/tenant.js';
