/**
 * The code editor of an Action or a module. Marks the linter's findings at their lines. Saves nothing: the page around
 * it receives each change.
 */
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import { EditorView } from 'codemirror';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { Finding } from './answers';
import classes from './CodeEditor.module.css';
import { codeExtensions, completing } from './code-view';
import type { Names } from './complete';

const LINT_DELAY_MS = 500;

export interface CodeEditorHandle {
  /** Moves the cursor to a line and column, both counted from 1, and focuses the editor. */
  goTo(line: number, column: number): void;
}

export interface CodeEditorProps {
  readonly ref?: Ref<CodeEditorHandle>;
  /** Text for screen readers that names the editor: "Code of the Action". */
  readonly label: string;
  readonly code: string;
  readonly isReadOnly: boolean;
  onChange(code: string): void;
  /** The names that the editor completes after `event.` and `api.`; undefined for a module, which has neither. */
  readonly names: Names | undefined;
  /** Checks the code half a second after the last change. Undefined if the operator may not check code. */
  readonly check: ((code: string) => Promise<readonly Finding[]>) | undefined;
}

function offsetOf(view: EditorView, line: number, column: number): number {
  const { from, to } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  return Math.min(from + column - 1, to);
}

function toDiagnostic(view: EditorView, { severity, message, fix, line = 1, column = 1 }: Finding): Diagnostic {
  const from = offsetOf(view, line, column);
  const to = view.state.wordAt(from)?.to ?? Math.min(from + 1, view.state.doc.length);
  return { from, to: Math.max(from, to), severity, message: fix === undefined ? message : `${message}\n${fix}` };
}

export function CodeEditor({ ref, label, code, isReadOnly, onChange, names, check }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  // The editor is created only once, while the page passes new functions at each rendering. So it calls the newest
  // ones.
  const newest = useRef({ onChange, check, names });
  newest.current = { onChange, check, names };
  const isOutdated = useRef(false);
  const start = useRef(code);
  useEffect(() => {
    if (place.current === null) return;
    const source = async (editor: EditorView) => {
      const findings = (await newest.current.check?.(editor.state.doc.toString()).catch(() => [])) ?? [];
      return findings.map((finding) => toDiagnostic(editor, finding));
    };
    const made = new EditorView({
      doc: start.current,
      parent: place.current,
      extensions: [
        codeExtensions(label, isReadOnly),
        linter(source, {
          delay: LINT_DELAY_MS,
          needsRefresh: () => isOutdated.current,
        }),
        lintGutter(),
        completing(() => newest.current.names),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) newest.current.onChange(state.doc.toString());
        }),
      ],
    });
    view.current = made;
    return () => made.destroy();
  }, [label, isReadOnly]);
  useEffect(() => {
    start.current = code;
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === code) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: code } });
  }, [code]);
  // A new `check` means that a package, a module or a secret has changed, so the same code has to be checked again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed `check` is the reason to run this
  useEffect(() => {
    isOutdated.current = true;
    view.current?.dispatch({});
    isOutdated.current = false;
  }, [check]);
  useImperativeHandle(ref, () => ({
    goTo(line, column) {
      const editor = view.current;
      if (editor === undefined) return;
      editor.dispatch({ selection: { anchor: offsetOf(editor, line, column) }, scrollIntoView: true });
      editor.focus();
    },
  }));
  return <div ref={place} className={classes.editor} data-writes dir="ltr" />;
}
