/** The types of the operations in this folder. Written by `deno task generate`. */

// deno-lint-ignore-file

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What a cancellation came to. */
export type CancelOutcome =
  /** It had succeeded or failed before; nothing changed. */
  | 'ALREADY_FINISHED'
  /** It is canceled. */
  | 'CANCELED'
  /** It is running and stops at its next step. */
  | 'CANCELING';

/** A size in pixels. */
export type CanvasInput = {
  /** Pixels, greater than 0. */
  readonly height: number;
  /** Pixels, greater than 0. */
  readonly width: number;
};

/** A prompt on a rectangle: in pixels where a canvas is given, else in fractions of the canvas. */
export type ComfyAreaInput = {
  /** When it stops painting, as a fraction of the steps. Default 1. */
  readonly end?: number | null | undefined;
  /** Height, greater than 0; what leaves the canvas is cropped. */
  readonly height: number;
  /** What to keep away from there. Default: that of the list. */
  readonly negativePrompt?: string | null | undefined;
  /** What to paint there, in ComfyUI's syntax. */
  readonly prompt: string;
  /** When it begins to paint, as a fraction of the steps. Default 0. */
  readonly start?: number | null | undefined;
  /** Share in overlaps, 0 to 10. Default 1. */
  readonly strength?: number | null | undefined;
  /** Width, greater than 0; what leaves the canvas is cropped. */
  readonly width: number;
  /** Left edge, from 0. */
  readonly x: number;
  /** Top edge, from 0. */
  readonly y: number;
};

/** A list of ComfyUI's areas. */
export type ComfyAreasInput = {
  /** The areas. */
  readonly areas: ReadonlyArray<ComfyAreaInput>;
  /** Paints what no area covers. Default: empty. */
  readonly basePrompt?: string | null | undefined;
  /** Areas are in pixels of this. Default: they are fractions. */
  readonly canvas?: CanvasInput | null | undefined;
  /** What to keep away everywhere. Default: empty. */
  readonly negativePrompt?: string | null | undefined;
};

/** A workflow of ComfyUI, as its editor saves it or as its API takes it. */
export type ComfyWorkflowInput = {
  /** The picture's size, for areas in pixels. Default: that of the sampler's empty latent image. */
  readonly canvas?: CanvasInput | null | undefined;
  /** The file's text. */
  readonly json: string;
};

/** Where the common prompt stands. */
export type CommonPlacement =
  /** Before: `common, prompt`. */
  | 'PREFIX'
  /** Behind: `prompt, common`. */
  | 'SUFFIX';

/** How a model was made to need few steps. */
export type Distillation =
  /** To consistency: few steps. */
  | 'LCM'
  /** Not at all. */
  | 'NONE'
  /** By adversarial or progressive distillation: few steps, no guidance. */
  | 'TURBO';

/** How Regional Prompter divides the canvas. */
export type DivideMode =
  /** `,` and ADDCOL cut from left to right, inside of rows that `;` and ADDROW cut ("Horizontal"). */
  | 'COLUMNS'
  /** The colours of a painted image. */
  | 'MASK'
  /** Where the words behind the last comma of each prompt are found in the base prompt's picture. */
  | 'PROMPT'
  /** The same; later regions hide earlier ones ("Prompt-EX"). */
  | 'PROMPT_EX'
  /** The cells of a grid draw their region; `ratios` are its rows and columns. */
  | 'RANDOM'
  /** `;` and ADDROW cut from top to bottom, inside of columns that `,` and ADDCOL cut ("Vertical"). */
  | 'ROWS';

/** A saved layout to copy. */
export type DuplicateLayoutInput = {
  /** The saved layout's id. It may be deleted. */
  readonly id: string;
  /** The copy's name: 1 to 200 characters, none of them U+0000, not only spaces. Names need not be unique. Default: the name, shortened if it is long, then ` (copy)`. */
  readonly name?: string | null | undefined;
  /** The version to copy. Default: the latest. */
  readonly version?: number | null | undefined;
};

/** An ellipse in fractions of the canvas, inside it. */
export type EllipseInput = {
  /** Centre, 0 (left) to 1 (right). */
  readonly cx: number;
  /** Centre, 0 (top) to 1 (bottom). */
  readonly cy: number;
  /** Horizontal radius as a fraction of the width, greater than 0. */
  readonly rx: number;
  /** Vertical radius as a fraction of the height, greater than 0. */
  readonly ry: number;
};

/** What to paint. */
export type GenerateInput = {
  /** Which layer of the text encoders is read, as model pages count: 1 is the one that the model was trained with, 2 the one before it. diffusers' `clip_skip` is one less. Default 1. */
  readonly clipSkip?: number | null | undefined;
  /** How many pictures, 1 to `PARTERRE_MAX_PICTURES`: of this seed, and of those after it. They are painted one after the other; `pictures` has them all. Default 1. */
  readonly count?: number | null | undefined;
  /** If it has not begun after so many seconds, up to 2592000 (30 days), it expires. Default: never. */
  readonly expiresAfterSeconds?: number | null | undefined;
  /** File format of the picture. Default PNG. */
  readonly format?: ImageFormat | null | undefined;
  /** Guide only up to this fraction of the steps. Default 1. */
  readonly guidanceEnd?: number | null | undefined;
  /** How strongly prompts are followed, 0 to 100; 1 is none. Default: the model's. */
  readonly guidanceScale?: number | null | undefined;
  /** Guide only from this fraction of the steps on; unguided steps cost half. Default 0. */
  readonly guidanceStart?: number | null | undefined;
  /** Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size. */
  readonly height?: number | null | undefined;
  /** The same key with the same input gives the same generation, however often it is sent. 1 to 255 printable characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** A picture to start from in place of noise: the `id` or `url` that `uploadImage` answered, or the URL of a generation's picture. It is resized to the picture's size, which by default is its own. */
  readonly initImage?: string | null | undefined;
  /** Which prompt goes where. Exactly one of this and `savedLayout` is set. */
  readonly layout?: LayoutInput | null | undefined;
  /** LoRAs of the whole picture, at most 8, beside those that prompts name. Default: none. */
  readonly loras?: ReadonlyArray<LoraInput> | null | undefined;
  /** Softens the mask's border, over which the painted and what was there blend: the standard deviation of a Gaussian in fractions of the picture's short edge, 0 to 0.5. Default 0. */
  readonly maskFeather?: number | null | undefined;
  /** What of `initImage` is painted anew, by an uploaded image of its aspect: where it is white. Black stays as it is, pixel by pixel. Default: everything. */
  readonly maskImage?: string | null | undefined;
  /** Paint anew everything but the mask. Default false. */
  readonly maskInverted?: boolean | null | undefined;
  /** Or by the name of a region of the layout, enabled or not, with its feather: its place is painted anew. */
  readonly maskRegion?: string | null | undefined;
  /** Where regions are kept apart. Default ATTENTION. */
  readonly mode?: RegionMode | null | undefined;
  /** Which part of the steps attention mode is for: after this fraction of them, greater than 0, latent mode takes over. Default 1: never. */
  readonly modeUntil?: number | null | undefined;
  /** A model's name. Default: the first usable one. */
  readonly model?: string | null | undefined;
  /** How previews are made. Default LINEAR. */
  readonly previews?: PreviewMethod | null | undefined;
  /** Which of the caller's generations come first, -100 to 100: those with the highest. Other callers' turns are not affected. Default 0. */
  readonly priority?: number | null | undefined;
  /** What becomes of layers of regions' LoRAs that act on more than a prompt. Default CONTEXT_ONLY. */
  readonly regionalLora?: RegionalLora | null | undefined;
  /** Any name or alias from `samplers`. Default: the model's own. */
  readonly sampler?: string | null | undefined;
  /** Or a saved layout, of which the generation keeps the version. */
  readonly savedLayout?: SavedLayoutInput | null | undefined;
  /** A noise schedule, for instance `karras`. Default: the model's own. */
  readonly schedule?: string | null | undefined;
  /** Paints it again at a larger size. Default: no. */
  readonly secondPass?: SecondPassInput | null | undefined;
  /** Default: a random one, which the answer tells. */
  readonly seed?: number | null | undefined;
  /** Denoising steps. Default: the model's. */
  readonly steps?: number | null | undefined;
  /** How much of `initImage` is noise at the start, more than 0 to 1: the share of the steps that is taken, the last ones. Default: 0.8; with a mask 1, which paints it wholly anew. */
  readonly strength?: number | null | undefined;
  /** Another seed, towards whose noise the start is turned by `variationStrength`. */
  readonly variationSeed?: number | null | undefined;
  /** How far, 0 to 1: near 0 a picture like that of `seed`, at 1 one of `variationSeed`. Regions with seeds of their own keep theirs. */
  readonly variationStrength?: number | null | undefined;
  /** Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size. */
  readonly width?: number | null | undefined;
  /** Predicts a picture that is much larger than what the model was trained for. Default: as a whole. */
  readonly windows?: WindowsInput | null | undefined;
};

/** Where a generation stands. */
export type GenerationStatus =
  /** Canceled before it was finished. */
  | 'CANCELED'
  /** To be canceled at its next step. */
  | 'CANCELING'
  /** Not begun before its deadline. */
  | 'EXPIRED'
  /** Not finished; `error` says why. */
  | 'FAILED'
  /** Accepted, waiting for its turn. */
  | 'QUEUED'
  /** Being painted. */
  | 'RUNNING'
  /** Finished; `image` is there. */
  | 'SUCCEEDED';

