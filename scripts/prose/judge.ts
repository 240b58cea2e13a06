/** Judges a text by rules of prose, through textlint. Opens no file. */
import { createRequire } from 'node:module';
import { TextlintKernel, type TextlintRuleModule } from '@textlint/kernel';
import type { TextlintPluginCreator } from '@textlint/types';
import { keepComments } from './comments.js';
import { cells, glossary, lines, sentences } from './rules.js';

export interface Finding {
  /** Line number, from 1. */
  readonly line: number;
  readonly message: string;
}

/** Loads a CommonJS module. Loaders of TypeScript put its default export in different places. */
const load = (name: string): TextlintPluginCreator =>
  (createRequire(import.meta.url)(name) as { readonly default: TextlintPluginCreator }).default;

const PLUGINS = {
  '.md': { pluginId: 'markdown', plugin: load('@textlint/textlint-plugin-markdown') },
  '.txt': { pluginId: 'text', plugin: load('@textlint/textlint-plugin-text') },
};
const kernel = new TextlintKernel();

/** Returns the findings of `rules` in a text. `ext` decides how the text is parsed. */
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

/**
 * Returns the findings in a document (`.md`) or in the comments of a source file. The extension of `path` decides
 * which.
 */
export function judgeFile(path: string, text: string): Promise<readonly Finding[]> {
  if (path.endsWith('.md')) return judge(text, '.md', { glossary, sentences, cells, lines });
  return judge(keepComments(text, path), '.txt', { glossary });
}
