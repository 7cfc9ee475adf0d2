// Reads {"sdl": text, "introspected": answer, "documents": {name: text}} and says, as JSON, what graphql-js finds wrong
// with the schema and, where that is sound, with each document; and what keeps it from reading the schema that
// introspection answers, printed with all its directives, as the tools print it that make clients.

import { readFileSync } from "node:fs";
import {
    buildClientSchema, buildSchema, parse, printIntrospectionSchema, printSchema, validate, validateSchema,
} from "graphql";

const { sdl, introspected, documents } = JSON.parse(readFileSync(0, "utf8"));
const told = (errors) => errors.map((error) => error.message);

const whyNotRead = (answer) => {
    try {
        const schema = buildClientSchema(answer);
        parse(`${printSchema(schema)}\n${printIntrospectionSchema(schema)}`);
        return told(validateSchema(schema));
    } catch (error) {
        return [error.message];
    }
};

const schema = buildSchema(sdl);
const faults = told(validateSchema(schema));
const read = faults.length === 0 ? Object.entries(documents) : [];
const found = read.map(([name, text]) => [name, told(validate(schema, parse(text)))]);

process.stdout.write(JSON.stringify({
    schema: faults,
    introspected: introspected ? whyNotRead(introspected) : [],
    documents: Object.fromEntries(found),
}));