/** Where a region lies: exactly one field is set. */
export type GeometryInput =
  {   /** A cell of the layout's grid, counted from 0 in the order the ratios are written. */
  readonly cell: number; readonly ellipse?: never; readonly mask?: never; readonly polygon?: never; readonly rectangle?: never; readonly rest?: never; readonly subtraction?: never; readonly union?: never; readonly words?: never; }
  |  { readonly cell?: never;   /** An ellipse. */
  readonly ellipse: EllipseInput; readonly mask?: never; readonly polygon?: never; readonly rectangle?: never; readonly rest?: never; readonly subtraction?: never; readonly union?: never; readonly words?: never; }
  |  { readonly cell?: never; readonly ellipse?: never;   /** A painted mask. */
  readonly mask: MaskInput; readonly polygon?: never; readonly rectangle?: never; readonly rest?: never; readonly subtraction?: never; readonly union?: never; readonly words?: never; }
  |  { readonly cell?: never; readonly ellipse?: never; readonly mask?: never;   /** A polygon. */
  readonly polygon: PolygonInput; readonly rectangle?: never; readonly rest?: never; readonly subtraction?: never; readonly union?: never; readonly words?: never; }
  |  { readonly cell?: never; readonly ellipse?: never; readonly mask?: never; readonly polygon?: never;   /** A rectangle. */
  readonly rectangle: RectangleInput; readonly rest?: never; readonly subtraction?: never; readonly union?: never; readonly words?: never; }
  |  { readonly cell?: never; readonly ellipse?: never; readonly mask?: never; readonly polygon?: never; readonly rectangle?: never;   /** True: what no other region covers. For one region of a layout, and not inside of a union or subtraction. */
  readonly rest: boolean; readonly subtraction?: never; readonly union?: never; readonly words?: never; }
  |  { readonly cell?: never; readonly ellipse?: never; readonly mask?: never; readonly polygon?: never; readonly rectangle?: never; readonly rest?: never;   /** A shape, less others. */
  readonly subtraction: SubtractionInput; readonly union?: never; readonly words?: never; }
  |  { readonly cell?: never; readonly ellipse?: never; readonly mask?: never; readonly polygon?: never; readonly rectangle?: never; readonly rest?: never; readonly subtraction?: never;   /** All that any of these shapes covers. */
  readonly union: ReadonlyArray<GeometryInput>; readonly words?: never; }
  |  { readonly cell?: never; readonly ellipse?: never; readonly mask?: never; readonly polygon?: never; readonly rectangle?: never; readonly rest?: never; readonly subtraction?: never; readonly union?: never;   /** Where the picture shows words of its base prompt, as attention finds it in the first third of the steps. Until then the region paints nothing. */
  readonly words: WordsInput; };

/** How a row of ratios cuts the canvas. */
export type GridDirection =
  /** Numbers separated by `,` are columns from left to right; `;` separates rows of them. */
  | 'COLUMNS'
  /** Numbers separated by `,` are rows from top to bottom; `;` separates columns of them. */
  | 'ROWS';

/** Cuts the canvas into cells. Regions without geometry take the cells in order; a nested grid's cells take the place of the cell that it cuts. */
export type GridInput = {
  /** How `ratios` cut the canvas. */
  readonly direction: GridDirection;
  /** Grids inside of cells, at most one each. Default: none. */
  readonly nested?: ReadonlyArray<NestedGridInput> | null | undefined;
  /** Relative sizes, for instance `1,2,1`. With `;` the grid is two-dimensional and the first number of each part is that part's own size: `1,2,1,1;2,4,6` is two rows, 1:2 high, cut 2:1:1 and 4:6. */
  readonly ratios: string;
};

/** Who paints what no region covers. */
export type Holes =
  /** The base prompt. */
  | 'BASE'
  /** Nobody: the layout is rejected, with the uncovered share. */
  | 'ERROR'
  /** The nearest region. */
  | 'NEAREST';

/** A picture's file format. */
export type ImageFormat =
  /** Lossy, small, read everywhere. */
  | 'JPEG'
  /** Lossless. Finished pictures carry the request that made them. */
  | 'PNG'
  /** Lossy, smaller. */
  | 'WEBP';

/** What to read: exactly one field is set. */
export type ImportLayoutInput =
  {   /** Areas of ComfyUI. */
  readonly comfyAreas: ComfyAreasInput; readonly comfyWorkflow?: never; readonly invokeai?: never; readonly kritaAi?: never; readonly omost?: never; readonly parameters?: never; readonly picture?: never; }
  |  { readonly comfyAreas?: never;   /** A workflow of ComfyUI. */
  readonly comfyWorkflow: ComfyWorkflowInput; readonly invokeai?: never; readonly kritaAi?: never; readonly omost?: never; readonly parameters?: never; readonly picture?: never; }
  |  { readonly comfyAreas?: never; readonly comfyWorkflow?: never;   /** Metadata of InvokeAI. */
  readonly invokeai: InvokeMetadataInput; readonly kritaAi?: never; readonly omost?: never; readonly parameters?: never; readonly picture?: never; }
  |  { readonly comfyAreas?: never; readonly comfyWorkflow?: never; readonly invokeai?: never;   /** A document of Krita's plug-in AI Diffusion. */
  readonly kritaAi: KritaDocumentInput; readonly omost?: never; readonly parameters?: never; readonly picture?: never; }
  |  { readonly comfyAreas?: never; readonly comfyWorkflow?: never; readonly invokeai?: never; readonly kritaAi?: never;   /** A canvas of Omost. */
  readonly omost: OmostCanvasInput; readonly parameters?: never; readonly picture?: never; }
  |  { readonly comfyAreas?: never; readonly comfyWorkflow?: never; readonly invokeai?: never; readonly kritaAi?: never; readonly omost?: never;   /** A web UI's text. */
  readonly parameters: ParametersTextInput; readonly picture?: never; }
  |  { readonly comfyAreas?: never; readonly comfyWorkflow?: never; readonly invokeai?: never; readonly kritaAi?: never; readonly omost?: never; readonly parameters?: never;   /** A picture, by the text that it carries. */
  readonly picture: PictureInput; };

/** Whose text a layout was read from. */
export type ImportSource =
  /** A web UI's, without regions. */
  | 'A1111'
  /** Areas or a workflow of ComfyUI. */
  | 'COMFYUI'
  /** The metadata of InvokeAI's pictures. */
  | 'INVOKEAI'
  /** What Krita's plug-in AI Diffusion keeps in a document. */
  | 'KRITA_AI'
  /** A canvas of Omost. */
  | 'OMOST'
  /** Parterre's own, from one of its pictures. */
  | 'PARTERRE'
  /** Regional Prompter's, by itself or from a web UI's picture. */
  | 'REGIONAL_PROMPTER';

/** What a warning of `parsePrompt` or `importLayout` is about. */
export type ImportWarningCode =
  /** AND was read as BREAK. */
  | 'AND_AS_BREAK'
  /** AND, which mixes predictions in other tools, stays a word of its prompt. */
  | 'AND_KEPT'
  /** An area was cropped at the canvas's border. */
  | 'AREA_CROPPED'
  /** BREAK was read as ADDCOL or ADDROW. */
  | 'BREAK_CONVERTED'
  /** BREAK stays inside of a region's prompt. */
  | 'BREAK_KEPT'
  /** Cells without a region have the base prompt as their own. */
  | 'CELL_FILLED'
  /** Colours were left out. */
  | 'COLOUR_LEFT_OUT'
  /** A common negative prompt that nothing ends is everybody's. */
  | 'COMMON_NEGATIVE_KEPT'
  /** A word was read as one that is like it. */
  | 'CORRECTED'
  /** A prompt of the layout that was read names an embedding, which the model must have. */
  | 'EMBEDDING'
  /** Emphasis in the other tool's syntax stays text. */
  | 'EMPHASIS_KEPT'
  /** The place of a region cannot be said in the other tool: it lies elsewhere there. */
  | 'GEOMETRY_LEFT_OUT'
  /** A later global description replaced an earlier one. */
  | 'GLOBAL_REPLACED'
  /** A word that would be a keyword in the other tool was written another way. */
  | 'KEYWORD_CHANGED'
  /** A prompt names a LoRA, which must fit the model that paints it. */
  | 'LORA'
  /** An extra network was left out. */
  | 'LORA_LEFT_OUT'
  /** A mask was read as one that is like it. */
  | 'MASK_APPROXIMATED'
  /** A region's colour is not in the image of its mask. */
  | 'MASK_COLOUR_MISSING'
  /** The image of a mask has a colour for which there is no region. */
  | 'MASK_COLOUR_UNUSED'
  /** A region lies where an image says that is not here: it is switched off until it has a geometry. */
  | 'MASK_LEFT_OUT'
  /** The image of a mask is not stored here, so nobody looked at its colours. */
  | 'MASK_NOT_SEEN'
  /** The image of a mask must be put where the other tool looks for it. */
  | 'MASK_TO_UPLOAD'
  /** A negative prompt was left out. */
  | 'NEGATIVE_LEFT_OUT'
  /** A node that is bypassed hands on what it gets. */
  | 'NODE_BYPASSED'
  /** A node that is muted was left out. */
  | 'NODE_MUTED'
  /** A node, or a part of it, was left out. */
  | 'NODE_UNKNOWN'
  /** The other tool's format cannot say this, so it was left out. */
  | 'NOT_EXPORTED'
  /** A region drew no cell and was left out. */
  | 'NO_CELL'
  /** Without a keyword the text is a plain picture's prompt. */
  | 'NO_KEYWORD'
  /** A setting has no effect here. */
  | 'OPTION_UNUSED'
  /** The file does not say all of where something lies; the message says what was taken. */
  | 'PLACE_ASSUMED'
  /** Something in a prompt of the layout that was read may not mean what it means there. */
  | 'PROMPT'
  /** Ratios were read along the other direction, as the keywords say. */
  | 'RATIOS_FLIPPED'
  /** A row's numbers go on in the next row. */
  | 'RATIO_CONTINUED'
  /** There are more numbers than cells; some were dropped. */
  | 'RATIO_DROPPED'
  /** There are fewer numbers than cells; one was repeated. */
  | 'RATIO_REPEATED'
  /** The file does not say how a draw fell out; it was drawn anew, by the picture's seed. */
  | 'SEED_ASSUMED'
  /** ADDCOL and ADDROW were read as BREAK. */
  | 'SEPARATOR_AS_BREAK'
  /** A setting was read as the nearest one that there is here. */
  | 'SETTING_APPROXIMATED'
  /** A setting that has no counterpart here was left out. */
  | 'SETTING_LEFT_OUT'
  /** Only one of several samplers was read. */
  | 'SEVERAL_SAMPLERS'
  /** An area of strength 0 is not enabled. */
  | 'STRENGTH_ZERO'
  /** The picture carries texts beside the one that was read. */
  | 'TEXT_LEFT_OUT'
  /** A range of the noise schedule was read as a range of the steps. */
  | 'TIMESTEP_RANGE'
  /** A bracket is open where a prompt ends. */
  | 'UNBALANCED_BRACKETS';

