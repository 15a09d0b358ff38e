/* The nouns of the browser's code, for tsc alone: nothing loads this file.  Row number is identity, here as everywhere. */

type Pair = [number, number];
type Theme = "light" | "dark";
/** 1 for the rows that are meant; null: no difference is made. */
type Mask = Uint8Array | null;
/** Two ends each, in map units; y grows upward. */
type Ranges = { x: number[]; y: number[] };
type Size = { width: number; height: number };
/** Where on screen a map lies, and what size the window has. */
type Seat = { left: number; top: number; width: number; height: number; window?: string };
type Box = { left: number; right: number; top: number; bottom: number };
type Square = { left: number; top: number; side: number };
/** How map units become pixels of a box, and back. */
type Frame = Size & {
  px: (x: number, y: number) => Pair;
  map: (left: number, top: number) => Pair;
  perX: number;
  perY: number;
};
/** A frame that has its ranges with it. */
type WideFrame = Frame & Ranges;

/** Rows sorted into cells, line by line; x and y are theirs, in that order. */
type Grid = { cells: number; start: Int32Array; rows: Int32Array; x: Float32Array; y: Float32Array };
type Sorted = { grid: Grid; bounds: Ranges };
type Anchor = { x: number; y: number; depth?: number };

/** The rows of a run at their places, as they are arranged; NaN for those without one. */
interface Points extends Sorted {
  n: number;
  label: Int32Array;
  x: Float32Array;
  y: Float32Array;
  reach: Map<number, number>;
  bytes: number;
  /** The rows of noise that were taken in. */
  taken?: Int32Array;
  /** Which arrangement this is; none: the map. */
  arrangement?: string;
  /** Changes when places do. */
  version?: string;
  /** The side of a cell, where the rows are in cells. */
  cell?: number;
  anchor?: (group: Group) => Anchor | null;
  /** What an arrangement does in its own way. */
  turn?: (gd: Graph, dx: number, dy: number) => void;
  pick?: (x: number, y: number, radius: number) => number;
  paint?: (canvas: HTMLCanvasElement, shades: Shades, mask: Mask, view: SpaceView) => void;
  reset?: () => void;
}
/** Rows in space about their middle, and how they are turned: as on the flat map at first. */
type Space = {
  n: number;
  x: Float32Array;
  y: Float32Array;
  z: Float32Array;
  radius: number;
  bytes: number;
  now: number[];
  first: number[];
};
interface SpatialPoints extends Points {
  space: Space;
  /** How near each row is, -1 to 1. */
  depth: Float32Array;
  /** The radius of a dot, in map units. */
  dot: number;
  inks: { colors: string[]; all: string[] };
}
type SpaceView = Ranges & Size & { scale?: number; ground?: string };

/** Plotly's element. */
interface Graph extends HTMLElement {
  data: { customdata: ArrayLike<number>; [name: string]: unknown }[];
  layout: object;
  _context: { plotGlPixelRatio: number };
  _fullLayout: { xaxis: Axis; yaxis: Axis; dragmode: string };
  on(event: string, heard: (told: any) => void): void;
  removeAllListeners(event: string): void;
}
type Axis = { _length: number; _offset: number; range: number[] };

