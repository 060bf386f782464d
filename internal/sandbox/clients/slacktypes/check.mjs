// Holds messages and views, one line of JSON each, against the types of
// @slack/types. The types are turned into JSON Schema in which a property that a
// type does not name is an error. It answers each line with one: the list of
// what is wrong.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const types = dirname(createRequire(import.meta.url).resolve('@slack/types/package.json'));
const generator = createGenerator({ path: join(types, 'dist', 'index.d.ts'), skipTypeCheck: true, additionalProperties: false });
const ajv = new Ajv({ allErrors: true, strict: false });

const compiled = new Map();

/** The check for one exported type. */
function check(type) {
  if (!compiled.has(type)) compiled.set(type, ajv.compile(generator.createSchema(type)));
  return compiled.get(type);
}

/** The type of each kind of block, by what its property "type" says. */
const kinds = new Map();
const { definitions } = generator.createSchema('KnownBlock');
for (const { $ref } of definitions.KnownBlock.anyOf) {
  const name = $ref.replace('#/definitions/', '');
  for (const shape of [definitions[name], ...(definitions[name].anyOf ?? [])]) {
    if (shape.properties) kinds.set(shape.properties.type.const, name);
  }
}

/** What is wrong with a value, as lines that begin with the place. */
function wrong(type, value, place) {
  const valid = check(type);
  if (valid(value)) return [];
  const deepest = Math.max(...valid.errors.map((e) => e.instancePath.split('/').length));
  return valid.errors
    .filter((e) => e.instancePath.split('/').length === deepest)
    .map((e) => `${place}${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}

/** A block is held against the type of its own kind, which says best what is wrong. */
function wrongBlock(block, place) {
  const name = kinds.get(block?.type);
  return name ? wrong(name, block, place) : [`${place}/type is no kind of block: ${JSON.stringify(block?.type)}`];
}

/** What is wrong with each item of a list. */
function wrongItems(items, place, wrongItem) {
  return Array.isArray(items) ? items.flatMap((item, n) => wrongItem(item, `${place}/${n}`)) : [`${place} is no list`];
}

// What else may contain blocks allows any whatever, so those are held against KnownBlock apart.

function wrongAttachment({ blocks = [], ...rest }, place) {
  return [...wrong('MessageAttachment', rest, place), ...wrongItems(blocks, `${place}/blocks`, wrongBlock)];
}

function wrongLayout({ blocks = [], attachments = [], ...rest }) {
  const wrongs = [...wrongItems(blocks, '/blocks', wrongBlock), ...wrongItems(attachments, '/attachments', wrongAttachment)];
  const isView = rest.type !== undefined;
  return isView ? [...wrongs, ...wrong(rest.type === 'home' ? 'HomeView' : 'ModalView', { ...rest, blocks: [] }, '')] : wrongs;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(wrongLayout(JSON.parse(line)))}\n`);
}