/** The metadata that InvokeAI writes into pictures as `invokeai_metadata`. */
export type InvokeMetadataInput = {
  /** The JSON. */
  readonly json: string;
};

/** What Krita's plug-in AI Diffusion keeps in a document: `annotations/ui.json`, or a like name, in the .kra file, which is a zip archive. */
export type KritaDocumentInput = {
  /** The JSON. */
  readonly json: string;
};

/** How something differs. */
export type LayoutChangeKind =
  /** It is in `to` only. */
  | 'ADDED'
  /** It is in both, and not the same. */
  | 'CHANGED'
  /** It is in `from` only. */
  | 'REMOVED';

/** Which prompt goes where. Coordinates are fractions, so a layout fits any size. */
export type LayoutInput = {
  /** Width / height of the canvas it is made for. A generation that gives one edge takes the other from it; one that gives none takes both, with about the area of the model's native size; each is rounded to the nearest multiple that the model paints. Default: none. */
  readonly aspect?: number | null | undefined;
  /** Paints what regions leave: holes, and the base ratio's share. Default: empty. */
  readonly basePrompt?: string | null | undefined;
  /** Joined to every negative prompt in the same way. Default: empty. */
  readonly commonNegativePrompt?: string | null | undefined;
  /** Where both common prompts stand. Default PREFIX. */
  readonly commonPlacement?: CommonPlacement | null | undefined;
  /** Joined to the base prompt and to every region's prompt. Default: empty. */
  readonly commonPrompt?: string | null | undefined;
  /** How their weights are read. Default NO_NORM. */
  readonly emphasis?: PromptEmphasis | null | undefined;
  /** Cells for regions. Default: none. */
  readonly grid?: GridInput | null | undefined;
  /** Default BASE. */
  readonly holes?: Holes | null | undefined;
  /** What to keep away from the base, and from every region without its own. Default: empty. */
  readonly negativePrompt?: string | null | undefined;
  /** Default NORMALIZE. */
  readonly overlap?: Overlap | null | undefined;
  /** How prompts are read. Default WEIGHTED. */
  readonly promptSyntax?: PromptSyntax | null | undefined;
  /** The regions. Without any, the base prompt paints the whole picture. */
  readonly regions?: ReadonlyArray<RegionInput> | null | undefined;
};

/** What a warning is about. */
export type LayoutWarningCode =
  /** The picture's aspect is not the layout's: shapes are stretched by more than a percent. */
  | 'ASPECT'
  /** Its base ratio leaves the region nothing. */
  | 'BASE_ONLY'
  /** The region covers nothing. */
  | 'COVERS_NOTHING'
  /** Holes take the base prompt, which is empty. */
  | 'EMPTY_BASE'
  /** Its prompt is empty. */
  | 'EMPTY_PROMPT'
  /** The region is found by words while the picture is painted: what it covers is not known before. */
  | 'FOUND_LATER'
  /** Other regions hide the region. */
  | 'HIDDEN'
  /** The picture is far larger than what the model was trained for, and has no windows. */
  | 'LARGE'
  /** A LoRA has tensors that the model has no place for. */
  | 'LORA_KEYS'
  /** A LoRA has layers that the region leaves out. */
  | 'LORA_PARTS'
  /** Its window of steps holds no step. */
  | 'NEVER_ACTIVE'
  /** No worker that runs now has the model: the picture is accepted, and waits until one comes. */
  | 'NO_WORKER'
  /** It is too small to steer shapes. */
  | 'TEXTURE_ONLY'
  /** Holes are errors, and there are some. */
  | 'UNCOVERED'
  /** Other regions leave it only a small share of its place. */
  | 'WEAK';

/** A LoRA and how much of it is wanted; `<lora:name:0.8>` in a prompt says the same. */
export type LoraInput = {
  /** Its name in `loras`: the file's, without the ending. */
  readonly name: string;
  /** -10 to 10; 1 is the whole of it, 0 nothing, less than 0 the opposite. Default 1. */
  readonly weight?: number | null | undefined;
};

/** What of a mask image is its coverage. */
export type MaskChannel =
  /** Its alpha: opaque is covered. */
  | 'ALPHA'
  /** The pixels of one colour. */
  | 'COLOUR'
  /** Its luminance times its alpha: white is covered, black is not. */
  | 'LUMINANCE';

/** A painted mask: an uploaded image, stretched over the canvas. */
export type MaskInput = {
  /** The image: the `id` that `uploadMask` answered, or the `url` under which this server offers it. */
  readonly asset: string;
  /** What of the image is the mask. Default: COLOUR if `colour` is set, else LUMINANCE. */
  readonly channel?: MaskChannel | null | undefined;
  /** `#rrggbb`: whose pixels are covered. Required by COLOUR, refused by the others. */
  readonly colour?: string | null | undefined;
  /** Covers what it would leave, and the other way round. Default false. */
  readonly inverted?: boolean | null | undefined;
  /** Of COLOUR: how much a pixel's saturation and value (HSV) may differ from the colour's, 0 to 0.5; its hue may not. Refused by the others. Default 0: only the colour itself. */
  readonly tolerance?: number | null | undefined;
};

/** The generation of Stable Diffusion whose parts a model has. */
export type ModelFamily =
  /** Stable Diffusion 1: one text encoder. */
  | 'SD1'
  /** Stable Diffusion 2: one text encoder, linear projections. */
  | 'SD2'
  /** Stable Diffusion XL: two text encoders and pooled embeddings. */
  | 'SDXL';

/** Whether a model can be used. */
export type ModelState =
  /** It is in memory. */
  | 'LOADED'
  /** It can be used; it loads on first use. */
  | 'READY'
  /** Its folder cannot be used; `refusal` says why. */
  | 'REFUSED';

/** A grid inside of a cell of another one. */
export type NestedGridInput = {
  /** The cell it cuts, counted among that grid's own ratios from 0. */
  readonly cell: number;
  /** How the cell is cut. */
  readonly grid: GridInput;
};

/** A canvas of Omost. */
export type OmostCanvasInput = {
  /** The calls of `canvas.set_global_description` and `canvas.add_local_description`, the whole answer, or the JSON that ComfyUI's nodes for Omost save. */
  readonly text: string;
};

/** How regions share a place that several of them cover. */
export type Overlap =
  /** In proportion to their weights. */
  | 'NORMALIZE'
  /** The one with the higher z first; weights are ignored. */
  | 'Z_ORDER';

/** The text that AUTOMATIC1111's and other web UIs write into pictures as `parameters`. */
export type ParametersTextInput = {
  /** The mask that Regional Prompter divided it by, if it did: the image's `id` or `url`, as in `MaskInput`. Without it such regions are switched off. */
  readonly maskAsset?: string | null | undefined;
  /** Prompt, `Negative prompt: ...`, `Steps: ..., Sampler: ...`. */
  readonly text: string;
};

