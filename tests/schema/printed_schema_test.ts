/** The printed schema is the schema, and describes everything. */

import { strict as assert } from "node:assert";
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType } from "graphql";
import { schema } from "../../schema/index.ts";
import { printedSchema } from "../../schema/print.ts";

Deno.test("schema/schema.graphql is up to date; if not, run `deno task schema`", () => {
  const committed = Deno.readTextFileSync(new URL("../../schema/schema.graphql", import.meta.url));
  assert.equal(printedSchema(), committed);
});

Deno.test("every type, field, argument and value has a description", () => {
  const bare: string[] = [];
  const check = (place: string, { description }: { description?: string | null | undefined }) => {
    if (description === undefined || description === null || description.trim() === "") bare.push(place);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    check(type.name, type);
    if (isEnumType(type)) { for (const value of type.getValues()) check(`${type.name}.${value.name}`, value); }
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field);
        if ("args" in field) { for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name}:)`, arg); }
      }
    }
  }
  assert.deepEqual(bare, []);
});
