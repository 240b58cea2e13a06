/** Port: the look of the tenant as an administrator reads and writes it. */
import type { StoredBranding, StoredTheme } from '../../management/branding/fields.js';

export interface BrandingDirectory {
  getBranding(): Promise<StoredBranding>;
  /** As `getBranding`, in a transaction, and locked until its end. */
  getBrandingForUpdate(): Promise<StoredBranding>;
  replaceBranding(branding: StoredBranding): Promise<void>;
  findTheme(): Promise<StoredTheme | undefined>;
  /** As `findTheme`, in a transaction, and nobody else writes a theme until its end. */
  findThemeForUpdate(): Promise<StoredTheme | undefined>;
  /** Undefined takes it away. */
  replaceTheme(theme: StoredTheme | undefined): Promise<void>;
  /** The tenant's own template for a page. */
  findTemplate(name: string): Promise<string | undefined>;
  /** True where there was none of this name. */
  putTemplate(name: string, body: string): Promise<boolean>;
  deleteTemplate(name: string): Promise<void>;
}