/** A prompt in the syntax of Regional Prompter, with that tool's settings. */
export type ParsePromptInput = {
  /** Each region's share of the base, 0 to 1, for instance `0.2` or `0.2,0.3;0.5`. Default 0.2. */
  readonly baseRatios?: string | null | undefined;
  /** Swaps `,` and `;` in `ratios`. Default false. */
  readonly flip?: boolean | null | undefined;
  /** Of mode MASK, and required there: the image's `id` or `url`, as in `MaskInput`. */
  readonly maskAsset?: string | null | undefined;
  /** Of mode MASK: which of the 360 mask colours the image has, by index; one per region. Default: those that are in it, if they are as many as the regions, else the first ones. */
  readonly maskColours?: ReadonlyArray<number> | null | undefined;
  /** Default COLUMNS. */
  readonly mode?: DivideMode | null | undefined;
  /** One for everything, or with BREAK one for the base, if there is one, and one for each region. */
  readonly negativePrompt?: string | null | undefined;
  /** Prompts between BREAK, ADDCOL, ADDROW and ADDP; a common prompt that ADDCOMM ends, and a base prompt that ADDBASE ends, come first. Keywords are upper case and whole words. */
  readonly prompt: string;
  /** For instance `1,2,1` or `1,2,1,1;2,4,6`. Default: equal cells. RANDOM needs `rows,columns`. */
  readonly ratios?: string | null | undefined;
  /** Of mode RANDOM, and required there. */
  readonly seed?: number | null | undefined;
  /** Of modes PROMPT and PROMPT_EX: one number for all regions or one for each, 0.01 to 0.99, for instance `0.7,0.55`. Default 0.4. */
  readonly threshold?: string | null | undefined;
  /** A BREAK ends the base prompt; ADDBASE needs no setting. Default false. */
  readonly useBase?: boolean | null | undefined;
  /** A BREAK ends the common prompt; ADDCOMM needs no setting. Default false. */
  readonly useCommon?: boolean | null | undefined;
  /** The same for the negative prompt. Default false. */
  readonly useCommonNegative?: boolean | null | undefined;
};

/** A picture that carries how it was painted. */
export type PictureInput = {
  /** A PNG, JPEG or WebP file, whatever its name, sent by the GraphQL multipart request specification. */
  readonly file: Blob;
  /** The mask that Regional Prompter divided it by, if it did: the image's `id` or `url`, as in `MaskInput`. Without it such regions are switched off. */
  readonly maskAsset?: string | null | undefined;
};

/** A point in fractions of the canvas. */
export type PointInput = {
  /** 0 (left) to 1 (right). */
  readonly x: number;
  /** 0 (top) to 1 (bottom). */
  readonly y: number;
};

/** A closed polygon; where it crosses itself, the even-odd rule decides what is inside. */
export type PolygonInput = {
  /** Polygons that are cut out of it. Default: none. */
  readonly holes?: ReadonlyArray<ReadonlyArray<PointInput>> | null | undefined;
  /** At least three corners, in order. */
  readonly points: ReadonlyArray<PointInput>;
};

/** Which previews a subscriber wants, and how. */
export type PreviewInput = {
  /** A preview every so many steps, and always at the last one; 0 for none. */
  readonly every?: number | null | undefined;
  /** File format. */
  readonly format?: ImageFormat | null | undefined;
  /** Longest edge in pixels, 16 to 1024. Previews are enlarged at most fourfold: linear ones, with a pixel per latent cell, to half the picture's size where a cell is 8 pixels wide. */
  readonly maxEdge?: number | null | undefined;
};

/** How previews are made. */
export type PreviewMethod =
  /** By the model's tiny autoencoder, sharper, at the cost of a decode for each step whose preview a subscriber takes; by the linear map for the others. Where the model has one. */
  | 'AUTOENCODER'
  /** By a linear map of the latents, at next to no cost. */
  | 'LINEAR';

/** How the weights of prompts are read. */
export type PromptEmphasis =
  /** That, and the mean of each chunk restored, as AUTOMATIC1111's "Original". */
  | 'A1111'
  /** From the empty prompt's state through the token's own and beyond, as ComfyUI. */
  | 'COMFY'
  /** That, and a blend with the prompt without the words that weigh less than 1, as Compel's `DownweightMode.REMOVE`. Weights from 0. */
  | 'COMPEL'
  /** A token's state times its weight, as AUTOMATIC1111's "No norm". */
  | 'NO_NORM';

/** How prompts are read. */
export type PromptSyntax =
  /** Every character is text. */
  | 'PLAIN'
  /** `(word:1.2)`, `(word)`, `[word]`, `[from:to:0.4]`, `[a|b]`, `BREAK`; a backslash takes a bracket as it stands. */
  | 'WEIGHTED';

/** What a warning about a prompt is about. */
export type PromptWarningCode =
  /** `break` that is not in capitals is a word. */
  | 'BREAK_AS_TEXT'
  /** A comment is text. */
  | 'COMMENT_AS_TEXT'
  /** `AND`, `.and()` and `.blend()` join no prompts. */
  | 'COMPOSITION_AS_TEXT'
  /** Brackets have nothing inside. */
  | 'EMPTY_BRACKETS'
  /** `<hypernet:...>`, `<name>`, a malformed `<lora:...>` and their like load nothing and are words. */
  | 'EXTRA_NETWORK'
  /** What stands in the place of a weight is no number and is text. */
  | 'MALFORMED_NUMBER'
  /** Square brackets hold both `|` and `:`; the colons are text. */
  | 'MIXED_SEPARATORS'
  /** A switch comes before the first step or after the last one. */
  | 'NEVER_SWITCHES'
  /** `{a|b}` is text: nothing is drawn, and curly braces are no weights. */
  | 'RANDOM_CHOICE'
  /** A keyword by which another tool makes regions is text. */
  | 'REGIONS_AS_TEXT'
  /** Square brackets hold a colon but no time to switch at. */
  | 'SCHEDULE_WITHOUT_TIME'
  /** `--ar 16:9`, `Negative prompt:` and their like set nothing. */
  | 'SETTINGS_AS_TEXT'
  /** A bracket without a partner is text. */
  | 'UNBALANCED_BRACKET'
  /** The model has no such embedding, or cannot use it; `generate` refuses it. */
  | 'UNKNOWN_EMBEDDING'
  /** A weight in the form of another tool is text: `word:1.2`, `word++`, `(a b)1.3`, `fox::2`. */
  | 'WEIGHT_AS_TEXT'
  /** `__name__` is text: there are no wildcards. */
  | 'WILDCARD';

/** A rectangle in fractions of the canvas, inside it, with positive area. */
export type RectangleInput = {
  /** Height, greater than 0; y + height is at most 1. */
  readonly height: number;
  /** Width, greater than 0; x + width is at most 1. */
  readonly width: number;
  /** Left edge, 0 (left) to 1 (right). */
  readonly x: number;
  /** Top edge, 0 (top) to 1 (bottom). */
  readonly y: number;
};

/** Which picture to paint once more. */
export type RegenerateInput = {
  /** Whether to paint it also where version, provider, model, LoRAs or embeddings are not the same. Default false: that is an error which names them. */
  readonly allowDifferences?: boolean | null | undefined;
  /** If it has not begun after so many seconds, up to 2592000 (30 days), it expires. Default: never. */
  readonly expiresAfterSeconds?: number | null | undefined;
  /** A PNG, JPEG or WebP file of Parterre's as it was downloaded, sent by the GraphQL multipart request specification. */
  readonly file: Blob;
  /** The same key with the same input gives the same generation, however often it is sent. 1 to 255 printable characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** Which of the caller's generations come first, -100 to 100: those with the highest. Other callers' turns are not affected. Default 0. */
  readonly priority?: number | null | undefined;
};

/** A prompt and the place that it paints. */
export type RegionInput = {
  /** Share that is left to the base prompt, 0 to 1. Default 0. */
  readonly baseRatio?: number | null | undefined;
  /** False keeps the region but paints nothing of it. Default true. */
  readonly enabled?: boolean | null | undefined;
  /** When it stops painting, as a fraction of the steps, after `start`. Default 1. */
  readonly end?: number | null | undefined;
  /** Softness of the border as a fraction of the canvas's short edge, 0 to 0.5. Default 0. */
  readonly feather?: number | null | undefined;
  /** Where it lies. Required without a grid; with one, the default is the next free cell. */
  readonly geometry?: GeometryInput | null | undefined;
  /** Guidance of this region, 0 to 100. Default: the generation's. */
  readonly guidanceScale?: number | null | undefined;
  /** LoRAs for its prompt alone, at most 8, beside those that the prompt names; see `regionalLora`. Default: none. */
  readonly loras?: ReadonlyArray<LoraInput> | null | undefined;
  /** Unique within the layout. Default: `region 1`, `region 2`, ... */
  readonly name?: string | null | undefined;
  /** What to keep away from there. Default: the layout's. */
  readonly negativePrompt?: string | null | undefined;
  /** What to paint there. May be empty; a long one takes several chunks. */
  readonly prompt: string;
  /** Seed of its part of the noise, to paint it anew and keep the rest. Default: the generation's. */
  readonly seed?: number | null | undefined;
  /** When it begins to paint, as a fraction of the steps. Default 0. */
  readonly start?: number | null | undefined;
  /** Put behind the prompt: `prompt, style`. Default: empty. */
  readonly style?: string | null | undefined;
  /** Share in overlaps relative to other regions, greater than 0. Default 1. */
  readonly weight?: number | null | undefined;
  /** Order under `Z_ORDER`; higher is in front. Default 0. */
  readonly z?: number | null | undefined;
};

/** Where regions are kept apart. */
export type RegionMode =
  /** Inside every cross-attention layer: one pass per step, whatever the number of regions. */
  | 'ATTENTION'
  /** Between whole predictions: one pass per step and region. */
  | 'LATENT';

