"""A real browser for the pages, found on this machine; without one these tests are skipped."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A Chromium or Chrome that is already installed."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser on this machine (looked for {', '.join(NAMES)})")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Open a file and watch it: any request, error or policy violation fails the test."""
    contexts, troubles = [], []

    def open_page(file: Path, *, width: int = 1440, height: int = 900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        address = file.as_uri()

        def watch(route):
            url = route.request.url
            if url.split("#")[0] != address:
                troubles.append(f"request: {url}")
                return route.abort()
            return route.continue_()

        context.route("**/*", watch)
        page = context.new_page()
        page.add_init_script(
            "window.violations = [];"
            "document.addEventListener('securitypolicyviolation',"
            " (e) => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));"
        )
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("dialog", lambda dialog: (troubles.append("dialog"), dialog.dismiss()))
        page.on("popup", lambda popup: troubles.append(f"popup: {popup.url}"))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            if options_allow_script(page):
                troubles.extend(page.evaluate("window.violations"))
        context.close()
    assert troubles == []


def options_allow_script(page) -> bool:
    """Return whether the page was opened with scripts; a page without them cannot be asked."""
    return page.evaluate("typeof window.violations") == "object"
