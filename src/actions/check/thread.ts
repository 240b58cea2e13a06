/**
 * The program of the linter's thread: checks one piece of code after another and answers each with one message. Bundled
 * by scripts/build-actions.mjs. check-thread.ts starts the thread, and terminates it when a check takes too long. Never
 * executes the code.
 */
import { parentPort } from 'node:worker_threads';
import type { LintQuestion } from './judge.js';
import { judgeAction, judgeModule } from './judge.js';

parentPort?.on('message', (question: LintQuestion) => {
  parentPort?.postMessage(question.kind === 'action' ? judgeAction(question.source) : judgeModule(question.code));
});
parentPort?.postMessage('ready');