/** What becomes of those layers of a region's LoRA that do not act on its prompt alone. Text encoders and the keys and values of cross-attention do: they are the region's own, exactly, in any case. */
export type RegionalLora =
  /** They are left out; the dry run warns of them. */
  | 'CONTEXT_ONLY'
  /** A LoRA that has any is refused. */
  | 'REFUSE'
  /** Linear layers around attention are added where the region has weight, at some cost per step; convolutions over neighbours are left out, and the dry run warns of them. */
  | 'WEIGHTED';

/** Which regions of which picture to paint anew. */
export type RerollInput = {
  /** If it has not begun after so many seconds, up to 2592000 (30 days), it expires. Default: never. */
  readonly expiresAfterSeconds?: number | null | undefined;
  /** Or the file of a picture of Parterre's, by the GraphQL multipart request specification: its generation may be gone. */
  readonly file?: Blob | null | undefined;
  /** A generation that has SUCCEEDED. Exactly one of this and `file` is set. */
  readonly generation?: string | null | undefined;
  /** The same key with the same input gives the same generation, however often it is sent. 1 to 255 printable characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** Whether everything else is held at every step to what it was, which takes twice the time. Without it the rest follows the new regions a little. Default true. */
  readonly lockRest?: boolean | null | undefined;
  /** Which of the caller's generations come first, -100 to 100: those with the highest. Other callers' turns are not affected. Default 0. */
  readonly priority?: number | null | undefined;
  /** Names of regions that paint. */
  readonly regions: ReadonlyArray<string>;
  /** Seeds of their new noise, one for each, in their order. Default: random ones, which the answer tells. */
  readonly seeds?: ReadonlyArray<number> | null | undefined;
};

/** A layout to keep: exactly one of `layout` and `json` is set. */
export type SaveLayoutInput = {
  /** Or the layout as JSON, for instance an exported file; its JSON Schema is at `/layout.schema.json`. */
  readonly json?: unknown;
  /** What to keep. */
  readonly layout?: LayoutInput | null | undefined;
  /** Its name: 1 to 200 characters, none of them U+0000, not only spaces. Names need not be unique. */
  readonly name: string;
};

/** A version of a saved layout. */
export type SavedLayoutInput = {
  /** The saved layout's id. */
  readonly id: string;
  /** Default: the latest. */
  readonly version?: number | null | undefined;
};

/** Enlarges the picture, makes a part of it noise and denoises it again, by the layout at the new size. */
export type SecondPassInput = {
  /** How many times as wide and high the finished picture is, more than 1. `width` and `height` are the first pass's. */
  readonly scale: number;
  /** Denoising steps of which that share is taken. Default: the first pass's. */
  readonly steps?: number | null | undefined;
  /** How much is noise at its start, more than 0 to 1: the share of the steps that it takes. Default 0.5. */
  readonly strength?: number | null | undefined;
  /** What is enlarged. Default PIXEL. */
  readonly upscale?: Upscale | null | undefined;
};

/** What is the matter with the server's disk or database. */
export type StorageFault =
  /** Another program is writing to the database. */
  | 'STORAGE_BUSY'
  /** The database is damaged; trying again does not help. */
  | 'STORAGE_DAMAGED'
  /** The disk or the object store does not answer as it should. */
  | 'STORAGE_FAILED'
  /** The disk is full. */
  | 'STORAGE_FULL'
  /** The disk may only be read. */
  | 'STORAGE_READ_ONLY'
  /** The database or the object store does not answer. */
  | 'STORAGE_UNREACHABLE';

/** A shape, less others. */
export type SubtractionInput = {
  /** What is cut. */
  readonly from: GeometryInput;
  /** What is cut out of it; at least one. */
  readonly subtract: ReadonlyArray<GeometryInput>;
};

/** A change of a saved layout: another name, another layout, or both. */
export type UpdateLayoutInput = {
  /** The version that was edited: if it is no longer the latest, nothing is changed. Default: any. */
  readonly expectedVersion?: number | null | undefined;
  /** The saved layout's id. */
  readonly id: string;
  /** In place of `layout`: the layout as JSON, for instance an exported file; its JSON Schema is at `/layout.schema.json`. */
  readonly json?: unknown;
  /** What it says from now on, as a whole. Default: as it is. */
  readonly layout?: LayoutInput | null | undefined;
  /** Its new name: 1 to 200 characters, none of them U+0000, not only spaces. Names need not be unique. Default: as it is. */
  readonly name?: string | null | undefined;
};

/** What a second pass enlarges. */
export type Upscale =
  /** Its latents, bilinearly: at no cost, blurred unless `strength` is high. */
  | 'LATENT'
  /** The first pass's picture, which is decoded and encoded for it: sharper. */
  | 'PIXEL';

/** A layout, and what it is to be checked for. */
export type ValidateLayoutInput = {
  /** Which layer of the text encoders is read, as model pages count: 1 is the one that the model was trained with, 2 the one before it. diffusers' `clip_skip` is one less. Default 1. */
  readonly clipSkip?: number | null | undefined;
  /** How many pictures, 1 to `PARTERRE_MAX_PICTURES`: of this seed, and of those after it. They are painted one after the other; `pictures` has them all. Default 1. */
  readonly count?: number | null | undefined;
  /** Guide only up to this fraction of the steps. Default 1. */
  readonly guidanceEnd?: number | null | undefined;
  /** How strongly prompts are followed, 0 to 100; 1 is none. Default: the model's. */
  readonly guidanceScale?: number | null | undefined;
  /** Guide only from this fraction of the steps on; unguided steps cost half. Default 0. */
  readonly guidanceStart?: number | null | undefined;
  /** Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size. */
  readonly height?: number | null | undefined;
  /** A picture to start from in place of noise: the `id` or `url` that `uploadImage` answered, or the URL of a generation's picture. It is resized to the picture's size, which by default is its own. */
  readonly initImage?: string | null | undefined;
  /** The layout. Exactly one of this and `savedLayout` is set. */
  readonly layout?: LayoutInput | null | undefined;
  /** LoRAs of the whole picture, at most 8, beside those that prompts name. Default: none. */
  readonly loras?: ReadonlyArray<LoraInput> | null | undefined;
  /** Softens the mask's border, over which the painted and what was there blend: the standard deviation of a Gaussian in fractions of the picture's short edge, 0 to 0.5. Default 0. */
  readonly maskFeather?: number | null | undefined;
  /** What of `initImage` is painted anew, by an uploaded image of its aspect: where it is white. Black stays as it is, pixel by pixel. Default: everything. */
  readonly maskImage?: string | null | undefined;
  /** Paint anew everything but the mask. Default false. */
  readonly maskInverted?: boolean | null | undefined;
  /** Or by the name of a region of the layout, enabled or not, with its feather: its place is painted anew. */
  readonly maskRegion?: string | null | undefined;
  /** Where regions are kept apart. Default ATTENTION. */
  readonly mode?: RegionMode | null | undefined;
  /** Which part of the steps attention mode is for: after this fraction of them, greater than 0, latent mode takes over. Default 1: never. */
  readonly modeUntil?: number | null | undefined;
  /** A model's name. Default: the first usable one. */
  readonly model?: string | null | undefined;
  /** What becomes of layers of regions' LoRAs that act on more than a prompt. Default CONTEXT_ONLY. */
  readonly regionalLora?: RegionalLora | null | undefined;
  /** Any name or alias from `samplers`. Default: the model's own. */
  readonly sampler?: string | null | undefined;
  /** Or a saved one. */
  readonly savedLayout?: SavedLayoutInput | null | undefined;
  /** A noise schedule, for instance `karras`. Default: the model's own. */
  readonly schedule?: string | null | undefined;
  /** Paints it again at a larger size. Default: no. */
  readonly secondPass?: SecondPassInput | null | undefined;
  /** Denoising steps. Default: the model's. */
  readonly steps?: number | null | undefined;
  /** How much of `initImage` is noise at the start, more than 0 to 1: the share of the steps that is taken, the last ones. Default: 0.8; with a mask 1, which paints it wholly anew. */
  readonly strength?: number | null | undefined;
  /** Another seed, towards whose noise the start is turned by `variationStrength`. */
  readonly variationSeed?: number | null | undefined;
  /** How far, 0 to 1: near 0 a picture like that of `seed`, at 1 one of `variationSeed`. Regions with seeds of their own keep theirs. */
  readonly variationStrength?: number | null | undefined;
  /** Pixels, a multiple of the model's `capabilities.sizeMultiple`. Default: by the layout's aspect, else its native size. */
  readonly width?: number | null | undefined;
  /** Predicts a picture that is much larger than what the model was trained for. Default: as a whole. */
  readonly windows?: WindowsInput | null | undefined;
};

/** Predicts a large picture by overlapping windows, each of which sees its own part of the layout. Time grows with the picture's area, memory with the window. */
export type WindowsInput = {
  /** By how many pixels neighbours overlap at least, over which they blend: a multiple of `capabilities.sizeMultiple`, at most three quarters of the size. Default: a quarter. */
  readonly overlap?: number | null | undefined;
  /** Edge in pixels, a multiple of the model's `capabilities.sizeMultiple`, at least half its native size, which is the default. */
  readonly size?: number | null | undefined;
};

