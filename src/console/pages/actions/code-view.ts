/**
 * Sets up CodeMirror for these pages: the nonce that the page's Content-Security-Policy demands of style sheets, the
 * colors, and the keyboard. Tab indents. After Escape, Tab leaves the editor instead (CodeMirror allows this for two
 * seconds).
 */
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript';
import { basicSetup, EditorView } from 'codemirror';
import { readNonce } from '../../server-facts';
import { listNames, type Names, readAsked } from './complete';

export type Extension = typeof basicSetup;

const INDENT = '  ';

/** Inserts two spaces before each selected line; without a selection, at the cursor. */
function indent(view: EditorView): void {
  const { main } = view.state.selection;
  if (main.empty) {
    view.dispatch({ changes: { from: main.from, insert: INDENT }, selection: { anchor: main.from + INDENT.length } });
    return;
  }
  const first = view.state.doc.lineAt(main.from).number;
  const last = view.state.doc.lineAt(main.to).number;
  const starts = Array.from({ length: last - first + 1 }, (_, at) => view.state.doc.line(first + at).from);
  view.dispatch({ changes: starts.map((from) => ({ from, insert: INDENT })) });
}

const tabIndents: Extension = EditorView.domEventHandlers({
  keydown(event, view) {
    if (event.key !== 'Tab' || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
    event.preventDefault();
    indent(view);
    return true;
  },
});

const paper: Extension = EditorView.theme({
  '&': { fontSize: '14px', backgroundColor: '#fff', color: '#1b1f24' },
  '&.cm-focused': { outline: '2px solid #2558c4', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace' },
  // The library's own red has a contrast of only 3.8:1 with the colors of the code.
  '.cm-deletedChunk .cm-deletedText': { background: '#fde5e3 !important' },
  '.cm-gutters': { backgroundColor: '#f6f7f9', color: '#5c6370' },
});

/** The part of CodeMirror's completion context that is read here. */
interface Context {
  readonly pos: number;
  readonly state: { sliceDoc(from: number, to: number): string };
}

/** Longest text before the cursor that is looked at: a path of names is far shorter. */
const LOOKED_AT = 200;

/** Completes the names of an Action in the editor. `findNames` returns those of the moment. */
export const completing = (findNames: () => Names | undefined): Extension =>
  javascriptLanguage.data.of({
    autocomplete({ pos, state }: Context) {
      const names = findNames();
      const asked = readAsked(state.sliceDoc(Math.max(0, pos - LOOKED_AT), pos));
      if (names === undefined || asked === undefined) return null;
      return { from: pos - asked.typed, options: listNames(names, asked), validFor: /^\w*$/ };
    },
  });

/** Returns the CodeMirror extensions of every code view. `label` names the view for screen readers. */
export function codeExtensions(label: string, isReadOnly: boolean): Extension {
  return [
    basicSetup,
    javascript(),
    paper,
    EditorView.lineWrapping,
    EditorView.cspNonce.of(readNonce()),
    EditorView.contentAttributes.of({
      'aria-label': label,
      ...(isReadOnly && { tabindex: '0', 'aria-readonly': 'true' }),
    }),
    isReadOnly ? EditorView.editable.of(false) : tabIndents,
  ];
}
