/**
 * Against short operations for endless answers: pages of pages of pages, fragments that double at every level, one costly
 * field under many aliases. What an operation may come to is reckoned before it is executed.
 */

import {
  type ASTVisitor,
  type FieldNode,
  getNamedType,
  GraphQLError,
  type GraphQLNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";
import type { Plugin } from "graphql-yoga";
import { MAX_PAGE, PAGE } from "../schema/forward_pages.ts";

/** Fields in an answer, those of every object in a page counted. */
const MAX_FIELDS = 100_000;
/** What a field of the root counts as: it may check a layout, or import one. */
const ROOT_FIELD = 2000;

/** What fields count as that are read or made anew each time, and may be as large as a whole layout or picture. */
const HEAVY: ReadonlyMap<string, number> = new Map([["dataUrl", 500], ["json", 200], ["layout", 200], ["svg", 500]]);

/** Refuses operations whose answers may have too many fields, as validation does. */
export function useQueryLimits(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(limitFields);
    },
  };
}

function limitFields(context: ValidationContext): ASTVisitor {
  const schema = context.getSchema();
  /** Fields of a fragment; none while they are being counted, so that cycles, which are errors of their own, end. */
  const fragments = new Map<string, number>();

  const count = (type: GraphQLNamedType | undefined, { selections }: SelectionSetNode): number =>
    selections.reduce((sum, node) => {
      switch (node.kind) {
        case Kind.FIELD:
          return sum + ofField(type, node);
        case Kind.INLINE_FRAGMENT: {
          const on = node.typeCondition === undefined ? type : schema.getType(node.typeCondition.name.value);
          return sum + count(on, node.selectionSet);
        }
        case Kind.FRAGMENT_SPREAD:
          return sum + ofFragment(node.name.value);
      }
    }, 0);

  const ofField = (parent: GraphQLNamedType | undefined, node: FieldNode): number => {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const own = HEAVY.get(node.name.value) ?? 1;
    if (node.selectionSet === undefined || field === undefined) return own;
    const takes = (argument: string) => field.args.some(({ name }) => name === argument);
    const times = takes("first") ? pageOf(node) : takes("ids") ? idsOf(node) : 1;
    return own + times * count(getNamedType(field.type), node.selectionSet);
  };

  const ofFragment = (name: string): number => {
    const known = fragments.get(name);
    const fragment = context.getFragment(name);
    if (known !== undefined || !fragment) return known ?? 0;
    fragments.set(name, 0);
    const fields = count(schema.getType(fragment.typeCondition.name.value), fragment.selectionSet);
    fragments.set(name, fields);
    return fields;
  };

  return {
    OperationDefinition(node) {
      const root = schema.getRootType(node.operation);
      const fields = count(root ?? undefined, node.selectionSet) + ROOT_FIELD * rootFields(node.selectionSet, context);
      if (fields <= MAX_FIELDS) return;
      const rule = `it may have ${fields} fields, at most ${MAX_FIELDS} (a field of the root counts as ${ROOT_FIELD})`;
      const message = `Cannot answer so much at once: ${rule}`;
      context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: "TOO_MANY_FIELDS" } }));
    },
  };
}

/** How many objects a page may have; a variable may stand for the most. */
function pageOf({ arguments: given = [] }: FieldNode): number {
  const value = given.find(({ name }) => name.value === "first")?.value;
  if (value === undefined || value.kind === Kind.NULL) return PAGE;
  return value.kind === Kind.INT ? Math.min(MAX_PAGE, Math.max(1, Number(value.value))) : MAX_PAGE;
}

/** How many objects are asked for by their ids; a variable may stand for the most, and more are refused when it is read. */
function idsOf({ arguments: given = [] }: FieldNode): number {
  const value = given.find(({ name }) => name.value === "ids")?.value;
  return value?.kind === Kind.LIST ? value.values.length : MAX_PAGE;
}

/** Fields of the root, those of fragments included. */
function rootFields(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  seen: Map<string, number> = new Map(),
): number {
  return selections.reduce((sum, node) => {
    if (node.kind === Kind.FIELD) return sum + 1;
    if (node.kind === Kind.INLINE_FRAGMENT) return sum + rootFields(node.selectionSet, context, seen);
    const name = node.name.value;
    const fragment = context.getFragment(name);
    if (!seen.has(name) && fragment) {
      seen.set(name, 0);
      seen.set(name, rootFields(fragment.selectionSet, context, seen));
    }
    return sum + (seen.get(name) ?? 0);
  }, 0);
}