/** Words of the base prompt, and how much attention to them makes a place theirs. */
export type WordsInput = {
  /** Whose attention is looked at. Default BASE. */
  readonly from?: WordsSource | null | undefined;
  /** One or more words that stand in a row in the base prompt, common prompt included: `fox`, `red fox`. */
  readonly of: string;
  /** A place is covered from this share of the range between least and most attention on, 0.01 to 0.99. Lower covers more. Default 0.4. */
  readonly threshold?: number | null | undefined;
};

/** Whose attention to words makes a mask. */
export type WordsSource =
  /** The base prompt's. */
  | 'BASE';

export type DryRunQueryVariables = Exact<{
  input: ValidateLayoutInput;
}>;


export type DryRunQuery = { readonly validateLayout:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly message: string, readonly retryAfterSeconds: number }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'LayoutReport', readonly model: string, readonly width: number, readonly height: number, readonly etaSeconds: number | null, readonly memoryBytes: number | null, readonly baseShare: number, readonly overlaps: ReadonlyArray<ReadonlyArray<number>>, readonly svg: string, readonly base: { readonly text: string, readonly tokens: number, readonly chunks: number, readonly spans: ReadonlyArray<{ readonly start: number, readonly end: number, readonly weight: number, readonly embedding: string | null }>, readonly warnings: ReadonlyArray<{ readonly code: PromptWarningCode, readonly message: string }> }, readonly baseNegative: { readonly text: string, readonly tokens: number, readonly chunks: number, readonly spans: ReadonlyArray<{ readonly start: number, readonly end: number, readonly weight: number, readonly embedding: string | null }>, readonly warnings: ReadonlyArray<{ readonly code: PromptWarningCode, readonly message: string }> }, readonly regions: ReadonlyArray<{ readonly name: string, readonly colour: string, readonly enabled: boolean, readonly covered: number | null, readonly share: number | null, readonly prompt: { readonly text: string, readonly tokens: number, readonly chunks: number, readonly spans: ReadonlyArray<{ readonly start: number, readonly end: number, readonly weight: number, readonly embedding: string | null }>, readonly warnings: ReadonlyArray<{ readonly code: PromptWarningCode, readonly message: string }> }, readonly negativePrompt: { readonly text: string, readonly tokens: number, readonly chunks: number, readonly spans: ReadonlyArray<{ readonly start: number, readonly end: number, readonly weight: number, readonly embedding: string | null }>, readonly warnings: ReadonlyArray<{ readonly code: PromptWarningCode, readonly message: string }> } }>, readonly holes: { readonly share: number, readonly more: number, readonly boxes: ReadonlyArray<{ readonly x: number, readonly y: number, readonly width: number, readonly height: number }> }, readonly warnings: ReadonlyArray<{ readonly code: LayoutWarningCode, readonly region: string | null, readonly message: string }> }
    | { readonly __typename: 'StorageError', readonly message: string }
   };

export type PromptFieldsFragment = { readonly text: string, readonly tokens: number, readonly chunks: number, readonly spans: ReadonlyArray<{ readonly start: number, readonly end: number, readonly weight: number, readonly embedding: string | null }>, readonly warnings: ReadonlyArray<{ readonly code: PromptWarningCode, readonly message: string }> };

export type GenerationFieldsFragment = { readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> };

export type FoundMaskFragment = { readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } };

export type GenerateMutationVariables = Exact<{
  input: GenerateInput;
}>;


export type GenerateMutation = { readonly generate:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'Generation', readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> }
    | { readonly __typename: 'IdempotencyConflictError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'LimitExceededError', readonly message: string, readonly retryAfterIfAny: number | null }
    | { readonly __typename: 'QueueFullError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type RerollMutationVariables = Exact<{
  input: RerollInput;
}>;


export type RerollMutation = { readonly reroll:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'LimitExceededError', readonly message: string, readonly retryAfterIfAny: number | null }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'QueueFullError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'Reroll', readonly generation: { readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> }, readonly differences: ReadonlyArray<{ readonly field: string, readonly was: string | null, readonly is: string | null }> }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type RegenerateMutationVariables = Exact<{
  input: RegenerateInput;
}>;


