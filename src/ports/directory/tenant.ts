/** Port: settings of the whole tenant. */
import type { TenantLook } from '../../domain/look.js';
import type { TenantColumns } from '../../management/tenant/fields.js';

export interface TenantSettings extends TenantColumns {
  /** Settings that are stored and returned but have no effect here. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Changed as branding, see branding.ts. */
  readonly look: TenantLook;
}

export interface TenantDirectory {
  getSettings(): Promise<TenantSettings>;
  /** As `getSettings`, in a transaction, and locked until its end. For changes that depend on the old value. */
  getSettingsForUpdate(): Promise<TenantSettings>;
  updateSettings(changes: Partial<Omit<TenantSettings, 'look'>>): Promise<TenantSettings>;
}