/** A cluster, or several that have a name together. */
type Group = {
  name: string;
  size: number;
  clusters: number[];
  cluster?: number;
  x?: number | null;
  y?: number | null;
  reach?: number;
  /** The share of the rows of several clusters that the name is true of. */
  true_of?: number | null;
};
type Cluster = Group & { cluster: number };
/** What the server says of a finished run. */
type View = {
  run: string;
  name: string;
  colors: Record<Theme, string[]> & { noise: string };
  levels: Group[][];
  clusters: Cluster[];
  pictures?: boolean;
  /** Whether an encoder reads what is searched: vectors that came with the data have none. */
  searched?: boolean;
  /** What some of its items say in few words, where no encoder reads what is searched. */
  examples?: string[];
  /** Whether its rows are nodes of a graph, which no encoder made. */
  graph?: boolean;
  /** The files that it may be searched by: their type before the slash, and what one is called. */
  searched_by?: { type: string; noun: string }[];
  /** Which map it is: runs with other clusters share it. */
  map?: string;
  /** The cut that is tried on it. */
  cut?: number;
};
/** Another cut of a run's clusters: its setting. */
type Recut = { run: string; at: number };
/** A place on the slider of cuts. */
type Stop = { at: number; clusters: number; noise: number };
/** The cuts of a run, the fewest clusters first; *current* is its own. */
type Cuts = { run: string; current: number; stops: Stop[] };
type Tick = { at: number; value: unknown };
/** *whole* are words of which *words* are a part. */
type Labelled = { at: number; words: string; whole?: string };
/** What colours the map instead of clusters: categories, or a scale in steps of 255. */
type Column = {
  run: string;
  choice: string;
  column: string;
  title?: string;
  kind: "category" | "number" | "date" | "unknown";
  codes: string;
  colors: Record<Theme, string[]> & { missing: string };
  values: string[];
  counts: number[];
  missing: number;
  missing_is?: string;
  meaning: string;
  ticks: Tick[];
  low: unknown;
  high: unknown;
  min: unknown;
  max: unknown;
  below: number;
  above: number;
  firsts: Value[];
  lasts: Value[];
  /** How it is read, how else it may be, and whether its values say so; of columns of the table alone. */
  read_as?: string;
  choices?: string[];
  sure?: boolean;
  /** Whether its end meets its beginning, as of times of day. */
  circle?: boolean;
  unread?: number;
  unread_examples?: string[];
  /** How many have something written that stands for no value, and the first of these. */
  absent?: number;
  absent_examples?: string[];
  described?: string;
  /** Of categories that are written in several ways: these. */
  spellings?: Record<string, string[]>;
  /** Of categories of which the first are the answers of a scale, in its order: which of these stand on it. */
  scale?: boolean[];
  /** Where a row may have several answers: these, the commonest first, and the one that it is coloured by. */
  answers?: { answer: string; count: number }[];
  has?: string;
  others?: number;
  /** How many of the last values were asked for beyond the commonest. */
  extra?: number;
  ramps?: Record<string, Record<Theme, string[]>>;
  /** What of its colours is the address's. */
  look?: string;
  /** The technical term that is explained with it: its key, and what its “?” is called. */
  term?: { key: string; question: string };
};
type Value = string | number | null;
/** *square*: rows in the light are squares, since somebody picked them. */
type Ink = { codes: Uint8Array; bytes: Uint8Array; lit: Uint8Array | null; square: boolean };
/** A code a row, 0 for the rest, and the colour of each code; steps on the scale of a column. */
type Shades = { codes: Uint8Array; colors: string[]; steps?: Uint8Array; pale: string; ink: Ink };
type Look = { size: number; opacity: number; set: boolean };
type Marker = { size: number; color: string | string[]; opacity: number; symbol?: string };
type Picked = { run: string | null; choice: string | null; codes?: number[]; range?: number[] };

/** What is on the map now: from the first run on, all of it. */
type OnMap = {
  /** Counts the drawings that were begun; only the last goes on. */
  sequence: number;
  points: Points;
  /** The same rows as they lie on the map, where shapes are drawn. */
  flat: Points;
  view: View;
  gd: Graph;
  element: Graph;
  shown: Shown;
  shades: Shades;
  mask: Mask;
  chosen: Chosen;
  range: Ranges;
  /** Where on screen the map lay when it was drawn. */
  seat?: Seat;
  /** Which lights are on, the last switched on first, and what they were. */
  recent: Lamp[];
  /** The chosen row that was brought out from under the inspector. */
  inSight?: number;
  /** All of the map is in view, as *Fit* shows it. */
  fitted?: boolean;
  /** A window's edge is being dragged. */
  dragged?: boolean;
  /** It was, until a strip above it covered the outermost. */
  slipped?: boolean;
  /** What is drawn, so that nothing is drawn twice: run, colours, theme, noise taken in, arrangement; and the light. */
  base: string;
  colored: string;
  ground: string | null;
  /** The map that was drawn last. */
  map?: string;
  drawnOn: Graph;
  litName: string | null | undefined;
  litValue: unknown;
  /** A range of the scale is being tried, and what is bright meanwhile. */
  glimpsed: boolean;
  glimpse: Mask;
  clickedAt: number | null;
  clickedRow: number;
};