export type RegenerateMutation = { readonly regenerate:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'LimitExceededError', readonly message: string, readonly retryAfterIfAny: number | null }
    | { readonly __typename: 'QueueFullError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'Regeneration', readonly generation: { readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> }, readonly differences: ReadonlyArray<{ readonly field: string, readonly was: string | null, readonly is: string | null }> }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

type Refusal_BudgetExceededError_Fragment = { readonly __typename: 'BudgetExceededError', readonly message: string };

type Refusal_BusyError_Fragment = { readonly __typename: 'BusyError', readonly retryAfterSeconds: number, readonly message: string };

type Refusal_IdempotencyConflictError_Fragment = { readonly __typename: 'IdempotencyConflictError', readonly message: string };

type Refusal_InvalidInputError_Fragment = { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> };

type Refusal_LayoutDeletedError_Fragment = { readonly __typename: 'LayoutDeletedError', readonly message: string };

type Refusal_LimitExceededError_Fragment = { readonly __typename: 'LimitExceededError', readonly message: string, readonly retryAfterIfAny: number | null };

type Refusal_NotFinishedError_Fragment = { readonly __typename: 'NotFinishedError', readonly message: string };

type Refusal_NotFoundError_Fragment = { readonly __typename: 'NotFoundError', readonly message: string };

type Refusal_QueueFullError_Fragment = { readonly __typename: 'QueueFullError', readonly retryAfterSeconds: number, readonly message: string };

type Refusal_StorageError_Fragment = { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null };

type Refusal_VersionConflictError_Fragment = { readonly __typename: 'VersionConflictError', readonly message: string };

export type RefusalFragment =
  | Refusal_BudgetExceededError_Fragment
  | Refusal_BusyError_Fragment
  | Refusal_IdempotencyConflictError_Fragment
  | Refusal_InvalidInputError_Fragment
  | Refusal_LayoutDeletedError_Fragment
  | Refusal_LimitExceededError_Fragment
  | Refusal_NotFinishedError_Fragment
  | Refusal_NotFoundError_Fragment
  | Refusal_QueueFullError_Fragment
  | Refusal_StorageError_Fragment
  | Refusal_VersionConflictError_Fragment
;

export type CancelGenerationMutationVariables = Exact<{
  id: string;
}>;


export type CancelGenerationMutation = { readonly cancelGeneration:
    | { readonly __typename: 'CancelGenerationPayload', readonly outcome: CancelOutcome, readonly generation: { readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> } }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type GenerationEventsSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
  preview?: PreviewInput | null | undefined;
}>;


export type GenerationEventsSubscription = { readonly generationEvents:
    | { readonly __typename: 'GenerationCompletedEvent', readonly sequence: number, readonly generationId: string, readonly generation: { readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> } }
    | { readonly __typename: 'GenerationPreviewEvent', readonly step: number, readonly steps: number, readonly picture: number, readonly sequence: number, readonly generationId: string, readonly image: { readonly url: string | null, readonly width: number, readonly height: number } }
    | { readonly __typename: 'GenerationProgressEvent', readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly sequence: number, readonly generationId: string }
    | { readonly __typename: 'GenerationRegionMasksEvent', readonly sequence: number, readonly generationId: string, readonly masks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> }
    | { readonly __typename: 'GenerationSnapshotEvent', readonly sequence: number, readonly generationId: string, readonly generation: { readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> }, readonly latestPreview: { readonly url: string | null, readonly width: number, readonly height: number } | null }
    | { readonly __typename: 'GenerationStatusEvent', readonly status: GenerationStatus, readonly reason: string | null, readonly sequence: number, readonly generationId: string }
   };

export type QueuePositionQueryVariables = Exact<{
  id: string;
}>;


export type QueuePositionQuery = { readonly generation: { readonly status: GenerationStatus, readonly queuePosition: number | null } | null };

export type GenerationsQueryVariables = Exact<{
  after?: string | null | undefined;
  first?: number | null | undefined;
  status?: GenerationStatus | null | undefined;
}>;


export type GenerationsQuery = { readonly generations: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type GenerationInputFieldsQueryVariables = Exact<{
  id: string;
}>;


export type GenerationInputFieldsQuery = { readonly generation: { readonly basePrompt: string, readonly count: number, readonly clipSkip: number, readonly guidanceScale: number, readonly modeUntil: number, readonly sampler: string, readonly schedule: string, readonly regionalLora: RegionalLora, readonly id: string, readonly status: GenerationStatus, readonly step: number, readonly steps: number, readonly etaSeconds: number | null, readonly queuePosition: number | null, readonly createdAt: string, readonly completedAt: string | null, readonly seed: number, readonly width: number, readonly height: number, readonly mode: RegionMode, readonly layout: { readonly json: unknown }, readonly loras: ReadonlyArray<{ readonly name: string, readonly weight: number }>, readonly model: { readonly name: string } | null, readonly init: { readonly image: string, readonly maskFeather: number, readonly maskImage: string | null, readonly maskInverted: boolean, readonly maskRegion: string | null, readonly strength: number } | null, readonly variation: { readonly seed: number, readonly strength: number } | null, readonly windows: { readonly size: number, readonly overlap: number } | null, readonly secondPass: { readonly scale: number, readonly steps: number, readonly strength: number, readonly upscale: Upscale } | null, readonly savedLayout: { readonly version: number, readonly savedLayout: { readonly id: string, readonly name: string } } | null, readonly error: { readonly code: string, readonly message: string } | null, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } | null, readonly pictures: ReadonlyArray<{ readonly seed: number, readonly image: { readonly url: string | null, readonly width: number, readonly height: number, readonly mimeType: string } }>, readonly rerolls: ReadonlyArray<{ readonly of: string | null, readonly lockRest: boolean, readonly regions: ReadonlyArray<{ readonly name: string, readonly seed: number }> }>, readonly regionMasks: ReadonlyArray<{ readonly region: string, readonly words: string, readonly mask: string, readonly image: { readonly url: string | null } }> } | null };

export type DeleteGenerationMutationVariables = Exact<{
  id: string;
}>;


export type DeleteGenerationMutation = { readonly deleteGeneration:
    | { readonly __typename: 'DeleteGenerationPayload', readonly deletedId: string }
    | { readonly __typename: 'NotFinishedError', readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type TryKeyQueryVariables = Exact<{ [key: string]: never; }>;


export type TryKeyQuery = { readonly __typename: 'Query' };

export type SavedLayoutsQueryVariables = Exact<{
  after?: string | null | undefined;
  name?: string | null | undefined;
}>;


export type SavedLayoutsQuery = { readonly layouts: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly version: number, readonly updatedAt: string, readonly deletedAt: string | null } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type SavedLayoutVersionsQueryVariables = Exact<{
  id: string;
}>;


export type SavedLayoutVersionsQuery = { readonly layout: { readonly id: string, readonly name: string, readonly version: number, readonly updatedAt: string, readonly deletedAt: string | null, readonly versions: { readonly edges: ReadonlyArray<{ readonly node: { readonly version: number, readonly createdAt: string } }> } } | null };

export type SavedLayoutAtQueryVariables = Exact<{
  id: string;
  version: number;
}>;


export type SavedLayoutAtQuery = { readonly layout: { readonly id: string, readonly name: string, readonly version: number, readonly updatedAt: string, readonly deletedAt: string | null, readonly atVersion: { readonly version: number, readonly layout: { readonly json: unknown } } | null } | null };

export type LayoutDiffQueryVariables = Exact<{
  from: SavedLayoutInput;
  to: SavedLayoutInput;
}>;


export type LayoutDiffQuery = { readonly layoutDiff:
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'LayoutDiff', readonly changes: ReadonlyArray<{ readonly kind: LayoutChangeKind, readonly path: ReadonlyArray<string>, readonly region: string | null, readonly before: unknown, readonly after: unknown }> }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type SaveLayoutMutationVariables = Exact<{
  input: SaveLayoutInput;
}>;


export type SaveLayoutMutation = { readonly saveLayout:
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'SavedLayout', readonly id: string, readonly name: string, readonly version: number, readonly updatedAt: string, readonly deletedAt: string | null }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type UpdateLayoutMutationVariables = Exact<{
  input: UpdateLayoutInput;
}>;


export type UpdateLayoutMutation = { readonly updateLayout:
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'LayoutDeletedError', readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
    | { readonly __typename: 'UpdateLayoutPayload', readonly versionCreated: boolean, readonly savedLayout: { readonly id: string, readonly name: string, readonly version: number, readonly updatedAt: string, readonly deletedAt: string | null } }
    | { readonly __typename: 'VersionConflictError', readonly currentVersion: number, readonly expectedVersion: number, readonly message: string }
   };

export type DuplicateLayoutMutationVariables = Exact<{
  input: DuplicateLayoutInput;
}>;


export type DuplicateLayoutMutation = { readonly duplicateLayout:
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'SavedLayout', readonly id: string, readonly name: string, readonly version: number, readonly updatedAt: string, readonly deletedAt: string | null }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type DeleteLayoutMutationVariables = Exact<{
  id: string;
}>;


export type DeleteLayoutMutation = { readonly deleteLayout:
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'SavedLayout', readonly id: string }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type SavedFieldsFragment = { readonly id: string, readonly name: string, readonly version: number, readonly updatedAt: string, readonly deletedAt: string | null };

export type MaskAssetQueryVariables = Exact<{
  id: string;
}>;


export type MaskAssetQuery = { readonly maskAsset: { readonly id: string, readonly url: string, readonly width: number, readonly height: number } | null };

export type UploadMaskMutationVariables = Exact<{
  file: Blob;
}>;


export type UploadMaskMutation = { readonly uploadMask:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string }
    | { readonly __typename: 'MaskAsset', readonly id: string, readonly url: string, readonly width: number, readonly height: number }
    | { readonly __typename: 'StorageError', readonly message: string }
   };

export type ModelFilesQueryVariables = Exact<{
  name: string;
}>;


export type ModelFilesQuery = { readonly model: { readonly name: string, readonly files: ReadonlyArray<{ readonly path: string, readonly bytes: number, readonly sha256: string, readonly url: string }> | null } | null };

export type ImportLayoutQueryVariables = Exact<{
  input: ImportLayoutInput;
}>;


export type ImportLayoutQuery = { readonly importLayout:
    | { readonly __typename: 'AdaptedLayout', readonly generateInput: unknown, readonly source: ImportSource, readonly warnings: ReadonlyArray<{ readonly code: ImportWarningCode, readonly field: string, readonly message: string, readonly position: { readonly line: number, readonly column: number } | null }> }
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type ParsePromptQueryVariables = Exact<{
  input: ParsePromptInput;
}>;


export type ParsePromptQuery = { readonly parsePrompt:
    | { readonly __typename: 'AdaptedLayout', readonly generateInput: unknown, readonly source: ImportSource, readonly warnings: ReadonlyArray<{ readonly code: ImportWarningCode, readonly field: string, readonly message: string, readonly position: { readonly line: number, readonly column: number } | null }> }
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly retryAfterSeconds: number, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly code: string, readonly field: string, readonly path: ReadonlyArray<string>, readonly message: string, readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'StorageError', readonly code: StorageFault, readonly message: string, readonly retryAfterIfAny: number | null }
   };

export type AdaptedFragment = { readonly generateInput: unknown, readonly source: ImportSource, readonly warnings: ReadonlyArray<{ readonly code: ImportWarningCode, readonly field: string, readonly message: string, readonly position: { readonly line: number, readonly column: number } | null }> };

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { readonly models: ReadonlyArray<{ readonly name: string, readonly state: ModelState, readonly refusal: string | null, readonly memoryBytes: number | null, readonly promptTokens: number | null, readonly defaultSampler: { readonly name: string, readonly label: string, readonly schedules: ReadonlyArray<string> } | null, readonly capabilities: { readonly family: ModelFamily, readonly distillation: Distillation, readonly nativeSize: number, readonly sizeMultiple: number, readonly defaultSteps: number, readonly defaultGuidanceScale: number, readonly supportsNegativePrompt: boolean, readonly supportsRegionGuidance: boolean, readonly startsFromPictures: boolean, readonly inpainting: boolean, readonly hasTinyAutoencoder: boolean } | null }>, readonly samplers: ReadonlyArray<{ readonly name: string, readonly label: string, readonly description: string, readonly schedules: ReadonlyArray<string> }> };

export type LorasQueryVariables = Exact<{
  model?: string | null | undefined;
}>;


export type LorasQuery = { readonly loras: ReadonlyArray<{ readonly name: string, readonly refusal: string | null }> };

export type UploadImageMutationVariables = Exact<{
  file: Blob;
}>;


export type UploadImageMutation = { readonly uploadImage:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'BusyError', readonly message: string }
    | { readonly __typename: 'ImageAsset', readonly id: string, readonly url: string, readonly width: number, readonly height: number }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly problems: ReadonlyArray<{ readonly rule: string, readonly value: string }> }
    | { readonly __typename: 'StorageError', readonly message: string }
   };

