"""Measures a page: whether it is as large as its window, and what is pressed on it at least 24 pixels high and wide."""

from zlib import crc32

from playwright.sync_api import Page, ViewportSize

WIDTHS = (1440, 1024, 390)
SMALL = """() => {
  const pressed = 'a[href], button, input, select, textarea, summary, [role=tab], [role=slider], [role=option]';
  const seen = { visibilityProperty: true, opacityProperty: true };
  const isWord = one => getComputedStyle(one).display === 'inline'
    && one.parentElement.textContent.trim() !== one.textContent.trim();
  const size = one => [one, ...(one.labels || [])].map(part => part.getBoundingClientRect())
    .reduce(([w, h], box) => [Math.max(w, box.width), Math.max(h, box.height)], [0, 0]);
  return [...document.querySelectorAll(pressed)]
    .filter(one => one.checkVisibility(seen) && !one.closest('.js-plotly-plot, svg') && !isWord(one))
    .map(one => [one, ...size(one)])
    .filter(([, w, h]) => w > 1 && h > 1 && Math.min(w, h) < 23.5)
    .map(([one, ...size]) => `${one.outerHTML.slice(0, 160)}: ${size.map(Math.round).join(' × ')} pixels`);
}"""
"""What is seen and pressed, is no word of a sentence, and smaller than 24 pixels."""
GLUED = r"""() => {
  const inline = one => one?.nodeType === 1 && /^inline/.test(getComputedStyle(one).display) && one.checkVisibility();
  const words = one => one.innerText || '';
  return [...document.querySelectorAll('#shell :not(svg *)')]
    .filter(one => inline(one) && inline(one.nextSibling))
    .filter(one => /[\p{L}\p{N}]$/u.test(words(one)) && /^[\p{L}\p{N}]/u.test(words(one.nextSibling)))
    .map(one => `${words(one).slice(-30)}|${words(one.nextSibling).slice(0, 30)}`);
}"""
"""Words of a line that nothing but a margin holds apart: read aloud, copied or searched they are one."""
FAULTS = (
    f"""() => {{
  const small = {SMALL}, glued = {GLUED};
"""
    + """  const root = document.documentElement, shell = document.getElementById('shell');
  const bodies = [...document.querySelectorAll('.tab-body')];
  const { side, inspector } = root.dataset, looked = shell.classList.contains('has-dataset'), grown = [];
  const look = screen => {
    const sizes = [['window', root.scrollWidth - innerWidth, root.scrollHeight - innerHeight]];
    for (const name of ['body', '#shell', '.top', '#stage', '.stage-body', '#side', '#inspector']) {
      const one = document.querySelector(name);
      sizes.push([name, one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]);
    }
    grown.push(...small().map(one => [screen, one]));
    if (innerWidth === """
    + str(WIDTHS[0])
    + """) grown.push(...glued().map(one => [screen, 'glued', one]));
    grown.push(...sizes.filter(([, wider, taller]) => wider > 0 || taller > 0).map(size => [screen, ...size]));
  };
  look('as it is');
  Object.assign(root.dataset, { side: 'open', inspector: 'closed' });
  look('side');
  Object.assign(root.dataset, { side: 'closed', inspector: 'open' });
  const shown = bodies.map(body => body.style.display);
  for (const body of bodies) {
    for (const other of bodies) other.style.display = other === body ? 'block' : 'none';
    look(body.getAttribute('aria-labelledby'));
  }
  bodies.forEach((body, at) => { body.style.display = shown[at]; });
  shell.classList.add('has-dataset');
  look('preview');
  shell.classList.toggle('has-dataset', looked);
  Object.assign(root.dataset, { side, inspector });
  return grown;
}"""
)
"""What is larger than it may be, and by how much – the window, and all in it that does not scroll –, or too small to
press, or glued together; with every panel, every tab and the preview on screen in turn, within a moment in which
nothing is drawn."""


def resize(page: Page, size: ViewportSize) -> None:
    """Make a window another size, and see its page through what it does about that: else a panel folds a moment later.

    In the first frame the page's listeners are told how wide the window is; by the second it has been laid out anew.
    """
    page.set_viewport_size(size)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")


def faults(page: Page, name: str) -> list[str]:
    """Return a sentence for each width at which something is too large or too small; the window keeps the last one.

    Looked at are a phone's width and, by the test's *name*, another: each of them costs a test a twentieth of its time.
    """
    found = []
    for width in (WIDTHS[crc32(name.encode()) % 2], WIDTHS[2]):
        page.set_viewport_size({"width": width, "height": 800})
        wrong = page.evaluate(FAULTS)
        if wrong:
            found.append(
                f"at {width} px the page is larger than its window, or something on it too small or glued: {wrong}"
            )
    return found
