// From the schema and every src/**/*.graphql: the types and texts of the documents that the page sends, and the
// manifest of them all by their SHA-256 (what a server needs that answers to documents it knows alone).
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as operationTypes from "@graphql-codegen/typescript-operations";
import {
  buildSchema,
  type DocumentNode,
  type FragmentDefinitionNode,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  validate,
  visit,
} from "graphql";
import { createRequest, formatDocument, stringifyDocument } from "urql";

const SCHEMA = "../app/api/schema.graphql";
const OUT = "generated";

const schemaText = readFileSync(SCHEMA, "utf8");
const schema = buildSchema(schemaText);
const files = globSync("src/**/*.graphql").sort();
const documents = files.map((location) => ({
  location,
  document: addTypenames(parse(readFileSync(location, "utf8"), { noLocation: true })),
}));
const definitions = documents.flatMap(({ document }) => document.definitions);
const fragments = new Map(
  definitions
    .filter(
      (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
    )
    .map((definition) => [definition.name.value, definition]),
);
const operations = definitions.filter(
  (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
);
const problems = validate(schema, { kind: Kind.DOCUMENT, definitions });
if (problems.length > 0) {
  console.error(problems.map((problem) => problem.toString()).join("\n\n"));
  process.exit(1);
}

mkdirSync(OUT, { recursive: true });
write("types.ts", await writeTypes());
write("documents.ts", writeDocuments());
write("persisted-documents.json", writeManifest());

/** Every selection of an object has __typename: the cache tells by it what a mutation changed. */
function addTypenames(document: DocumentNode): DocumentNode {
  const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } } as const;
  return visit(document, {
    SelectionSet: {
      leave(node, _key, parent) {
        const isOperation =
          parent && !Array.isArray(parent) && "kind" in parent && parent.kind === Kind.OPERATION_DEFINITION;
        const has = node.selections.some(
          (selection) => selection.kind === Kind.FIELD && selection.name.value === "__typename",
        );
        if (isOperation || has) return undefined;
        return { ...node, selections: [typename, ...node.selections] };
      },
    },
  });
}

async function writeTypes(): Promise<string> {
  return codegen({
    filename: `${OUT}/types.ts`,
    schema: parse(schemaText),
    schemaAst: schema,
    documents,
    plugins: [{ operationTypes: {} }],
    pluginMap: { operationTypes },
    config: {
      enumsAsTypes: true,
      enumType: "string-literal",
      strictScalars: true,
      scalars: {
        ID: "string",
        Date: "string",
        DateTime: "string",
        Decimal: "string",
        JSON: "Record<string, unknown>",
      },
      immutableTypes: true,
      useTypeImports: true,
      nonOptionalTypename: true,
      skipTypeNameForRoot: true,
      dedupeFragments: true,
      namingConvention: "keep",
    },
  });
}

/** An operation with the fragments it uses, as it is sent. */
function printWhole(operation: OperationDefinitionNode): string {
  const used = new Set<string>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread(spread) {
        const fragment = fragments.get(spread.name.value);
        if (fragment === undefined || used.has(spread.name.value)) return;
        used.add(spread.name.value);
        follow(fragment);
      },
    });
  };
  follow(operation);
  const text = [operation, ...[...used].sort().map((name) => fragments.get(name))]
    .map((definition) => (definition === undefined ? "" : print(definition)))
    .join("\n\n");
  // Letter for letter what the client sends: servers know a document by its hash.
  return stringifyDocument(formatDocument(createRequest(text, {}).query));
}

function nameOf(operation: OperationDefinitionNode): string {
  if (operation.name === undefined) throw new Error("An operation without a name cannot be imported.");
  return operation.name.value;
}

function suffixOf(operation: OperationDefinitionNode): string {
  return operation.operation.charAt(0).toUpperCase() + operation.operation.slice(1);
}

/** Documents are sent as text; at run time nothing needs the tree but the client's cache, which parses it. */
function writeDocuments(): string {
  const lines = [
    'import type { TypedDocumentNode } from "@graphql-typed-document-node/core";',
    'import type * as types from "./types";',
    "",
  ];
  for (const operation of operations) {
    const name = nameOf(operation);
    const type = `types.${name}${suffixOf(operation)}`;
    lines.push(
      `export const ${name} = ${JSON.stringify(printWhole(operation))} as unknown as TypedDocumentNode<${type}, ${type}Variables>;`,
    );
  }
  lines.push("", possibleTypes());
  return `${lines.join("\n")}\n`;
}

function possibleTypes(): string {
  const types = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const errors = types.find((type) => type.name === "Error");
  const names = errors === undefined ? [] : schema.getPossibleTypes(errors).map((type) => type.name);
  return `/** The types that say why a mutation did nothing. */\nexport const ERROR_TYPES: ReadonlySet<string> = new Set(${JSON.stringify(names.sort())});`;
}

function writeManifest(): string {
  const known = operations
    .map((operation) => ({ name: nameOf(operation), type: operation.operation, body: printWhole(operation) }))
    .map((entry) => ({ id: createHash("sha256").update(entry.body).digest("hex"), ...entry }))
    .sort((one, other) => one.name.localeCompare(other.name));
  return `${JSON.stringify({ format: "apollo-persisted-query-manifest", version: 1, operations: known }, null, 2)}\n`;
}

/** A file is written only if it changed, so that nothing is built again for its time alone. */
function write(name: string, text: string): void {
  const path = `${OUT}/${name}`;
  try {
    if (readFileSync(path, "utf8") === text) return;
  } catch {
    // It is not there yet.
  }
  writeFileSync(path, text);
}
