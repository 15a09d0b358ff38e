/**
 * The one module that the page loads.  It has every region listen to the page, hands Dash its clientside functions, and
 * starts Dash when all is there that Dash calls: modules run after the page's scripts.  No other module does anything
 * by being imported.
 */
import * as back from "./keys/back.mjs";
import * as making from "./keys/making.mjs";
import * as keys from "./keys/map.mjs";
import * as spoken from "./keys/spoken.mjs";
import * as arrangements from "./map/arrangements.mjs";
import * as camera from "./map/camera.mjs";
import { colorBy, coloring, showColorBy, showPicked, told } from "./map/coloring.mjs";
import * as compose from "./map/compose.mjs";
import { control } from "./map/control.mjs";
import * as cuts from "./map/cuts.mjs";
import { draw } from "./map/draw.mjs";
import * as grid from "./map/grid.mjs";
import * as growing from "./map/growing.mjs";
import * as here from "./map/here.mjs";
import * as key from "./map/key.mjs";
import * as legend from "./map/legend.mjs";
import * as legendAnswers from "./map/legend_answers.mjs";
import * as legendChoices from "./map/legend_choices.mjs";
import * as legendSearch from "./map/legend_search.mjs";
import { neighbors } from "./map/marks.mjs";
import * as overlay from "./map/overlay.mjs";
import * as rangeHandles from "./map/range_handles.mjs";
import { selection } from "./map/selecting.mjs";
import { colorOf } from "./map/shades.mjs";
import * as sight from "./map/sight.mjs";
import { onMap, stats } from "./map/state.mjs";
import * as taken from "./map/taken.mjs";
import * as pictureGrid from "./pictures/grid.mjs";
import * as pictureLayer from "./pictures/layer.mjs";
import * as playing from "./pictures/playing.mjs";
import * as saved from "./pictures/saved.mjs";
import * as search from "./pictures/search.mjs";
import * as pictures from "./pictures/shown.mjs";
import * as sprites from "./pictures/sprites.mjs";
import * as dialog from "./saving/dialog.mjs";
import * as address from "./shell/address.mjs";
import * as cards from "./shell/cards.mjs";
import * as changes from "./shell/changes.mjs";
import { sparing } from "./shell/dash.mjs";
import { focused } from "./shell/focus.mjs";
import * as found from "./shell/found.mjs";
import * as library from "./shell/library.mjs";
import { notice } from "./shell/notices.mjs";
import * as panels from "./shell/panels.mjs";
import * as place from "./shell/place.mjs";
import * as reach from "./shell/reach.mjs";
import { said } from "./shell/say.mjs";
import { asked, box } from "./shell/searching.mjs";
import * as terms from "./shell/terms.mjs";
import * as theme from "./shell/theme.mjs";
import * as types from "./shell/types.mjs";
import * as whose from "./shell/whose.mjs";
import * as space from "./space/space.mjs";
import * as upload from "./upload/upload.mjs";
import * as uploadView from "./upload/view.mjs";

/** What Dash calls, under the names that the panels say. */
const clientside = {
  explorer_map: { draw, control, neighbors, selection },
  explorer_growing: { watch: growing.watch, drawn: growing.drawn },
  explorer_taken: { sentence: taken.sentence, choose: taken.choose, follow: taken.follow },
  explorer_cuts: { offer: cuts.offer, move: cuts.move, kept: cuts.kept, forget: cuts.forgetCut },
  explorer_library: { moved: library.moved },
  explorer_spoken: { run: spoken.run, hits: spoken.hits },
  explorer_search: { clear: search.clear, ready: search.ready, asked, box },
  explorer_shell: { ...place, notice, focused, theme: theme.theme, toggleTheme: theme.toggleTheme, colorBy, showColorBy, showPicked, coloring, told },
};

/** For tests, and for the curious: what is on the map, what it cost, and the parts that tests ask or disturb. */
const forTests = {
  stats,
  said,
  growing: growing.stats,
  map: onMap,
  camera,
  overlay,
  pictures: { ...pictures, forFrame: saved.forFrame },
  sprites,
  arrangements,
  ...grid,
  colorOf,
  paintDensity: compose.paintDensity,
  go: address.go,
  here: address.here,
};

pictureGrid.offer();
const listeners = [
  ...[changes, cuts, here, key, legend, library, compose, pictureLayer, panels, place, playing, rangeHandles, dialog, search, sight, space, taken, terms],
  ...[theme, whose, reach, found],
];
[...listeners, legendAnswers, legendChoices, legendSearch, cards, upload, uploadView, keys, back, making, types].forEach(({ listen }) => listen());
const called = Object.entries(clientside).map(([region, functions]) => [region, sparing(functions)]);
Object.assign(window.dash_clientside, Object.fromEntries(called));
Object.assign(window, { forTests });
new window.DashRenderer();
