/**
 * The tenant's own words as logins read them. They stay in memory for one revision, which comes with the tenant's row in every login: so a
 * change is seen by the next page of every process, and a login without a change asks nothing more.
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

/** The revision and the texts in one statement: a change between two would file new texts under the old revision. */
const READ = `
select t.texts_revision as revision, c.prompt, c.language, c.screens
from tenant t left join custom_texts c on true where t.id = 1`;

/** Only a text in one of our own languages reaches a page; others (`fr-CA`) are kept for Auth0's tools. */
function toTexts(rows: readonly TextRow[]): CustomTexts {
  const texts: Record<string, Record<string, PromptTexts>> = {};
  for (const { prompt, language, screens } of rows) {
    if (prompt === null || toLanguage(language) !== language) continue;
    texts[language] ??= {};
    texts[language][prompt] = screens;
  }
  return texts;
}

/** Gives a tenant its texts. Without any, or with those of this revision in memory, nothing is asked. */
export type AddTexts = <T extends Pick<Tenant, 'textsRevision'>>(tenant: T) => Promise<T & Pick<Tenant, 'texts'>>;

/** A cache over single statements of `pool`. */
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
