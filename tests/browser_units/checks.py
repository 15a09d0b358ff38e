"""The types and the style of the browser's code: ``python -m tests.browser_units.checks``."""

import sys

from tests.browser_units import node

HERE = "tests/browser_units"
CHECKS = {
    "tsc": (f"{HERE}/node_modules/typescript/bin/tsc", "--project", f"{HERE}/tsconfig.json"),
    "eslint": (
        f"{HERE}/node_modules/eslint/bin/eslint.js",
        *("--max-warnings", "0", "--config", f"{HERE}/eslint.config.js", "assets", HERE),
    ),
}


def main() -> int:
    node.install()
    failed = []
    for name, arguments in CHECKS.items():
        done = node.run(*arguments)
        if done.returncode != 0:
            print(done.stdout)
            failed.append(name)
    print(
        f"The browser's code fails {' and '.join(failed)}." if failed else "The browser's code: types and style hold."
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
