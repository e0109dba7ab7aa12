/** The operations that the programs to take away send. */

export const PAINT = `mutation Paint($input: GenerateInput!) {
  generate(input: $input) {
    __typename
    ... on Generation { id seed }
    ... on Error { message }
  }
}`;

export const WATCH = `subscription Watch($id: ID!) {
  generationEvents(id: $id, preview: { every: 0 }) {
    ... on GenerationCompletedEvent { generation { status error { message } image { url } } }
  }
}`;
