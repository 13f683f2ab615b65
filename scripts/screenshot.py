"""Take docs/screenshot.png: the viewer as a person first sees it, in the browser that the tests use.

From the repository's root: make screenshot
"""

import sys

from tests.conftest import ROOT, chromium, free_port, running
from tests.pages import viewer

QUERY = "?dataset=plm/Grunfeld"
TARGET = ROOT / "docs" / "screenshot.png"


def main() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    serve = [sys.executable, "-m", "dataviewer.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    TARGET.parent.mkdir(exist_ok=True)
    with running(serve, f"{url}/healthz", cwd=ROOT), chromium() as browser, viewer(browser, url) as page:
        page.open(QUERY).page.screenshot(path=TARGET)  # 1280 by 900 pixels
    print(f"{TARGET.relative_to(ROOT)} shows {QUERY}")


if __name__ == "__main__":
    main()
