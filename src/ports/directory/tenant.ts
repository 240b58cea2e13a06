/** Port: settings of the whole tenant. */

import type { PromptTexts } from '../../domain/look/custom-text.js';
import type { TenantLook } from '../../domain/look/look.js';
import type { StoredProtection } from '../../management/attack-protection/fields.js';
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
  /** The settings of attack protection that were written. */
  getProtection(): Promise<StoredProtection>;
  /** As `getProtection`, in a transaction, and locked until its end. */
  getProtectionForUpdate(): Promise<StoredProtection>;
  replaceProtection(protection: StoredProtection): Promise<void>;
  /** The texts of a prompt in a language (any of Auth0's locales); empty where there are none. */
  getTexts(prompt: string, locale: string): Promise<PromptTexts>;
  /** Replaces them, and has every process read the texts again; without any text, nothing is kept. */
  setTexts(prompt: string, locale: string, texts: PromptTexts): Promise<void>;
}