type Near = { row: number; similarity: number; far: boolean };
/** A row, its true neighbours, and who is near on the map alone. */
type Marks = { run: string; row: number; neighbors: Near[]; strangers?: number[]; edges?: Edge[] };
/** An edge of a graph's node: to the other row, from it, or both. */
type Edge = { row: number; way: string };
/** *weak*: no nearer than chance would have it. */
/** *across*: of another kind than what was searched with. */
type Hit = { row: number; text?: string; weak?: boolean; across?: boolean; just_so?: boolean };
/** *picture*: they are near to one, which no address can name. */
/** *failed*: why the search found nothing.  *rows*: all that have what was asked for word for word, where only the nearest of them are listed (base64 of a bit a row). */
type Hits = { run: string; query: string; hits: Hit[]; picture?: boolean; having?: number; rows?: string; axis?: object; failed?: string };
/** On the map, or rows where they are arranged otherwise (base64 of a bit a row). */
type Shape = { path?: number[][]; box?: number[]; rows?: string };
/** *text*: as the address has it; *own*: which this tab alone can read. */
type Selected = { run: string; shape: Shape; text: string; own: boolean };
/** What an address names. */
type Place = {
  run: string | null;
  row: number | null;
  k: number;
  metric: string;
  take_in: number | null;
  color: string | null;
  arrangement: string | null;
  picked: string | null;
  read_as: string | null;
  has: string | null;
  also: string | null;
  palette: string | null;
  own: string | null;
  cards: string | null;
  /** The words searched. */
  q: string | null;
  /** The clusters in focus, as 3 or 1.4. */
  cluster: string | null;
  /** The selection: map/selected_text.mjs. */
  selected: string | null;
  /** What is on, the last asked first, where that is not as usual: shell/lights.mjs. */
  lights: string | null;
  /** The tab that is open, where it is not that of the first light. */
  tab: string | null;
  /** The dataset that is looked at before it becomes a map: shell/looking.mjs. */
  dataset: string | null;
};
type Status = Record<string, any> & { run: string; state: string; name: string; dataset: string };

