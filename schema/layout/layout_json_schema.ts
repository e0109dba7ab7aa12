/** The JSON Schema of layouts, made from the GraphQL type `LayoutInput`: one source for both. */

import {
  getNullableType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import { type Keywords, RANGES } from "./layout_ranges.ts";

/** A JSON Schema or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Where a server offers the schema. */
export const LAYOUT_SCHEMA_PATH = "/layout.schema.json";

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  String: { type: "string" },
  Boolean: { type: "boolean" },
  Float: { type: "number" },
  Int: { type: "integer", minimum: -0x80000000, maximum: 0x7fffffff },
  Seed: { type: "integer", minimum: 0, maximum: 0xffffffff },
};

/**
 * The schema of layouts as files: JSON Schema, draft 2020-12. What it accepts, `LayoutInput` accepts, and so does
 * `resolveLayout` but for rules that concern several values at once.
 *
 * @param schema Holds `LayoutInput`.
 */
export function layoutJsonSchema(schema: GraphQLSchema): JsonSchema {
  const root = schema.getType("LayoutInput");
  if (!isInputObjectType(root)) throw new Error("The schema has no LayoutInput");
  const { properties, ...layout } = objectSchema(root);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    // Relative: resolved against the address that it was fetched from, whatever the server is called.
    $id: LAYOUT_SCHEMA_PATH.slice(1),
    title: "Parterre layout",
    ...layout,
    properties: {
      $schema: { type: "string", description: "The address of this schema, for editors; ignored." },
      ...properties as JsonSchema,
    },
    $defs: definitions(root),
  };
}

/** Every type below the root, by name. */
function definitions(root: GraphQLInputObjectType): JsonSchema {
  const found = new Map<string, JsonSchema>();
  const visit = (type: GraphQLInputObjectType) => {
    for (const field of Object.values(type.getFields())) {
      const inner = innermost(field.type);
      if (found.has(inner.toString()) || inner === root) continue;
      if (isEnumType(inner)) {
        const values = inner.getValues().map(({ name, description }) => `\`${name}\`: ${description}`);
        const description = [inner.description, ...values].join("\n");
        found.set(inner.name, { description, enum: inner.getValues().map(({ name }) => name) });
      } else if (isInputObjectType(inner)) {
        found.set(inner.name, {});
        found.set(inner.name, inner.isOneOf ? oneOfSchema(inner) : objectSchema(inner));
        visit(inner);
      }
    }
  };
  visit(root);
  return Object.fromEntries([...found].sort(([a], [b]) => a < b ? -1 : 1));
}

function objectSchema(type: GraphQLInputObjectType): JsonSchema {
  const fields = Object.values(type.getFields());
  const required = fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
  return {
    description: type.description,
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(type, field, true)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** Exactly one field, and not null. */
function oneOfSchema(type: GraphQLInputObjectType): JsonSchema {
  return {
    description: type.description,
    type: "object",
    oneOf: Object.values(type.getFields()).map((field) => ({
      properties: { [field.name]: fieldSchema(type, field, false) },
      required: [field.name],
      additionalProperties: false,
    })),
  };
}

function fieldSchema(parent: GraphQLInputObjectType, field: GraphQLInputField, mayBeNull: boolean): JsonSchema {
  const schema = typeSchema(getNullableType(field.type), `${parent.name}.${field.name}`);
  const nullable = mayBeNull && !isNonNullType(field.type);
  return { description: field.description, ...(nullable ? orNull(schema) : schema) };
}

function typeSchema(type: GraphQLInputType, place: string): JsonSchema {
  const range: Keywords = RANGES[place] ?? {};
  if (isListType(type)) {
    return { type: "array", items: typeSchema(getNullableType(type.ofType), `${place}[]`), ...range };
  }
  const scalar = SCALARS[type.toString()];
  return scalar === undefined ? { $ref: `#/$defs/${type}` } : { ...scalar, ...range };
}

/** The keywords of ranges concern one type each, and so let null pass; a reference does not. */
function orNull({ type, ...keywords }: JsonSchema): JsonSchema {
  if (type === undefined) return { anyOf: [keywords, { type: "null" }] };
  return { type: [type, "null"], ...keywords };
}

function innermost(type: GraphQLInputType): GraphQLInputType {
  if (isNonNullType(type) || isListType(type)) return innermost(type.ofType);
  return type;
}
