/** Shows the difference of two versions of code in one text, with removed lines above added ones. Read only. */
import { unifiedMergeView } from '@codemirror/merge';
import { EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';
import classes from './CodeEditor.module.css';
import { codeExtensions } from './code-view';

export interface CodeDifferenceProps {
  readonly before: string;
  readonly after: string;
  /** Text for screen readers that names both versions. */
  readonly label: string;
}

export function CodeDifference({ before, after, label }: CodeDifferenceProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      doc: after,
      parent: place.current,
      extensions: [
        codeExtensions(label, true),
        unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } }),
      ],
    });
    return () => made.destroy();
  }, [before, after, label]);
  return <div ref={place} className={classes.editor} dir="ltr" />;
}
