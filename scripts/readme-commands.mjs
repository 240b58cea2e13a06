/**
 * Prints the two commands of README.md's first shell block, one per line, without comments. `.ci/run` runs them, so the
 * README cannot promise something else. Plain JavaScript, because it runs before `npm ci`.
 */
import { readFileSync } from 'node:fs';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const block = /^```sh\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? '';
const commands = block
  .split('\n')
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');
if (commands.length !== 2 || !commands[0]?.endsWith('npm start') || !commands[1]?.endsWith('npm test')) {
  console.error(`README.md: its first \`\`\`sh block must be the two commands (start, then test), it is:\n${block}`);
  process.exit(1);
}
console.log(commands.join('\n'));
