/** What the gallery shows: a row of pictures for each thing. */

/** A picture of a row. */
export interface GalleryPicture {
  /** The input is `examples/gallery/NAME.json`, unless it is a re-roll. */
  readonly name: string;
  /** What is written above it. */
  readonly label: string;
  /** A region of the picture before it, painted anew by noise of this seed. */
  readonly reroll?: { readonly region: string; readonly seed: number };
}

/** Pictures beside each other: first the layout of the last of them, drawn, unless it has no regions of its own. */
export interface GalleryRow {
  /** The picture is `docs/images/gallery/NAME.webp`. */
  readonly name: string;
  readonly title: string;
  /** What there is to see, a paragraph of Markdown. */
  readonly about: string;
  readonly pictures: readonly GalleryPicture[];
  /** Images that the inputs name, by their paths from the root: to be uploaded first. */
  readonly uploads?: readonly string[];
  /** Of those, the one that the pictures start from, which is shown too. */
  readonly start?: string;
  /** Pixels that its pictures are shown high; 256 by default. */
  readonly edge?: number;
}

/** All rows, in the order of the page. */
export const GALLERY: readonly GalleryRow[] = [
  {
    name: "regions",
    title: "One prompt, and one for each region",
    about:
      "The same words, the same seed. One prompt of four objects and four backgrounds is more than the model can " +
      "keep apart; four regions of one prompt each it can.",
    pictures: [{ name: "plain", label: "one prompt" }, { name: "quarters", label: "four regions" }],
  },
  {
    name: "scene",
    title: "Scene composition",
    about: "Seven regions: sky and meadow behind, and on them, by `z`, what stands where.",
    pictures: [{ name: "scene", label: "painted" }],
  },
  {
    name: "styles",
    title: "Style fusion",
    about:
      "One prompt, five regions, and in each another `style`. The hills go on through all of them; in pencil and neon the " +
      "mushroom does not come.",
    pictures: [{ name: "styles", label: "painted" }],
  },
  {
    name: "late",
    title: "Detail control by windows of steps",
    about: "The right half has a prompt of its own from `start` on; before, the base prompt paints it. The later it " +
      "begins, the more of what is there already stays, and the less of the region's prompt comes.",
    pictures: [
      { name: "late-0", label: "start 0" },
      { name: "late-25", label: "start 0.25" },
      { name: "late-5", label: "start 0.5" },
    ],
  },
  {
    name: "modes",
    title: "Attention mode, latent mode, and one after the other",
    about: "The same layout and seed. In attention mode the regions share every layer but cross-attention; in latent " +
      "mode each is a prediction of its own, and with this seed halves of an owl and of a penguin meet at the border. " +
      "With `modeUntil` attention mode has the first steps, here half of them, and latent mode the rest.",
    pictures: [
      { name: "attention", label: "attention" },
      { name: "latent", label: "latent" },
      { name: "hybrid", label: "latent, attention" },
    ],
  },
  {
    name: "weights",
    title: "Weights",
    about:
      "Two regions overlap in the middle. With equal weights they share it; with `weight: 4` the desert has most of " +
      "it.",
    pictures: [{ name: "weights-even", label: "weight 1" }, { name: "weights-heavy", label: "weight 4" }],
  },
  {
    name: "feather",
    title: "Feather",
    about: "A hard border, and one that is softened over a tenth of the picture.",
    pictures: [{ name: "feather-hard", label: "feather 0" }, { name: "feather-soft", label: "feather 0.1" }],
  },
  {
    name: "mask",
    title: "A painted mask",
    about:
      "A region as large as what is white in an image. The model sees cells of 16 pixels, which rounds its points.",
    pictures: [{ name: "mask", label: "painted" }],
    uploads: ["examples/masks/heart.png"],
  },
  {
    name: "words",
    title: "A region found by a word",
    about:
      'The region lies where the picture shows the fox of the base prompt: `words: { of: "fox" }`. Until it is found, ' +
      "after a third of the steps, the base prompt paints alone, and the layout cannot be drawn.",
    pictures: [{ name: "words-base", label: "base prompt" }, { name: "words", label: "a panda there" }],
  },
  {
    name: "lora",
    title: "A LoRA in one region",
    about: "`dusk`, a LoRA of violet evening light, in the right region alone. The noise is the same.",
    pictures: [{ name: "lora-without", label: "without" }, { name: "lora-with", label: "dusk on the right" }],
  },
  {
    name: "sketch",
    title: "From a sketch, with regions",
    about:
      "A generation that starts from an image, by `strength: 0.7`: the sketch says where and in which colours, the " +
      "regions say what.",
    pictures: [{ name: "sketch", label: "painted" }],
    uploads: ["examples/images/sketch.png"],
    start: "examples/images/sketch.png",
  },
  {
    name: "reroll",
    title: "New noise for one region",
    about: "Regions of a finished picture are painted anew by `reroll`; the rest is held to what it was.",
    pictures: [
      { name: "pair", label: "painted" },
      { name: "pair-anew", label: "the owl anew", reroll: { region: "owl", seed: 3 } },
    ],
  },
  {
    name: "inpaint",
    title: "One region painted anew",
    about:
      "`maskRegion` names the region of the layout that is painted; outside of it, and of its feather, every pixel stays as " +
      "it was.",
    pictures: [{ name: "inpaint", label: "painted" }],
    uploads: ["examples/images/sketch.png"],
    start: "examples/images/sketch.png",
  },
  {
    name: "windows",
    title: "A large picture by windows",
    about:
      "1024 x 768 pixels of a model that learnt 256, predicted by 35 overlapping `windows`, each of which sees its own " +
      "part of the layout. Shown at half its size.",
    pictures: [{ name: "windows", label: "painted" }],
    edge: 384,
  },
  {
    name: "second-pass",
    title: "A second pass",
    about:
      "A picture of 256 x 256 pixels, and the same with `secondPass`: enlarged to 512 x 512, a quarter of it noised and " +
      "painted again by windows. What is there stays, and its edges become sharp.",
    pictures: [{ name: "second-first", label: "first pass, enlarged" }, { name: "second-pass", label: "second pass" }],
    edge: 512,
  },
  {
    name: "variations",
    title: "Variations",
    about: "The noise of seed 1, turned towards that of another by `variationStrength`.",
    pictures: [
      { name: "variation-00", label: "0" },
      { name: "variation-15", label: "0.15" },
      { name: "variation-3", label: "0.3" },
      { name: "variation-6", label: "0.6" },
    ],
  },
];