export const PromptFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PromptFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PromptReport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"tokens"}},{"kind":"Field","name":{"kind":"Name","value":"chunks"}},{"kind":"Field","name":{"kind":"Name","value":"spans"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"embedding"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<PromptFieldsFragment, unknown>;
export const FoundMaskFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}}]} as unknown as DocumentNode<FoundMaskFragment, unknown>;
export const GenerationFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}}]} as unknown as DocumentNode<GenerationFieldsFragment, unknown>;
export const RefusalFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<RefusalFragment, unknown>;
export const SavedFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SavedFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}}]}}]} as unknown as DocumentNode<SavedFieldsFragment, unknown>;
export const AdaptedFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Adapted"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AdaptedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateInput"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"position"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}}]}}]} as unknown as DocumentNode<AdaptedFragment, unknown>;
export const DryRunDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DryRun"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ValidateLayoutInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"validateLayout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LayoutReport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"memoryBytes"}},{"kind":"Field","name":{"kind":"Name","value":"baseShare"}},{"kind":"Field","name":{"kind":"Name","value":"overlaps"}},{"kind":"Field","name":{"kind":"Name","value":"svg"}},{"kind":"Field","name":{"kind":"Name","value":"base"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PromptFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"baseNegative"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PromptFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"colour"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"covered"}},{"kind":"Field","name":{"kind":"Name","value":"share"}},{"kind":"Field","name":{"kind":"Name","value":"prompt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PromptFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"negativePrompt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PromptFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"holes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"share"}},{"kind":"Field","name":{"kind":"Name","value":"more"}},{"kind":"Field","name":{"kind":"Name","value":"boxes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"x"}},{"kind":"Field","name":{"kind":"Name","value":"y"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PromptFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PromptReport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"tokens"}},{"kind":"Field","name":{"kind":"Name","value":"chunks"}},{"kind":"Field","name":{"kind":"Name","value":"spans"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"embedding"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<DryRunQuery, DryRunQueryVariables>;
export const GenerateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Generate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"GenerateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<GenerateMutation, GenerateMutationVariables>;
export const RerollDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Reroll"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RerollInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reroll"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Reroll"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"differences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"was"}},{"kind":"Field","name":{"kind":"Name","value":"is"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<RerollMutation, RerollMutationVariables>;
export const RegenerateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Regenerate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RegenerateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"regenerate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Regeneration"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"differences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"was"}},{"kind":"Field","name":{"kind":"Name","value":"is"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<RegenerateMutation, RegenerateMutationVariables>;
export const CancelGenerationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelGeneration"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelGeneration"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelGenerationPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"generation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<CancelGenerationMutation, CancelGenerationMutationVariables>;
export const GenerationEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"GenerationEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"preview"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PreviewInput"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generationEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"preview"},"value":{"kind":"Variable","name":{"kind":"Name","value":"preview"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"generationId"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GenerationSnapshotEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"latestPreview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GenerationStatusEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GenerationProgressEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GenerationPreviewEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"picture"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GenerationRegionMasksEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"masks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GenerationCompletedEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}}]} as unknown as DocumentNode<GenerationEventsSubscription, GenerationEventsSubscriptionVariables>;
export const QueuePositionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QueuePosition"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}}]}}]}}]} as unknown as DocumentNode<QueuePositionQuery, QueuePositionQueryVariables>;
export const GenerationsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Generations"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"status"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"GenerationStatus"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"Variable","name":{"kind":"Name","value":"status"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}}]} as unknown as DocumentNode<GenerationsQuery, GenerationsQueryVariables>;
export const GenerationInputFieldsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"GenerationInputFields"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"GenerationFields"}},{"kind":"Field","name":{"kind":"Name","value":"basePrompt"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"clipSkip"}},{"kind":"Field","name":{"kind":"Name","value":"guidanceScale"}},{"kind":"Field","name":{"kind":"Name","value":"modeUntil"}},{"kind":"Field","name":{"kind":"Name","value":"sampler"}},{"kind":"Field","name":{"kind":"Name","value":"schedule"}},{"kind":"Field","name":{"kind":"Name","value":"regionalLora"}},{"kind":"Field","name":{"kind":"Name","value":"layout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"json"}}]}},{"kind":"Field","name":{"kind":"Name","value":"loras"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}}]}},{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"init"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"image"}},{"kind":"Field","name":{"kind":"Name","value":"maskFeather"}},{"kind":"Field","name":{"kind":"Name","value":"maskImage"}},{"kind":"Field","name":{"kind":"Name","value":"maskInverted"}},{"kind":"Field","name":{"kind":"Name","value":"maskRegion"}},{"kind":"Field","name":{"kind":"Name","value":"strength"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"strength"}}]}},{"kind":"Field","name":{"kind":"Name","value":"windows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"size"}},{"kind":"Field","name":{"kind":"Name","value":"overlap"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secondPass"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scale"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"strength"}},{"kind":"Field","name":{"kind":"Name","value":"upscale"}}]}},{"kind":"Field","name":{"kind":"Name","value":"savedLayout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"savedLayout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FoundMask"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RegionMask"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"words"}},{"kind":"Field","name":{"kind":"Name","value":"mask"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"GenerationFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Generation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"steps"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"queuePosition"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pictures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seed"}},{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rerolls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"of"}},{"kind":"Field","name":{"kind":"Name","value":"lockRest"}},{"kind":"Field","name":{"kind":"Name","value":"regions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"seed"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"regionMasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FoundMask"}}]}}]}}]} as unknown as DocumentNode<GenerationInputFieldsQuery, GenerationInputFieldsQueryVariables>;
export const DeleteGenerationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteGeneration"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteGeneration"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteGenerationPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedId"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<DeleteGenerationMutation, DeleteGenerationMutationVariables>;
export const TryKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TryKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<TryKeyQuery, TryKeyQueryVariables>;
export const SavedLayoutsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SavedLayouts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"layouts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SavedFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SavedFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}}]}}]} as unknown as DocumentNode<SavedLayoutsQuery, SavedLayoutsQueryVariables>;
export const SavedLayoutVersionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SavedLayoutVersions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"layout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SavedFields"}},{"kind":"Field","name":{"kind":"Name","value":"versions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SavedFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}}]}}]} as unknown as DocumentNode<SavedLayoutVersionsQuery, SavedLayoutVersionsQueryVariables>;
export const SavedLayoutAtDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SavedLayoutAt"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"version"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"layout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SavedFields"}},{"kind":"Field","name":{"kind":"Name","value":"atVersion"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"version"},"value":{"kind":"Variable","name":{"kind":"Name","value":"version"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"layout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"json"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SavedFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}}]}}]} as unknown as DocumentNode<SavedLayoutAtQuery, SavedLayoutAtQueryVariables>;
export const LayoutDiffDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LayoutDiff"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayoutInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayoutInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"layoutDiff"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"Argument","name":{"kind":"Name","value":"to"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LayoutDiff"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<LayoutDiffQuery, LayoutDiffQueryVariables>;
export const SaveLayoutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SaveLayout"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SaveLayoutInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"saveLayout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SavedFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SavedFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<SaveLayoutMutation, SaveLayoutMutationVariables>;
export const UpdateLayoutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateLayout"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateLayoutInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateLayout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateLayoutPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"versionCreated"}},{"kind":"Field","name":{"kind":"Name","value":"savedLayout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SavedFields"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VersionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"currentVersion"}},{"kind":"Field","name":{"kind":"Name","value":"expectedVersion"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SavedFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<UpdateLayoutMutation, UpdateLayoutMutationVariables>;
export const DuplicateLayoutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DuplicateLayout"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DuplicateLayoutInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"duplicateLayout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SavedFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SavedFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<DuplicateLayoutMutation, DuplicateLayoutMutationVariables>;
export const DeleteLayoutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteLayout"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteLayout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SavedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<DeleteLayoutMutation, DeleteLayoutMutationVariables>;
export const MaskAssetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MaskAsset"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"maskAsset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}}]}}]}}]} as unknown as DocumentNode<MaskAssetQuery, MaskAssetQueryVariables>;
export const UploadMaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UploadMask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"file"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"File"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uploadMask"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"file"},"value":{"kind":"Variable","name":{"kind":"Name","value":"file"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MaskAsset"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UploadMaskMutation, UploadMaskMutationVariables>;
export const ModelFilesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModelFiles"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"files"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"sha256"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}}]}}]} as unknown as DocumentNode<ModelFilesQuery, ModelFilesQueryVariables>;
export const ImportLayoutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ImportLayout"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportLayoutInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importLayout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Adapted"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Adapted"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AdaptedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateInput"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"position"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<ImportLayoutQuery, ImportLayoutQueryVariables>;
export const ParsePromptDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ParsePrompt"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ParsePromptInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"parsePrompt"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Adapted"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Adapted"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AdaptedLayout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateInput"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"position"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BusyError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"QueueFullError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LimitExceededError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StorageError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","alias":{"kind":"Name","value":"retryAfterIfAny"},"name":{"kind":"Name","value":"retryAfterSeconds"}}]}}]}}]} as unknown as DocumentNode<ParsePromptQuery, ParsePromptQueryVariables>;
export const ModelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refusal"}},{"kind":"Field","name":{"kind":"Name","value":"memoryBytes"}},{"kind":"Field","name":{"kind":"Name","value":"promptTokens"}},{"kind":"Field","name":{"kind":"Name","value":"defaultSampler"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"schedules"}}]}},{"kind":"Field","name":{"kind":"Name","value":"capabilities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"family"}},{"kind":"Field","name":{"kind":"Name","value":"distillation"}},{"kind":"Field","name":{"kind":"Name","value":"nativeSize"}},{"kind":"Field","name":{"kind":"Name","value":"sizeMultiple"}},{"kind":"Field","name":{"kind":"Name","value":"defaultSteps"}},{"kind":"Field","name":{"kind":"Name","value":"defaultGuidanceScale"}},{"kind":"Field","name":{"kind":"Name","value":"supportsNegativePrompt"}},{"kind":"Field","name":{"kind":"Name","value":"supportsRegionGuidance"}},{"kind":"Field","name":{"kind":"Name","value":"startsFromPictures"}},{"kind":"Field","name":{"kind":"Name","value":"inpainting"}},{"kind":"Field","name":{"kind":"Name","value":"hasTinyAutoencoder"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"samplers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"schedules"}}]}}]}}]} as unknown as DocumentNode<ModelsQuery, ModelsQueryVariables>;
export const LorasDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Loras"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"model"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"loras"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"model"},"value":{"kind":"Variable","name":{"kind":"Name","value":"model"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"refusal"}}]}}]}}]} as unknown as DocumentNode<LorasQuery, LorasQueryVariables>;
export const UploadImageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UploadImage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"file"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"File"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uploadImage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"file"},"value":{"kind":"Variable","name":{"kind":"Name","value":"file"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImageAsset"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UploadImageMutation, UploadImageMutationVariables>;