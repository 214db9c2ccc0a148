// Prints JSON Schemas of the kinds, made from their types: each field with its type, every other refused.
import { createRequire } from 'node:module';
import { kinds } from './kinds.mjs';

const require = createRequire(import.meta.url);
const { createGenerator } = require('ts-json-schema-generator');
const ts = require('typescript');

const options = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  // Without it a field that may be null is not told from one that may be left out.
  strictNullChecks: true,
  noEmit: true,
};

const schema = ({ name, types }) => {
  const tsProgram = ts.createProgram([types], options);
  return createGenerator({ tsProgram, skipTypeCheck: true, jsDoc: 'none' }).createSchema(name);
};

const made = Object.entries(kinds).map(([key, each]) => [key, schema(each)]);
process.stdout.write(JSON.stringify(Object.fromEntries(made)));
