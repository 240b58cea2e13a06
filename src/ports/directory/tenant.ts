/** Port: settings of the whole tenant. */

import type { StoredGuardian } from '../../domain/factors/factor.js';
import type { PromptTexts } from '../../domain/look/custom-text.js';
import type { TenantLook } from '../../domain/look/look.js';
import type { StoredProtection } from '../../management/attack-protection/fields.js';
import type { TenantColumns } from '../../management/tenant/fields.js';

export interface TenantSettings extends TenantColumns {
  /** Settings that are stored and returned but have no effect here. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** The look of the tenant's pages; the port in branding.ts changes it. */
  readonly look: TenantLook;
}

export interface TenantDirectory {
  getSettings(): Promise<TenantSettings>;
  /** Returns the settings and locks them until the transaction is over, for changes that depend on the old value. */
  getSettingsForUpdate(): Promise<TenantSettings>;
  updateSettings(changes: Partial<Omit<TenantSettings, 'look'>>): Promise<TenantSettings>;
  /** Returns the stored settings of attack protection. */
  getProtection(): Promise<StoredProtection>;
  /** Returns these settings and locks them until the transaction is over. */
  getProtectionForUpdate(): Promise<StoredProtection>;
  replaceProtection(protection: StoredProtection): Promise<void>;
  /** Returns which second factors the tenant accepts, and whom it asks for one. */
  getGuardian(): Promise<StoredGuardian>;
  /**
   * Returns these settings and locks them until the transaction is over. Every write by which somebody is asked for a
   * factor calls it, so that two writes at once cannot leave people without a factor that counts.
   */
  getGuardianForUpdate(): Promise<StoredGuardian>;
  replaceGuardian(guardian: StoredGuardian): Promise<void>;
  /** True when this server's own address is listed as a custom domain. */
  hasOwnDomain(): Promise<boolean>;
  /** Lists this server's own address as a custom domain, or leaves it out. False when that is so already. */
  setOwnDomain(isListed: boolean): Promise<boolean>;
  /** Returns the tenant's texts for a prompt in a language (any of Auth0's locales); empty if there are none. */
  getTexts(prompt: string, locale: string): Promise<PromptTexts>;
  /** Replaces the texts, and makes every process read them again; if `texts` is empty, deletes what is stored. */
  setTexts(prompt: string, locale: string, texts: PromptTexts): Promise<void>;
}
