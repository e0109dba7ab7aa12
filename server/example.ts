/** What GraphiQL opens with: a dry run, a picture and its live events, ready to run. */

export const EXAMPLE = `# Parterre paints one picture from many prompts, each in its own region.
# Press the play button and choose an operation: first check a layout, then paint it, then watch it.

query Check {
  validateLayout(
    input: {
      model: "beds-256-lcm"
      width: 768
      height: 256
      layout: {
        grid: { direction: COLUMNS, ratios: "1,1,1" }
        commonPrompt: "noto style"
        commonPlacement: SUFFIX
        regions: [
          { name: "ocean", prompt: "a sailboat, ocean" }
          { name: "forest", prompt: "a fox, forest" }
          { name: "space", prompt: "a rocket, space" }
        ]
      }
    }
  ) {
    __typename
    ... on LayoutReport {
      etaSeconds
      regions { name colour share prompt { tokens chunks } }
      holes { share }
      warnings { code region message }
    }
    ... on InvalidInputError { problems { field value rule } }
  }
}

mutation Paint {
  generate(
    input: {
      model: "beds-256-lcm"
      width: 768
      height: 256
      layout: {
        grid: { direction: COLUMNS, ratios: "1,1,1" }
        commonPrompt: "noto style"
        commonPlacement: SUFFIX
        regions: [
          { name: "ocean", prompt: "a sailboat, ocean" }
          { name: "forest", prompt: "a fox, forest" }
          { name: "space", prompt: "a rocket, space" }
        ]
      }
    }
  ) {
    __typename
    ... on Generation { id seed status etaSeconds }
    ... on InvalidInputError { problems { field value rule } }
  }
}

# Paste the id that Paint answered.
subscription Watch($id: ID = "Generation:") {
  generationEvents(id: $id, after: 0, preview: { every: 2 }) {
    __typename
    sequence
    ... on GenerationProgressEvent { step steps etaSeconds }
    ... on GenerationPreviewEvent { image { url } }
    ... on GenerationCompletedEvent { generation { status image { url } } }
  }
}
`;
