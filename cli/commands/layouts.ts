/** `layouts`: the layouts that a server keeps. */

import type { Command } from "@commander-js/extra-typings";
import { connect, type Connection } from "../connection.ts";
import { ERROR_FIELDS, type ErrorAnswer, failed, INPUT_ERROR_FIELDS, refused } from "../failure.ts";
import { type ConnectionValues, examples, outputOf, wholeNumber, withConnection } from "../options.ts";
import { columns } from "../output.ts";
import { readObject } from "../source_file.ts";
import { TargetFile } from "../target_file.ts";

/** A saved layout, as the commands list it. */
interface Saved {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const SAVED = "id name version createdAt updatedAt";

const LIST = `query Layouts($name: String, $after: String) {
  layouts(name: $name, after: $after, first: 100) {
    edges { node { ${SAVED} } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface List {
  readonly layouts: {
    readonly edges: readonly { readonly node: Saved }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const GET = `query Layout($id: ID!) { layout(id: $id) { layout { json } } }`;
const GET_VERSION = `query Layout($id: ID!, $version: Int!) {
  layout(id: $id) { atVersion(version: $version) { layout { json } } }
}`;

interface Get {
  readonly layout: Body & { readonly atVersion?: Body | null } | null;
}

interface Body {
  readonly layout?: { readonly json: unknown };
}

const SAVE = `mutation Save($input: SaveLayoutInput!) {
  saveLayout(input: $input) { ... on SavedLayout { ${SAVED} } ${INPUT_ERROR_FIELDS} }
}`;

const DELETE = `mutation Delete($id: ID!) {
  deleteLayout(id: $id) { ... on SavedLayout { ${SAVED} } ${ERROR_FIELDS} }
}`;

/** Adds the commands. */
export function addLayouts(program: Command): void {
  const layouts = program.command("layouts").description("List, export, save and delete the layouts that are kept.");

  withConnection(
    layouts.command("list", { isDefault: true }).description("List the layouts, the latest changed first."),
  )
    .option("--name <text>", "only those whose names contain this")
    .addHelpText("after", examples("deno task cli layouts", "deno task cli layouts list --name beds --json"))
    .action(async (values) => {
      const output = outputOf(values);
      await using connection = await connect(values, { store: true });
      const found = await list(connection, values.name);
      output.document(found);
      const rows = found.map(({ id, name, version, updatedAt }) => [id, `v${version}`, updatedAt.slice(0, 16), name]);
      if (rows.length > 0) output.line(columns(rows));
      else output.progress("There are no layouts");
    });

  withConnection(layouts.command("get").description("Write a layout as JSON, as --layout takes it."))
    .argument("<id>", "the saved layout's id")
    .option("--at <version>", "the version (default: the latest)", wholeNumber)
    .option("-o, --out <file>", "where it goes (default: standard output)")
    .addHelpText("after", examples("deno task cli layouts get SavedLayout:0190... --out beds.json"))
    .action(async (id, values) => {
      const output = outputOf(values);
      using target = values.out === undefined || values.out === "-" ? undefined : TargetFile.begin(values.out);
      await using connection = await connect(values, { store: true });
      const { layout } = values.at === undefined
        ? await connection.client.request<Get>(GET, { id })
        : await connection.client.request<Get>(GET_VERSION, { id, version: values.at });
      const json = (layout?.atVersion ?? layout)?.layout?.json;
      if (json === undefined) {
        const version = values.at === undefined || layout === null ? "" : ` with a version ${values.at}`;
        throw failed(`No layout${version} has the id "${id}"`, "NOT_FOUND");
      }
      const text = new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`);
      if (target === undefined) output.bytes(text);
      else target.write(text);
    });

  withConnection(layouts.command("save").description("Keep a layout under a name."))
    .argument("<file>", "the layout as JSON; - for standard input")
    .requiredOption("--name <name>", "its name")
    .addHelpText("after", examples('deno task cli layouts save beds.json --name "Beds"'))
    .action((file, values) =>
      change(values, async ({ client }) => {
        const input = { name: values.name, json: await readObject(file) };
        return (await client.request<{ saveLayout: Saved & ErrorAnswer }>(SAVE, { input })).saveLayout;
      }, ({ id }) => id)
    );

  withConnection(layouts.command("delete").description("Take a layout off the lists."))
    .argument("<id>", "the saved layout's id")
    .addHelpText("after", examples("deno task cli layouts delete SavedLayout:0190..."))
    .action((id, values) =>
      change(
        values,
        async ({ client }) =>
          (await client.request<{ deleteLayout: Saved & ErrorAnswer }>(DELETE, { id })).deleteLayout,
        ({ name }) => `"${name}" is deleted`,
      )
    );
}

/** Every layout whose name contains the text, however many pages there are. */
async function list({ client }: Connection, name: string | undefined): Promise<readonly Saved[]> {
  const found: Saved[] = [];
  for (let after: string | null = null;;) {
    const { layouts: { edges, pageInfo } }: List = await client.request<List>(LIST, { name, after });
    found.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

/** Makes a change and tells of it. */
async function change(
  values: ConnectionValues,
  make: (connection: Connection) => Promise<Saved & ErrorAnswer>,
  tell: (saved: Saved) => string,
): Promise<void> {
  const output = outputOf(values);
  await using connection = await connect(values, { store: true });
  const answer = await make(connection);
  if (answer.__typename !== "SavedLayout") throw refused(answer);
  const { id, name, version, createdAt, updatedAt } = answer;
  output.line(tell(answer));
  output.document({ id, name, version, createdAt, updatedAt });
}
