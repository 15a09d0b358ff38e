/* What the page has beside our modules: Dash, Plotly, and the object for tests. */

interface DashClientside {
  set_props(id: string, props: Record<string, unknown>): void;
  no_update: unknown;
  callback_context: { triggered_id: string | undefined };
}

interface Plotly {
  react(graph: HTMLElement, traces: object[], layout: object): Promise<unknown>;
  relayout(graph: HTMLElement, change: object): Promise<unknown>;
}

interface Window {
  dash_clientside: DashClientside;
  DashRenderer: new () => unknown;
  Plotly: Plotly;
  forTests: object;
}