/** What is on the map, beside its points. */
type Shown = {
  points: Points;
  view: View;
  column: Column | null;
  theme: Theme;
  hits: Hits | null;
  cluster: string | null;
  selection: Selected | null;
  focus: number[];
  codes: number[];
  range: number[] | null;
  picked: string | null;
  marks: Marks | null;
  place: Place;
  /** What was asked last. */
  front?: Lamp;
  dimmed: boolean;
  /** The clusters whose names stay when others step back. */
  bright: number[];
};
/** What may light rows up. */
type Given = Pick<Shown, "hits" | "cluster" | "selection" | "focus" | "codes" | "range" | "picked"> & { row: number | null };
type Lamp = "cluster" | "selection" | "hits" | "picked" | "row";
type Light = { key: string; mask: Mask; name: string | undefined; front: Lamp | undefined; value?: unknown; pale?: boolean };
type Chosen = { rows: Int32Array; whole: boolean; complete: boolean; inView: number };
/** A name that wants a place: how it may be set, and where the middle of its points is, in pixels. */
/** How a name may be set. */
type Format = { lines: string[]; size: number; width: number; height: number };
type Wanted = {
  key: string;
  x: number;
  y: number;
  size: number;
  formats: Format[];
  /** How it is set where none of these finds room. */
  tight: Format[];
  /** All ways to set it, on a larger map or a smaller one. */
  ways: Format[];
  /** A number that a list beneath the map explains. */
  numeral?: boolean;
  /** The larger, quieter name of a region. */
  broad?: boolean;
  name: string;
  clusters: number[];
};
/** Points in pixels, those of a region. */
type Crowd = { n: number; x: Float32Array; y: Float32Array; label: Int32Array; row: Int32Array; region: Box };
/** A point that a name may stand on, how far from the best, and how dense it is there, 0 to 1. */
type Foot = { x: number; y: number; row: number; away: number; amid: number };
/** A line from a name to one of its points. */
type Leader = { foot: Pair; end: Pair };
/** Where a name stands, and the point that it belongs to; *tied*: by a line. */
type Settled = {
  name: Wanted;
  box: Box;
  foot: Foot;
  lines: string[];
  size: number;
  tied: boolean;
};
/** A picture over the points, and the cluster that it is of. */
type Lying = Box & { label: number };
/** What map/placing.mjs is given: all in pixels of the frame. */
type Placement = {
  crowd: Crowd;
  names: Wanted[];
  view: Box;
  taken: Box[];
  pictures: Lying[];
  dot: number;
  pinned: Settled[];
  /** Where names stood when the map was of another size, their points where these are now. */
  before: Settled[];
};
type Name = Box & {
  lines: string[];
  words: string;
  size: number;
  level: number;
  depth?: number;
  name: string;
  clusters: number[];
  broad?: boolean;
  numeral?: boolean;
  foot: { x: number; y: number; row: number };
  tied: boolean;
};

/** Another way to arrange the rows of a run: see map/arrangements.mjs. */
type Arrangement = {
  name: string | null;
  title: string;
  hint: string;
  offered: (view: View, points: Points) => boolean;
  arrange?: (points: Points, view: View) => Promise<Points>;
  press?: () => void;
  shown?: (points: Points | null, run: string | null) => void;
};
/** What lies over the points: see map/cover.mjs. */
type Cover = {
  place: (gd: Graph | null, shown: Shown | null) => void;
  at: (x: number, y: number) => number;
  boxOf: (row: number) => Square | null;
  boxes: () => (Box & { row: number })[];
  side: () => number;
};

/** A picture on the map: a square about its middle, in map units. */
type Portrait = { row: number; x: number; y: number; side: number; there?: boolean };
type Portraits = { items: Portrait[]; byRow: Map<number, Portrait>; frame: WideFrame | Frame | null };
/** Who is to be shown: worth is 0 without a picture, else how well a row stands for others. */
type Wish = { points: Points; worth: Uint8Array; mask: Mask; wanted: number[]; larger: number };
type Asked = Wish & { view: Ranges; perX: number };

/** What is to be saved. */
type Saving = Size & { title: string; legend: boolean; names: boolean; background: string; theme: Theme };
type Inks = { ink: string; quiet: string; ground: string; accent: string };
type Scene = { points: Points; view: View; mask: Mask; shown: Shown; inks: Inks; shades: Shades };
type Scaled = Size & { scale: number };
type Area = Size & { x: number; y: number };

/** A file on its way: how much of it the server has. */
type Sent = { file: File; name: string; sent: number; done: boolean };
type Batch = {
  endpoint: string;
  /** The dataset to which the rows are added; "": they make one of their own. */
  to: string;
  /** What goes along into the same version, once it is asked for. */
  changes?: { removed: Set<number>; shapes: { run: string; shape: object }[]; edited: Map<number, string> };
  store: string;
  stop: AbortController;
  /** Ends what is being sent, to go on later. */
  halt: AbortController;
  files: Sent[];
  /** The server's name for it. */
  id: string | null;
  /** What its files are known by after the page was loaded anew; empty where they are too small for it. */
  print: string;
  /** Bytes a piece. */
  chunk: number;
  state: "looking" | "queued" | "sending" | "paused" | "reading" | "failed";
  note: string;
  error: string;
  again: (() => void) | null;
  /** Time and bytes sent, for the rate. */
  marks: number[][];
};

