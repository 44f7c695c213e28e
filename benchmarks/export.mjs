// Writes N-Triples as JSON-LD with jsonld.js: node export.mjs MODULES DATA.nt CONTEXT OUTPUT
// N3.js reads the file: jsonld.js's own parser looks at every triple again for each new one.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, data, context, output] = process.argv.slice(2);
const required = createRequire(`${modules}/`);
const jsonld = required("jsonld");
const { Parser } = required("n3");
const start = performance.now();
const triples = new Parser({ format: "N-Triples" }).parse(readFileSync(data, "utf-8"));
console.log(JSON.stringify({ reading: (performance.now() - start) / 1000 }));
const expanded = await jsonld.fromRDF(triples);
const document = await jsonld.compact(expanded, JSON.parse(readFileSync(context, "utf-8")));
writeFileSync(output, JSON.stringify(document));
