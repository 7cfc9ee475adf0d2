// Reads {"sdl": text, "documents": {name: text}} and says, as JSON, what graphql-js finds wrong with the schema and,
// where that is sound, with each document.

import { readFileSync } from "node:fs";
import { buildSchema, parse, validate, validateSchema } from "graphql";

const { sdl, documents } = JSON.parse(readFileSync(0, "utf8"));
const told = (errors) => errors.map((error) => error.message);

const schema = buildSchema(sdl);
const faults = told(validateSchema(schema));
const read = faults.length === 0 ? Object.entries(documents) : [];
const found = read.map(([name, text]) => [name, told(validate(schema, parse(text)))]);

process.stdout.write(JSON.stringify({ schema: faults, documents: Object.fromEntries(found) }));
