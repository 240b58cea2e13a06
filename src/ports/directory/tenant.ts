/** Port: settings of the whole tenant. */
import type { Tenant } from '../../domain/tenant.js';

export interface TenantSettings extends Omit<Tenant, 'actions'> {
  /** Settings that are kept and given back but have no effect here. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface TenantDirectory {
  getSettings(): Promise<TenantSettings>;
  /** As `getSettings`, in a transaction: nobody else changes them before the end. For what is changed by what they were. */
  getSettingsForUpdate(): Promise<TenantSettings>;
  updateSettings(changes: Partial<TenantSettings>): Promise<TenantSettings>;
}
