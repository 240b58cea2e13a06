/**
 * `/prompts/{prompt}/custom-text/{language}`: the tenant's own texts for the pages, stored unchanged. They are plain
 * text, never rendered as markup.
 */
import { parsePromptTexts } from '../../domain/look/custom-text.js';
import { badBody } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';

const PATH = '/prompts/{prompt}/custom-text/{language}';
/** Schema of custom texts: an object for each screen, in it a string for each text's name. */
const TEXTS = {
  type: 'object',
  additionalProperties: { type: 'object', additionalProperties: { type: 'string' } },
} as const;

async function show({ directory, params }: Call): Promise<Reply> {
  return { body: await directory.tenant.getTexts(params.prompt ?? '', params.language ?? '') };
}

async function replace({ directory, params, body }: Call): Promise<Reply> {
  const texts = parsePromptTexts(params.prompt ?? '', body);
  if (typeof texts === 'string') throw badBody(texts);
  await directory.tenant.setTexts(params.prompt ?? '', params.language ?? '', texts);
  return { body: texts };
}

/** Returns the operations on the texts of a prompt. */
export function customTextOperations(): Operation[] {
  const shared = { path: PATH, status: 200, reply: TEXTS, refusals: [] } as const;
  return [
    { ...shared, method: 'get', summary: 'Get the texts of a prompt in a language', run: show },
    { ...shared, method: 'put', summary: 'Replace the texts of a prompt in a language', run: replace },
  ];
}
