/** Building a workflow in the API's format. */

/** An output of a node that was added: [id, slot]. */
export type Output = readonly [string, number];

/** The nodes of a workflow, numbered in the order in which they are added. */
export class WorkflowBuilder {
  readonly #nodes: Record<string, unknown> = {};
  #count = 0;

  /** @param title What the editor shows above the node. Default: the name of its type. */
  add(type: string, inputs: Readonly<Record<string, unknown>>, title?: string): Output {
    const id = String(++this.#count);
    this.#nodes[id] = { class_type: type, inputs, ...(title === undefined ? {} : { _meta: { title } }) };
    return [id, 0];
  }

  /** The workflow as a file's text. */
  json(): string {
    return JSON.stringify(this.#nodes, null, 2);
  }
}
