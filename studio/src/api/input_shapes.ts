/** What `generate` takes, by type and field. Written by `deno task generate`. */

export const INPUT_SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "GenerateInput": {
    "clipSkip": "Int",
    "count": "Int",
    "expiresAfterSeconds": "Float",
    "format": "ImageFormat",
    "guidanceEnd": "Float",
    "guidanceScale": "Float",
    "guidanceStart": "Float",
    "height": "Int",
    "idempotencyKey": "String",
    "initImage": "String",
    "layout": "LayoutInput",
    "loras": "[LoraInput!]",
    "maskFeather": "Float",
    "maskImage": "String",
    "maskInverted": "Boolean",
    "maskRegion": "String",
    "mode": "RegionMode",
    "modeUntil": "Float",
    "model": "String",
    "previews": "PreviewMethod",
    "priority": "Int",
    "regionalLora": "RegionalLora",
    "sampler": "String",
    "savedLayout": "SavedLayoutInput",
    "schedule": "String",
    "secondPass": "SecondPassInput",
    "seed": "Seed",
    "steps": "Int",
    "strength": "Float",
    "variationSeed": "Seed",
    "variationStrength": "Float",
    "width": "Int",
    "windows": "WindowsInput"
  },
  "LayoutInput": {
    "aspect": "Float",
    "basePrompt": "String",
    "commonNegativePrompt": "String",
    "commonPlacement": "CommonPlacement",
    "commonPrompt": "String",
    "emphasis": "PromptEmphasis",
    "grid": "GridInput",
    "holes": "Holes",
    "negativePrompt": "String",
    "overlap": "Overlap",
    "promptSyntax": "PromptSyntax",
    "regions": "[RegionInput!]"
  },
  "GridInput": {
    "direction": "GridDirection!",
    "nested": "[NestedGridInput!]",
    "ratios": "String!"
  },
  "NestedGridInput": {
    "cell": "Int!",
    "grid": "GridInput!"
  },
  "RegionInput": {
    "baseRatio": "Float",
    "enabled": "Boolean",
    "end": "Float",
    "feather": "Float",
    "geometry": "GeometryInput",
    "guidanceScale": "Float",
    "loras": "[LoraInput!]",
    "name": "String",
    "negativePrompt": "String",
    "prompt": "String!",
    "seed": "Seed",
    "start": "Float",
    "style": "String",
    "weight": "Float",
    "z": "Float"
  },
  "GeometryInput": {
    "cell": "Int",
    "ellipse": "EllipseInput",
    "mask": "MaskInput",
    "polygon": "PolygonInput",
    "rectangle": "RectangleInput",
    "rest": "Boolean",
    "subtraction": "SubtractionInput",
    "union": "[GeometryInput!]",
    "words": "WordsInput"
  },
  "EllipseInput": {
    "cx": "Float!",
    "cy": "Float!",
    "rx": "Float!",
    "ry": "Float!"
  },
  "MaskInput": {
    "asset": "String!",
    "channel": "MaskChannel",
    "colour": "String",
    "inverted": "Boolean",
    "tolerance": "Float"
  },
  "PolygonInput": {
    "holes": "[[PointInput!]!]",
    "points": "[PointInput!]!"
  },
  "PointInput": {
    "x": "Float!",
    "y": "Float!"
  },
  "RectangleInput": {
    "height": "Float!",
    "width": "Float!",
    "x": "Float!",
    "y": "Float!"
  },
  "SubtractionInput": {
    "from": "GeometryInput!",
    "subtract": "[GeometryInput!]!"
  },
  "WordsInput": {
    "from": "WordsSource",
    "of": "String!",
    "threshold": "Float"
  },
  "LoraInput": {
    "name": "String!",
    "weight": "Float"
  },
  "SavedLayoutInput": {
    "id": "ID!",
    "version": "Int"
  },
  "SecondPassInput": {
    "scale": "Float!",
    "steps": "Int",
    "strength": "Float",
    "upscale": "Upscale"
  },
  "WindowsInput": {
    "overlap": "Int",
    "size": "Int"
  }
};
