/** Judges a text by rules of prose, through textlint. Opens no file. */
import { createRequire } from 'node:module';
import { TextlintKernel, type TextlintRuleModule } from '@textlint/kernel';
import type { TextlintPluginCreator } from '@textlint/types';
import { keepComments } from './comments.js';
import { cells, glossary, lines, sentences } from './rules.js';

export interface Finding {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** CommonJS, whose default export loaders of TypeScript find in different places. */
const load = (name: string): TextlintPluginCreator =>
  (createRequire(import.meta.url)(name) as { readonly default: TextlintPluginCreator }).default;

const PLUGINS = {
  '.md': { pluginId: 'markdown', plugin: load('@textlint/textlint-plugin-markdown') },
  '.txt': { pluginId: 'text', plugin: load('@textlint/textlint-plugin-text') },
};
const kernel = new TextlintKernel();

/** The findings of `rules` in a text; `ext` says how it is read. */
export async function judge(
  text: string,
  ext: keyof typeof PLUGINS,
  rules: Readonly<Record<string, TextlintRuleModule>>,
): Promise<readonly Finding[]> {
  const { messages } = await kernel.lintText(text, {
    ext,
    plugins: [PLUGINS[ext]],
    rules: Object.entries(rules).map(([ruleId, rule]) => ({ ruleId, rule })),
  });
  return messages.map(({ line, message }) => ({ line, message }));
}

/** The findings in a document (`.md`) or in the comments of a source; `path` says which of the two. */
export function judgeFile(path: string, text: string): Promise<readonly Finding[]> {
  if (path.endsWith('.md')) return judge(text, '.md', { glossary, sentences, cells, lines });
  return judge(keepComments(text, path), '.txt', { glossary });
}
