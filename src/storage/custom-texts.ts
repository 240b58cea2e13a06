/**
 * Reads the tenant's own texts for the login pages, and caches them for one revision. Each login reads the current
 * revision with the tenant's row. So every process shows a change on its next page, and a login sends no query while
 * nothing changed.
 */
import type { Pool } from 'pg';
import type { CustomTexts, PromptTexts } from '../domain/look/custom-text.js';
import { toLanguage } from '../domain/look/languages.js';
import type { Tenant } from '../domain/tenant.js';
import { queryRows } from './database/pool.js';

interface TextRow {
  readonly revision: string;
  readonly prompt: string | null;
  readonly language: string;
  readonly screens: PromptTexts;
}

/**
 * Reads revision and texts in one statement: a change between two statements would cache new texts under the old
 * revision.
 */
const READ = `
select t.texts_revision as revision, c.prompt, c.language, c.screens
from tenant t left join custom_texts c on true where t.id = 1`;

/** Keeps only texts in the languages of the pages. Others (`fr-CA`) are stored for Auth0's tools. */
function toTexts(rows: readonly TextRow[]): CustomTexts {
  const texts: Record<string, Record<string, PromptTexts>> = {};
  for (const { prompt, language, screens } of rows) {
    if (prompt === null || toLanguage(language) !== language) continue;
    texts[language] ??= {};
    texts[language][prompt] = screens;
  }
  return texts;
}

/**
 * Function that adds the custom texts to a tenant. Sends no query when the tenant has none or their revision is cached.
 */
export type AddTexts = <T extends Pick<Tenant, 'textsRevision'>>(tenant: T) => Promise<T & Pick<Tenant, 'texts'>>;

/** Creates the function that adds texts, with a separate cache. It reads by single statements of `pool`. */
export function createAddTexts(pool: Pool): AddTexts {
  let kept: { readonly revision: string; readonly texts: CustomTexts } | undefined;
  return async (tenant) => {
    const { textsRevision: wanted = '' } = tenant;
    if (wanted === '') return tenant;
    if (kept?.revision !== wanted) {
      const rows = await queryRows<TextRow>(pool, READ, []);
      kept = { revision: rows[0]?.revision ?? '', texts: toTexts(rows) };
    }
    return { ...tenant, texts: kept.texts };
  };
}