/* What the page has beside our modules. */

type DashOutput = { id: unknown; property: string };

interface Window {
  dash_clientside: {
    set_props(id: string, props: Record<string, unknown>): void;
    no_update: unknown;
    callback_context: { triggered_id: string | undefined; outputs_list?: DashOutput | DashOutput[] };
  };
  dash_component_api?: { getLayout(id: unknown): { props?: Record<string, unknown> } | undefined };
  DashRenderer: new () => unknown;
  Plotly: {
    react(graph: HTMLElement, traces: object[], layout: object): Promise<unknown>;
    relayout(graph: HTMLElement, change: object): Promise<unknown>;
  };
  forTests: object;
}

/** What the page of two maps is told with: their keys, the columns that may colour them, the colours of a scale. */
type TwoMaps = { a: string; b: string; columns: string[]; noise: string; ramp: Record<Theme, string[]> & { missing: string } };
/** A row as the server tells it, and whether it is a neighbour by both maps. */
type BesideCard = { row: number; text?: string; path?: string; place: string; thumbnail?: string; cluster_name: string; shared?: boolean; weak?: boolean };
type RowCompared = BesideCard & { cluster: number; cluster_b: number; cluster_name_b: string; overlap: number; near_a: BesideCard[]; near_b: BesideCard[] };
type BesideSide = { run: string; called: string; name: string; clusters: number };
type ColumnKept = { column: string; values: number; rows: number; usual: number; accuracy: number[]; information: number[]; better: number | null; said: string };
type ClusterChange = { cluster: number; name: string; rows: number; became: string; parts: { name: string; share: number }[] };
type Compared = {
  a: BesideSide;
  b: BesideSide;
  k: number;
  said: string[];
  columns: ColumnKept[];
  clusters: ClusterChange[];
  moved: RowCompared[];
};
/** Two maps of the same rows, both in the order of the first one's rows; what is of each comes in a list of two. */
type Both = {
  told: Compared;
  points: Points[];
  labels: Int32Array[];
  /** The row of the first map for each of the second, -1 for none. */
  back: Int32Array;
  /** How many of a row's neighbours are the same, in percent; 255: not compared. */
  overlap: Uint8Array;
  clusters: { clusters: Cluster[]; colors: Record<Theme, string[]> }[];
};
type Coloring = { codes: Uint8Array; colors: string[] };
type Legend = { ramp: string[]; ends: string[]; names: { words: string; color: string }[]; more: number };
/** One of several maps on a page. */
type Pane = {
  root: HTMLElement;
  canvas: HTMLCanvasElement;
  layer: HTMLElement;
  points: Points;
  ink: (Ink & { of: Uint8Array; colors: string[] }) | null;
  seen: Ranges | null;
  /** Whether somebody has moved it from where all of it is in view. */
  moved: boolean;
  /** The row that the keyboard is at, -1: none. */
  cursor: number;
};
type Hand = {
  hover: (row: number, pane: Pane) => void;
  choose: (row: number, pane: Pane) => void;
  draws: (event: PointerEvent) => boolean;
  moved: (pane: Pane, path: number[][]) => void;
  drawn: (pane: Pane, path: number[][]) => void;
};
type BesideShown = {
  focus: number;
  near: { row: number; shared?: boolean }[][] | null;
  hovered: number;
  hits: number[][] | null;
  names: { words: string; x: number; y: number }[][];
  outline: { pane: Pane; path: number[][] } | null;
};
/** The page of two maps: what it shows, and what was asked last. */
type BesidePage = {
  given: TwoMaps;
  both: Both;
  panes: Pane[];
  choice: string;
  column: Column | null;
  coloring: Coloring;
  mask: Mask;
  shown: BesideShown;
  query: string;
  /** What was asked, the last first: the section of each. */
  asked: Map<string, HTMLElement>;
  known: Map<number, BesideCard>;
  frame: number;
};
