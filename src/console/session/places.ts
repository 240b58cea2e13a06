/** Opens a sign-in without leaving the page: in a hidden frame, or in a separate window. */
import type { Place } from './authorize';

const SILENT_MS = 15_000;
const LOOK_MS = 500;

/** Opens a hidden frame. Its `ended` rejects after fifteen seconds without an answer. */
export function openFrame(url: string): Place {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Signing in';
  frame.src = url;
  document.body.append(frame);
  let timer: number | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    timer = window.setTimeout(() => reject(new Error('The server did not answer in time.')), SILENT_MS);
  });
  return {
    source: frame.contentWindow,
    ended,
    close() {
      window.clearTimeout(timer);
      frame.remove();
    },
  };
}

/** Opens a small window; browsers permit that only after a click. Its `ended` rejects when the window is closed. */
export function openWindow(url: string): Place {
  const beside = window.open(url, '_blank', 'popup,width=460,height=680');
  let timer: number | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    timer = window.setInterval(() => {
      if (beside === null || beside.closed) reject(new Error('The window was closed.'));
    }, LOOK_MS);
  });
  return {
    source: beside,
    ended,
    close() {
      window.clearInterval(timer);
      beside?.close();
    },
  };
}
