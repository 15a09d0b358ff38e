"""Bringing data in by every way the page offers, and looking after what is there."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Request, Route, expect

from tests.browser import samples
from tests.browser.conftest import Tab
from tests.browser.sizes import resize
from tests.servers import Server, until


def unfinished(server: Server) -> set[str]:
    """Return the uploads that the server keeps, which other tests may have left there too."""
    return {path.name for path in (server.workspace / "uploads").iterdir() if len(path.name) == 32}


@pytest.mark.in_turn
def test_a_folder_is_dropped_with_all_that_is_in_it(tab: Tab, tmp_path: Path) -> None:
    folder = tmp_path / "box of pictures"
    for i in range(130):  # more than readEntries gives at a time
        kind = ("discs", "stripes")[i % 2]
        (folder / kind).mkdir(parents=True, exist_ok=True)
        (folder / kind / f"{i:03d}.JPG").write_bytes(samples.picture(kind, i))
    tab.open()
    tab.drop(folder)
    expect(tab.page.locator("[data-testid=preview-count]")).to_have_text("130 rows", timeout=30_000)
    expect(tab.page.locator("[data-testid=preview-pictures] img")).to_have_count(10)
    tab.page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=preview-pictures] img')].every(i => i.naturalWidth > 0)"
    )
    tab.shot("folder")


@pytest.mark.in_turn
def test_several_files_at_once_are_one_dataset(tab: Tab, tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.png" for i in range(3)]
    for i, file in enumerate(files):
        file.write_bytes(samples.picture("checks", i))
    tab.resize(390, 844)
    tab.open()
    tab.page.click("[data-fold=data]")
    tab.choose(*files)
    expect(tab.page.locator("[data-testid=preview-count]")).to_have_text("3 rows")
    expect(tab.page.locator("html")).to_have_attribute("data-side", "closed")  # it lay over what is looked at now
    tab.shot("phone")


@pytest.mark.in_turn
def test_another_text_column_is_another_preview(tab: Tab, tmp_path: Path) -> None:
    source = tmp_path / "two.csv"
    source.write_bytes(
        b"title,body\n"
        + "".join(f"Title café {i},Much longer text about thing {i}\n" for i in range(12)).encode("cp1252")
    )
    tab.open()
    tab.choose(source)
    column = tab.page.locator("#text-column")
    expect(column).to_have_value("body")
    column.click()
    tab.page.get_by_role("option", name="title").click()
    heads = tab.page.locator("[data-testid=preview-table] th")
    expect(heads.first).to_contain_text("title")
    expect(heads.first).to_contain_text("becomes the map")
    expect(heads.nth(1).locator(".note")).to_have_text("12 categories · none missing")
    kind = tab.page.get_by_label("Type of the column body")
    kind.focus()
    tab.page.keyboard.press("t")  # as a person chooses "text" by its letter
    expect(heads.nth(1).locator(".note")).to_have_text("gives no colours · none missing")
    expect(kind).to_be_focused()
    expect(kind).to_have_value("text")
    expect(column).to_have_value("title")
    cell = tab.page.locator("[data-testid=preview-table] td").first
    expect(cell).to_have_text("Title café 0")
    tab.page.locator("#text-more").click()
    tab.page.get_by_role("option", name="body").click()
    tab.page.keyboard.press("Escape")
    expect(cell).to_have_text("Title café 0 Much longer text about thing 0")
    expect(heads.nth(2)).to_contain_text("part of the text")
    how = tab.page.locator("[data-testid=choices-line]")
    expect(how).to_contain_text("encoding Windows-1252")
    how.focus()
    tab.page.keyboard.press("Enter")
    tab.page.locator("[data-testid=choice-encoding]").click()
    tab.page.get_by_role("option", name="Windows-1251").click()
    expect(cell).to_have_text("Title cafй 0 Much longer text about thing 0")  # the columns that were chosen stay
    tab.page.locator("[data-testid=choice-delimiter]").click()
    tab.page.get_by_role("option", name="none").click()  # there is no column "title" then
    expect(tab.page.locator("[data-testid=preview-table] th")).to_have_count(1)
    expect(tab.page.locator("[data-testid=choice-delimiter]")).to_have_value("none – one column")
    tab.shot("choices")


@pytest.mark.in_turn
def test_pasted_text_is_a_dataset(tab: Tab) -> None:
    page = tab.page
    tab.open()
    page.click("[data-testid=paste-open]")
    page.fill("#paste-text", "the first thing\nthe second thing\n")
    page.fill("#paste-name", "From my clipboard")
    tab.shot("paste")
    page.click("[data-testid=paste-send]")
    expect(page.locator(".preview-name")).to_have_text("From my clipboard")
    expect(page.locator("[data-testid=preview-count]")).to_have_text("2 rows")
    expect(page.locator("#paste-text")).not_to_be_visible()


@pytest.mark.in_turn
def test_a_file_with_nothing_usable_says_so_and_changes_nothing(tab: Tab, server: Server, tmp_path: Path) -> None:
    source = tmp_path / "nothing.csv"
    source.write_text("text\n\n \n")
    before, uploads = server.get("/datasets"), unfinished(server)
    tab.open()
    tab.choose(source)
    sentence = tab.page.locator("[data-testid=upload-error]")
    expect(sentence).to_contain_text("nothing.csv")
    tab.shot("refused")
    assert server.get("/datasets") == before
    assert unfinished(server) == uploads
    tab.page.get_by_test_id("upload-progress").get_by_role("button", name="Close").click()
    expect(sentence).to_have_count(0)
    # The browser writes every refused request into its console.
    assert [error for error in tab.errors if "422" in error]
    tab.errors.clear()


@pytest.mark.in_turn
def test_a_broken_connection_is_mended_and_what_comes_is_looked_at_and_explored_when_it_is_read(
    tab: Tab, tmp_path: Path
) -> None:
    source = tmp_path / "large.csv"
    lines = [f"Row {i} says {'words ' * 1_400_000}{i},{i}\n" for i in range(3)]
    source.write_text("text,n\n" + "".join(lines))
    assert source.stat().st_size > 24 * 2**20
    sent: list[str] = []
    reading: list[Route] = []

    def once(route: Route, request: Request) -> None:
        sent.append(request.url.split("offset=")[1])
        if len(sent) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    tab.page.route(
        "**/api/v1/uploads/*/file?*",
        lambda route, asked: once(route, asked) if asked.method == "PUT" else route.continue_(),
    )
    tab.page.route("**/api/v1/uploads/*/done", lambda route: reading.append(route))
    tab.open()
    tab.choose(source)
    tab.page.wait_for_selector("[data-testid=upload-progress][data-state=sending]")
    tab.shot("sending")
    early = tab.page.locator("#early")
    expect(early.locator("[data-testid=early-table] tbody tr")).to_have_count(3, timeout=60_000)
    expect(early.locator("th").first).to_contain_text("text · none missing · 3 distinct")
    tab.shot("early")
    early.get_by_role("button", name="Explore when it is read").click()
    expect(early.get_by_role("button", name="Explores when it is read")).to_have_attribute("aria-pressed", "true")
    until(lambda: reading or tab.page.wait_for_timeout(50), 10, "the question that has it read")
    reading.pop().continue_()
    expect(early).to_be_hidden(timeout=60_000)
    tab.wait_for_map()
    assert sent == ["0", "8388608", "8388608", "16777216", "25165824"]
    assert all("ERR_CONNECTION_RESET" in error for error in tab.errors)
    tab.errors.clear()


@pytest.mark.in_turn
def test_a_cancelled_upload_leaves_nothing(tab: Tab, server: Server, tmp_path: Path) -> None:
    source = tmp_path / "never.csv"
    source.write_bytes(b"text\n" + b"x" * 12 * 2**20)
    run = server.start(server.add("open.txt", b"one thing\nanother thing\nlast thing\n"))
    server.finish(run)
    before, uploads = server.get("/datasets"), unfinished(server)
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    held: list[Route] = []
    tab.page.route("**/api/v1/uploads/*/file?*offset=8388608", lambda route: held.append(route))
    tab.drop(source)
    until(lambda: held or tab.page.wait_for_timeout(50), 20, "the second piece")
    expect(tab.page.locator("[data-testid=upload-progress]")).to_contain_text("8.4 of 12.6 MB")
    expect(tab.page.locator("[data-testid=upload-progress]")).to_be_in_viewport()
    tab.page.get_by_role("button", name="Pause").click()
    expect(tab.page.locator("[data-testid=upload-progress]")).to_contain_text("8.4 of 12.6 MB are kept for a day")
    tab.page.reload()  # and the same file dropped again goes on where the first try stopped
    tab.wait_for_map()
    begun = unfinished(server)
    assert len(begun - uploads) == 1
    tab.drop(source)
    until(lambda: len(held) == 2 or tab.page.wait_for_timeout(50), 20, "the second piece again")
    assert unfinished(server) == begun
    tab.page.click("[data-testid=upload-cancel]")
    tab.page.wait_for_selector("[data-testid=upload-progress][data-state=idle]", state="attached")
    expect(tab.page.locator("[data-upload-live]")).to_have_text("Cancelled. Nothing was added.")
    until(lambda: unfinished(server) == uploads, 10, "the upload to go")
    assert server.get("/datasets") == before


@pytest.mark.in_turn
def test_a_drop_on_the_search_box_is_left_to_the_search(tab: Tab, server: Server, tmp_path: Path) -> None:
    run = server.start(server.add("few.txt", b"one thing\nanother thing\nlast thing\n"))
    server.finish(run)
    before = server.get("/datasets")
    source = tmp_path / "words.csv"
    source.write_text("text\nsomething\n")
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    tab.drop(source, on="#search-zone")
    expect(tab.page.get_by_text("This map's encoder reads words only")).to_be_visible()
    expect(tab.page.locator("#upload-curtain")).not_to_be_visible()
    assert server.get("/datasets") == before


@pytest.mark.in_turn
def test_datasets_are_renamed_opened_and_deleted_with_their_runs(tab: Tab, server: Server) -> None:
    dataset = server.add("to be renamed.txt", b"one thing\nanother thing\n")
    run = server.start(dataset)
    server.finish(run)
    tab.open(f"/?run={run}&row=0")
    tab.wait_for_map()
    expect(tab.page.locator("#side")).to_be_hidden()  # the map has the room
    tab.page.get_by_test_id("point-remove").click()
    tab.page.wait_for_function(MAP_BELOW_CHANGES)
    tab.page.click("[data-fold=library]")
    row = tab.page.locator(f"[data-testid=library-dataset][data-key='{dataset}']")
    row.locator("[data-library=ask-rename]").click()
    field = row.locator("input")
    expect(field).to_be_focused()
    tab.page.keyboard.type("A better name")
    tab.page.keyboard.press("Enter")
    expect(row).to_contain_text("A better name")
    assert "A better name" in [one["name"] for one in server.get("/datasets")["datasets"]]

    row.locator("[data-library=ask-describe]").click()
    tab.page.get_by_label("Description of A better name").fill("From the <b>attic</b>.\nTwo things.")
    row.locator("[data-library=describe]").click()
    expect(row.get_by_test_id("library-note")).to_have_text("From the <b>attic</b>.\nTwo things.")
    with tab.page.expect_download() as saved:
        row.locator("a[download]").click()
    assert saved.value.suggested_filename == "A better name.zip"

    paste_rows(tab, row)
    row.locator("[data-library=delete]").hover()  # in sight
    size = row.evaluate("row => [row.offsetWidth, row.offsetHeight]")
    row.locator("[data-library=delete]").dblclick()  # the second press is on nothing
    expect(row.get_by_role("button", name="Undo")).to_be_visible()
    assert row.evaluate("row => [row.offsetWidth, row.offsetHeight]") == size
    bar = tab.page.locator(".undo-bar")
    expect(bar).to_contain_text("“A better name” and its 1 map deleted.")
    expect(tab.page.locator(".undo-back")).to_be_focused()
    tab.shot("undo")
    wide = tab.page.viewport_size
    resize(tab.page, {"width": 390, "height": 844})
    assert bar.bounding_box()["height"] < 120
    resize(tab.page, wide)
    tab.page.reload()
    expect(bar).to_contain_text("“A better name” and its 1 map deleted.")  # the server has it still
    assert dataset in [one["dataset"] for one in server.get("/datasets")["datasets"]]
    tab.page.locator(".undo-back").press("Enter")
    expect(bar).to_have_count(0)
    tab.page.click("[data-fold=library]")
    expect(row.locator("[data-library=delete]")).to_be_visible()
    row.locator("[data-library=delete]").click()
    tab.page.click(".undo-now")
    expect(row).to_have_count(0)
    expect(tab.page.locator(f"[data-testid=library-run][data-key='{run}']")).to_have_count(0)
    assert dataset not in [one["dataset"] for one in server.get("/datasets")["datasets"]]
    assert "run=" not in tab.page.url


MAP_BELOW_CHANGES = """() => {
  const [bar, map] = ['#changes > .changes-bar', '#map-holder'].map(each => document.querySelector(each));
  return bar && bar.getBoundingClientRect().bottom <= map.getBoundingClientRect().top;
}"""


REACHED = "all => all.filter(one => one.checkVisibility({ visibilityProperty: true })).map(one => one.outerHTML)"


def paste_rows(tab: Tab, row: Locator) -> None:
    """Paste rows to a dataset of which one is to go, one of them empty; have that told no more; then go back."""
    row.get_by_test_id("paste-rows").click()
    field = tab.page.get_by_test_id("library-pasted")
    expect(field).to_be_focused()
    expect(row).to_contain_text("In the same version: To remove: 1 row.")
    field.fill("text\tn\nOne more of them.\t1\n\t2\nAnd yet another.\t3")
    tab.page.get_by_test_id("paste-rows-send").click()
    made = tab.page.get_by_test_id("version-of")
    expect(made).to_have_text("Version 2 of “A better name”: 2 rows added, 1 row removed.")
    expect(field).to_have_count(0)
    expect(tab.page.get_by_test_id("preview-count")).to_contain_text("1 row left out")
    expect(tab.page.get_by_test_id("place-rows")).to_have_text("Place on “Map of 2 texts”")
    tab.page.get_by_test_id("place-rows").click()
    tab.page.get_by_test_id("placed-rows").click(timeout=60_000)
    expect(tab.page.get_by_test_id("selection-csv")).to_be_visible()
    expect(tab.page.locator("#selection-panel")).to_contain_text("2 rows selected")
    tab.page.go_back()
    tab.page.go_back()
    tab.page.get_by_test_id("rejected-show").click()
    tab.page.get_by_test_id("hide-rejected").click()
    expect(made).to_contain_text("Version 3 of “A better name”: 1 row that could not be read no longer listed.")
    expect(tab.page.get_by_test_id("rejected-show")).to_have_count(0)
    beneath = tab.page.locator("#map-holder :is(button, input, summary, [tabindex])")
    assert beneath.count()
    assert not beneath.evaluate_all(REACHED), "the Tab key reaches what the preview covers"
    tab.page.click("[data-leave-preview]")
    expect(tab.page.get_by_test_id("point-remove")).to_be_visible()
    expect(tab.page.locator("#changes > *")).to_have_count(0)
    tab.page.click("[data-fold=library]")  # it gave way to the map


@pytest.mark.in_turn
def test_files_can_be_chosen_with_the_keyboard_alone(tab: Tab, tmp_path: Path) -> None:
    tab.open()
    for key, rows in (("Enter", 2), ("Space", 3)):
        source = tmp_path / f"{key}.txt"
        source.write_text("typed, not clicked\n" * rows)
        tab.page.focus("[data-testid=upload-files]")
        tab.page.keyboard.press(key)
        tab.answer_dialog(source)
        expect(tab.page.locator("[data-testid=preview-count]")).to_have_text(f"{rows} rows")
