/** Port: the look of the tenant as an administrator reads and writes it. */
import type { StoredBranding, StoredTheme } from '../../management/branding/fields.js';

export interface BrandingDirectory {
  getBranding(): Promise<StoredBranding>;
  /** Returns the branding and locks it until the transaction is over. */
  getBrandingForUpdate(): Promise<StoredBranding>;
  replaceBranding(branding: StoredBranding): Promise<void>;
  findTheme(): Promise<StoredTheme | undefined>;
  /** Finds the theme; nobody else can write one until the transaction is over. */
  findThemeForUpdate(): Promise<StoredTheme | undefined>;
  /** Replaces the theme; undefined deletes it. */
  replaceTheme(theme: StoredTheme | undefined): Promise<void>;
  /** Finds the tenant's own template for a page. */
  findTemplate(name: string): Promise<string | undefined>;
  /** Stores a template. True when there was none of this name. */
  putTemplate(name: string, body: string): Promise<boolean>;
  deleteTemplate(name: string): Promise<void>;
}
