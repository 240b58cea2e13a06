/** Rules of prose for textlint: the glossary, lengths of sentences, lines and cells. They report; they change no text. */
import type { TextlintRuleContext, TextlintRuleReportHandler } from '@textlint/types';
import { SentenceSplitterSyntax, splitAST } from 'sentence-splitter';
import { StringSource } from 'textlint-util-to-string';
import { GLOSSARY } from './glossary.js';

/** Maximum number of words of a sentence, as the average of a page. */
const MAX_AVERAGE_WORDS = 25;
const MAX_CELL_CHARACTERS = 160;
const MAX_LINE_CHARACTERS = 200;

/** Reports home-made words, each with the field's own term. */
export function glossary({
  Syntax,
  RuleError,
  report,
  getSource,
  locator,
}: TextlintRuleContext): TextlintRuleReportHandler {
  return {
    [Syntax.Str](node) {
      const text = getSource(node);
      for (const { term, not } of GLOSSARY) {
        for (const wording of not) {
          const match = wording.exec(text);
          if (match === null) continue;
          const padding = locator.range([match.index, match.index + match[0].length]);
          report(node, new RuleError(`"${match[0]}": say "${term}"`, { padding }));
        }
      }
    },
  };
}

/** Reports a page whose sentences have more than 25 words on average. */
export function sentences({ Syntax, RuleError, report }: TextlintRuleContext): TextlintRuleReportHandler {
  let words = 0;
  let count = 0;
  return {
    [Syntax.Paragraph](node) {
      const split = splitAST(node as Parameters<typeof splitAST>[0]);
      for (const child of split.children) {
        if (child.type !== SentenceSplitterSyntax.Sentence) continue;
        const plain = new StringSource(child as unknown as ConstructorParameters<typeof StringSource>[0]).toString();
        const length = plain.split(/\s+/).filter((word) => /\w/.test(word)).length;
        if (length === 0) continue;
        words += length;
        count += 1;
      }
    },
    [Syntax.DocumentExit](node) {
      const average = count === 0 ? 0 : words / count;
      if (average > MAX_AVERAGE_WORDS)
        report(
          node,
          new RuleError(`sentences of ${average.toFixed(1)} words on average: at most ${MAX_AVERAGE_WORDS}`),
        );
    },
  };
}

/** Reports table cells with more than 160 characters. */
export function cells({ Syntax, RuleError, report, getSource }: TextlintRuleContext): TextlintRuleReportHandler {
  return {
    [Syntax.TableCell](node) {
      // Contains the bars of the cell, as the parser returns it.
      const text = getSource(node)
        .replace(/^\|\s*|\s*\|$/g, '')
        .replace(/\]\([^)]*\)/g, ']')
        .trim();
      if (text.length > MAX_CELL_CHARACTERS)
        report(node, new RuleError(`a cell of ${text.length} characters: at most ${MAX_CELL_CHARACTERS}, else a list`));
    },
  };
}

/** Reports lines with more than 200 characters, except rows of tables. */
export function lines({
  Syntax,
  RuleError,
  report,
  getSource,
  locator,
}: TextlintRuleContext): TextlintRuleReportHandler {
  return {
    [Syntax.Document](node) {
      let at = 0;
      for (const line of getSource(node).split('\n')) {
        if (line.length > MAX_LINE_CHARACTERS && !line.trimStart().startsWith('|'))
          report(
            node,
            new RuleError(`a line of ${line.length} characters: at most ${MAX_LINE_CHARACTERS}`, {
              padding: locator.at(at),
            }),
          );
        at += line.length + 1;
      }
    },
  };
}
